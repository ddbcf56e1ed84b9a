import "../gpu/compile-faster.ts";
import { describe, expect, test } from "vitest";
import { readSafetensors, writeSafetensors } from "../../src/data/safetensors.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import { type Checkpoint, checkUsable, decodeCheckpoint, encodeCheckpoint } from "../../src/train/checkpoint.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { testGpu } from "../gpu/open.ts";
import { corpus, madeRun, only } from "./made.ts";

const STEPS = 40;
const STOPS = 50;
const PER_CHAIN = 10;

/** Trains until a checkpoint after `stop` is there, or to the end. */
async function trainUntil(stop: number, runs: PlannedRun[], options: TrainOptions) {
	const training = train(
		await testGpu(),
		runs,
		runs.map(() => only(corpus)),
		{ ...options, checkpointAt: [stop], checkpointLast: true },
	);
	let checkpoints: Checkpoint[] = [];
	let results: RunResult[] | undefined;
	let points = 0;
	for await (const event of training) {
		if (event.type === "progress") points += event.runs[0]!.points.length;
		if (event.type === "checkpoint") checkpoints = event.checkpoints;
		if (event.type === "checkpoint" && event.step === stop && stop < STEPS) break;
		if (event.type === "end") results = event.results;
	}
	return { checkpoints, results, points };
}

const bitsOf = ({ weights }: Checkpoint) =>
	Object.fromEntries([...weights].map(([name, { data }]) => [name, new Uint32Array((data as Float32Array).buffer)]));

const shapes: { name: string; runs: PlannedRun[] }[] = [
	{
		name: "AdamW in micro-batches, an average, evaluations at set times; a pack of two",
		runs: [
			madeRun("a", { steps: STEPS, ema: 0.9, validationEvery: 7 }),
			madeRun("b", { steps: STEPS, ema: 0.99, validationEvery: 7, seed: 3 }),
		],
	},
	{
		name: "SGD, untied, ragged, a warmup with decay after a plateau",
		runs: [
			madeRun("c", {
				...{ steps: STEPS, batchSequences: 5, microBatchSequences: 5, validationSequences: 5 },
				model: { context: 5, width: 9, layers: 2, tied: false },
				optimizer: { kind: "sgd", learningRate: 0.1, decay: "independent", weightDecay: 0.001 },
				schedule: { kind: "wsd", warmupSteps: 4, floor: 0, cooldown: "1-sqrt", cooldownSteps: 10 },
			}),
		],
	},
	{
		name: "an LSTM of two layers by AdamW in micro-batches, a pack of two",
		runs: [3, 4].map((seed) =>
			madeRun(`lstm ${seed}`, { steps: STEPS, seed, ema: 0.9, model: { architecture: "lstm", layers: 2 } }),
		),
	},
	{
		name: "Muon, an average; a pack of two, with matrices too wide for a workgroup",
		runs: [0.01, 0.003].map((learningRate, i) =>
			madeRun(`m${i}`, {
				...{ steps: STEPS, ema: 0.9, batchSequences: 3, microBatchSequences: 3 },
				...{ model: { width: 36 }, optimizer: { kind: "muon", learningRate } },
			}),
		),
	},
	{
		name: "Lion, and one of the pack diverges on the way",
		runs: [
			madeRun("d", { steps: STEPS, optimizer: { kind: "lion", learningRate: 0.001 } }),
			madeRun("e", {
				...{ steps: STEPS, optimizer: { kind: "lion", learningRate: 1e30 } },
				schedule: {
					...{ kind: "piecewise", warmupSteps: 0, floor: 0 },
					points: [
						[0, 0],
						[0.5, 0],
						[1, 1],
					],
				},
			}),
		],
	},
];

describe("stopped at any step, and gone on with from a file: the same bits, and the same record", () => {
	test.each(shapes)("$name", async ({ runs }) => {
		const undisturbed = await trainUntil(STEPS, runs, {});
		expect(undisturbed.checkpoints[0]!.step).toBe(STEPS);
		const key = randomKey(5, runs[0]!.id);
		for (let chain = 0; chain < STOPS / PER_CHAIN; chain++) {
			const stops = new Set<number>();
			for (let draw = 0; stops.size < PER_CHAIN; draw++)
				stops.add(1 + (randomBits(key, 1000 * chain + draw) % (STEPS - 1)));
			let from: Checkpoint[] | undefined;
			for (const stop of [...stops].sort((a, b) => a - b)) {
				const { checkpoints, results } = await trainUntil(stop, runs, from ? { from } : {});
				expect(results).toBeUndefined();
				from = checkpoints.map((checkpoint) => decodeCheckpoint(encodeCheckpoint(checkpoint)));
				expect(from.map(({ step }) => step)).toEqual(runs.map(() => stop));
			}
			const end = await trainUntil(STEPS, runs, { from: from! });
			expect(end.results).toEqual(undisturbed.results);
			expect(end.points).toBe(undisturbed.points);
			for (const [i, checkpoint] of end.checkpoints.entries())
				expect(bitsOf(checkpoint), `after stops at ${[...stops]}`).toEqual(bitsOf(undisturbed.checkpoints[i]!));
		}
	});

	test("a checkpoint of the last step gives the same result at once", async () => {
		const { runs } = shapes[0]!;
		const { checkpoints, results } = await trainUntil(STEPS, runs, {});
		expect((await trainUntil(STEPS, runs, { from: checkpoints })).results).toEqual(results);
	});
});

test("a run continues in another pack to the same bits", async () => {
	const { runs } = shapes[0]!;
	const { checkpoints } = await trainUntil(20, runs, {});
	const together = await trainUntil(STEPS, runs, { from: checkpoints });
	const alone = await trainUntil(STEPS, [runs[1]!], { from: [checkpoints[1]!] });
	expect(alone.results![0]).toEqual(together.results![1]);
});

test("aborting ends after the step at hand, with a checkpoint of it", async () => {
	const run = madeRun("a", { steps: 2000 });
	const abort = new AbortController();
	const events: string[] = [];
	let checkpoint: Checkpoint | undefined;
	for await (const event of train(await testGpu(), [run], [only(corpus)], {
		...{ checkpointEvery: Number.POSITIVE_INFINITY, signal: abort.signal },
	})) {
		events.push(event.type);
		if (event.type === "progress") abort.abort();
		if (event.type === "checkpoint") checkpoint = event.checkpoints[0];
	}
	expect(events.at(-1)).toBe("checkpoint");
	expect(events).not.toContain("end");
	expect(checkpoint!.step).toBe(checkpoint!.record.step);
	expect(checkpoint!.step).toBeLessThan(2000);
});

test("checkpoints come as often as asked for, between steps", async () => {
	const seen: number[] = [];
	for await (const event of train(await testGpu(), [madeRun("a", { steps: 400 })], [only(corpus)], {
		checkpointEvery: 100,
	}))
		if (event.type === "checkpoint") seen.push(event.step);
	expect(seen.length).toBeGreaterThan(1);
	expect(new Set(seen).size).toBe(seen.length);
});

describe("a file that is no checkpoint", () => {
	const file = async () => encodeCheckpoint((await trainUntil(3, shapes[1]!.runs, {})).checkpoints[0]!);
	const changed = async (change: (metadata: Record<string, string>) => void) => {
		const { metadata, tensors } = readSafetensors(await file());
		change(metadata);
		return () => decodeCheckpoint(writeSafetensors(tensors, metadata));
	};

	test("is refused, and what is wrong with it named", async () => {
		const bytes = await file();
		expect(() => decodeCheckpoint(bytes.slice(0, -1))).toThrow("within the file");
		expect(() => decodeCheckpoint(writeSafetensors(new Map()))).toThrow("checkpoint: metadata.format");
		expect(await changed((m) => (m.format = "isoflop checkpoint 2"))).toThrow("checkpoint: metadata.format");
		expect(await changed((m) => (m.step = "-1"))).toThrow("checkpoint: metadata.step");
		expect(await changed((m) => (m.record = "{"))).toThrow("checkpoint: metadata.record");
		expect(await changed((m) => (m.record = m.record!.replace('"edge":', '"edgy":')))).toThrow("metadata.record.curve");
	});

	test("or of another shape: its tensor is named", async () => {
		const { checkpoints } = await trainUntil(3, shapes[1]!.runs, {});
		checkpoints[0]!.weights.delete("m.wpe.weight");
		await expect(trainUntil(STEPS, shapes[1]!.runs, { from: checkpoints })).rejects.toThrow(
			"checkpoint: m.wpe.weight is missing; it must be F32 [5,9]",
		);
	});
});

test("checkpoints are of one adapter, also those that name it as it once was named", () => {
	const made = { adapter: "NVIDIA: 550.54", variants: {} } as Partial<Checkpoint> as Checkpoint;
	expect(() => checkUsable(made, "nvidia hopper h100 (NVIDIA: 550.54)")).not.toThrow();
	expect(() => checkUsable(made, "nvidia hopper h100 (NVIDIA: 560.1)")).toThrow(
		"it was made on NVIDIA: 550.54, this is",
	);
	const now = { ...made, adapter: "nvidia hopper h100 (NVIDIA: 550.54)" };
	expect(() => checkUsable(now, "nvidia ampere a100 (NVIDIA: 550.54)")).toThrow("adapters round differently");
});
