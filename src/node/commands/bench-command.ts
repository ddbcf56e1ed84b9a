import { type BenchmarkEvent, benchmark, type StepRow } from "../../bench/benchmark.ts";
import { WORKLOADS } from "../../bench/workloads.ts";
import { openTunedDevice } from "../device/tuned-device.ts";
import { table } from "../printing/format.ts";
import { EXIT_FAILURE, type Terminal, UsageError } from "../printing/terminal.ts";
import { numberOption } from "./number-option.ts";

export interface BenchOptions {
	json?: boolean;
	adapter?: string;
	/** Comma-separated ids of workloads. */
	workloads?: string;
	/** Comma-separated pack sizes; by default those of each workload. */
	packs?: string;
	steps?: string;
	kernels?: boolean;
}

export const DEFAULT_STEPS = "5";

/** `isoflop bench`: times training steps. Exit code 1 if a workload's losses differ from the reference's. */
export async function benchCommand(terminal: Terminal, options: BenchOptions): Promise<number> {
	const workloads = chosenWorkloads(options.workloads);
	const packs = options.packs?.split(",").map((text) => numberOption("--packs", text, 1, 64, true));
	const steps = numberOption("--steps", options.steps ?? DEFAULT_STEPS, 1, 1000, true);
	const gpu = await openTunedDevice(terminal, options.adapter);
	const rows: StepRow[] = [];
	let matmul: Extract<BenchmarkEvent, { type: "matmul" }>["matmul"] | undefined;
	let copy = 0;
	const perKernel = options.kernels ?? options.json ?? false;
	for await (const event of benchmark(gpu, { workloads, ...(packs && { packs }), steps, perKernel })) {
		if (event.type === "matmul") matmul = event.matmul;
		else if (event.type === "copy") copy = event.gigabytes;
		else {
			rows.push(event.row);
			terminal.say(
				`${event.row.workload}, pack of ${event.row.runs}: ${event.row.milliseconds.toFixed(2)} ms per step`,
			);
		}
	}
	if (options.json) terminal.json({ adapter: gpu.name, matmul, copy, rows });
	else {
		const { gflops, side, variant } = matmul!;
		const product = `fastest matrix product ${gflops.toFixed(1)} GFLOP/s`;
		terminal.print(`${gpu.name}: ${product} (linear ${variant}, ${side} × ${side} × ${side})`);
		terminal.print(`fastest copy ${copy.toFixed(1)} GB/s, read and written`);
		for (const line of stepTable(rows)) terminal.print(line);
		if (perKernel) for (const row of rows) for (const line of kernelTable(row, gflops, copy)) terminal.print(line);
	}
	const invalid = rows.filter(({ valid }) => !valid);
	for (const { workload, runs } of invalid)
		terminal.say(`${workload}, pack of ${runs}: its losses differ from the reference's, so its times are meaningless`);
	return invalid.length ? EXIT_FAILURE : 0;
}

function chosenWorkloads(text: string | undefined) {
	if (text === undefined) return WORKLOADS;
	return text.split(",").map((id) => {
		const found = WORKLOADS.find((workload) => workload.id === id.trim());
		if (found) return found;
		throw new UsageError(
			`--workloads: "${id}" is not a workload; the workloads are ${WORKLOADS.map(({ id }) => id).join(", ")}`,
		);
	});
}

const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;

function stepTable(rows: readonly StepRow[]): string[] {
	const header = [
		"step",
		"pack",
		"ms",
		"tokens/s",
		"of pack 1",
		"GFLOP/s",
		"of matmul",
		"dispatches",
		"MB",
		"encoding",
	];
	return table([
		header,
		...rows.map((row) => [
			row.workload,
			String(row.runs),
			row.milliseconds.toFixed(2),
			Math.round(row.tokensPerSecond).toLocaleString("en-US"),
			row.speedup === null ? "" : `× ${row.speedup.toFixed(2)}`,
			row.gflops.toFixed(2),
			percent(row.share),
			String(row.dispatches),
			(row.bytes / 1e6).toFixed(1),
			percent(row.encodeMilliseconds / row.milliseconds),
		]),
	]);
}

/** A kernel that reaches less than this share of both ceilings is bound by neither. */
const BOUND = 0.1;

/** Which of the ceilings a kernel is nearer to; neither where it is mostly launches and waits. */
function boundBy(ofMatmul: number, ofCopy: number): string {
	if (Math.max(ofMatmul, ofCopy) < BOUND) return "neither";
	return ofMatmul > ofCopy ? "arithmetic" : "memory";
}

function kernelTable({ workload, runs, kernels }: StepRow, matmul: number, copy: number): string[] {
	const rows = kernels.map(({ kernel, dispatches, milliseconds, gflops, gigabytes }) => {
		const [ofMatmul, ofCopy] = [(gflops ?? 0) / matmul, gigabytes / copy];
		return [
			...[kernel, String(dispatches), milliseconds.toFixed(2)],
			...(gflops === null ? ["", ""] : [gflops.toFixed(2), percent(ofMatmul)]),
			...[gigabytes.toFixed(2), percent(ofCopy), boundBy(ofMatmul, ofCopy)],
		];
	});
	const header = [
		`${workload}, pack of ${runs}`,
		"dispatches",
		"ms",
		"GFLOP/s",
		"of matmul",
		"GB/s",
		"of copy",
		"bound by",
	];
	return ["", ...table([header, ...rows])];
}
