import { readFile } from "node:fs/promises";
import { shapeText } from "../../architecture/shape-text.ts";
import { type VerifyReport, verifyTrace } from "../../train/verify.ts";
import { openTunedDevice } from "../device/tuned-device.ts";
import { plural, short, table } from "../printing/format.ts";
import { EXIT_FAILURE, type Terminal, UsageError } from "../printing/terminal.ts";

export interface VerifyOptions {
	json?: boolean;
	adapter?: string;
	/** Largest relative difference of any loss. */
	lossTolerance?: string;
	/** Largest difference of a gradient at step 0, relative to its tensor's largest entry. */
	gradientTolerance?: string;
}

export const LOSS_TOLERANCE = "2e-5";
export const GRADIENT_TOLERANCE = "2e-4";

/** `isoflop verify`: repeats the steps of a trace on the GPU. Exit code 1 if losses or gradients differ too much. */
export async function verifyCommand(terminal: Terminal, path: string, options: VerifyOptions): Promise<number> {
	const lossTolerance = tolerance("--loss-tolerance", options.lossTolerance ?? LOSS_TOLERANCE);
	const gradientTolerance = tolerance("--gradient-tolerance", options.gradientTolerance ?? GRADIENT_TOLERANCE);
	const bytes = await readTraceFile(path);
	const report = await verifyTrace(await openTunedDevice(terminal, options.adapter), bytes);
	// A difference of NaN must not pass.
	const passes = report.loss <= lossTolerance && report.gradient <= gradientTolerance;
	if (options.json) terminal.json({ file: path, passes, lossTolerance, gradientTolerance, ...report });
	else for (const line of reportLines(report, lossTolerance, gradientTolerance)) terminal.print(line);
	terminal.say(`${path}: ${passes ? "agrees" : "DIFFERS"}`);
	return passes ? 0 : EXIT_FAILURE;
}

function tolerance(name: string, text: string): number {
	const value = Number(text);
	if (text.trim() === "" || !(value >= 0 && value < Infinity))
		throw new UsageError(`${name} is "${text}"; it must be a nonnegative number`);
	return value;
}

async function readTraceFile(path: string): Promise<Uint8Array> {
	try {
		return await readFile(path);
	} catch (error) {
		throw new UsageError(
			`verify: "${path}" cannot be read (${(error as NodeJS.ErrnoException).code}); give a trace, a .safetensors file`,
		);
	}
}

function reportLines(report: VerifyReport, lossTolerance: number, gradientTolerance: number): string[] {
	const { vocabulary, context, tied } = report.model;
	const [worst] = Object.entries(report.gradients).sort(([, a], [, b]) => b - a);
	return [
		`${plural(report.steps, "step")} of ${shapeText(report.model)}, ` +
			`vocabulary ${vocabulary}, context ${context}, ${tied ? "tied" : "untied"} head, on ${report.adapter} ` +
			`(${short(report.bytes)}B of GPU buffers)`,
		...table([
			["largest relative difference", "found", "limit"],
			["loss, all steps", report.loss.toExponential(2), lossTolerance.toExponential(0)],
			["gradient norm, all steps", report.gradientNorm.toExponential(2), ""],
			[
				`gradient, step 0 (${worst?.[0] ?? "none"})`,
				report.gradient.toExponential(2),
				gradientTolerance.toExponential(0),
			],
		]),
	];
}
