import { expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { validationStarts } from "../../src/data/batches.ts";
import type { RunCorpora, TokenizedCorpus } from "../../src/data/corpus.ts";
import { randomBits } from "../../src/maths/random.ts";
import { Inference } from "../../src/model/inference.ts";
import { initialParameters } from "../../src/model/init.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import { parametersOf } from "../../src/train/checkpoint.ts";
import { train } from "../../src/train/train.ts";
import { testGpu } from "../gpu/open.ts";

const model = modelConfig({ vocabulary: 40, context: 8, width: 12, layers: 1, heads: 3 });

/** Each corpus counts by a step of its own, so that a model that knows one is lost in another. */
function corpus(id: string, step: number): TokenizedCorpus {
	const stream = (length: number, key: number) => {
		const tokens = new Uint16Array(length);
		for (let i = 1; i < length; i++) tokens[i] = (tokens[i - 1]! + step + (randomBits(key, i) % 2)) % model.vocabulary;
		return tokens;
	};
	return { corpus: { id, hash: id }, vocabulary: 40, train: stream(4000, 1), validation: stream(900, 2) };
}

const sevens = corpus("sevens", 7);
const threes = corpus("threes", 3);
const both = [
	{ id: "sevens", hash: "sevens", weight: 0.5 },
	{ id: "threes", hash: "threes", weight: 0.5 },
];

function planned(id: string, data: Partial<RunSpec> = {}): PlannedRun {
	const optimizer = { kind: "adamw", learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, clip: 1 } as const;
	return {
		id,
		spec: {
			...{ model, seed: 1, corpus: { id: "sevens", hash: "sevens" }, evaluations: [{ id: "threes", hash: "threes" }] },
			optimizer: { ...optimizer, weightDecay: 0.1, decay: "coupled" },
			schedule: { kind: "constant", warmupSteps: 3, floor: 1 },
			...{ batchSequences: 6, microBatchSequences: 3, steps: 60, validationSequences: 9 },
			...data,
		},
	};
}

async function results(runs: PlannedRun[]): Promise<RunResult[]> {
	const corpora = runs.map(
		({ spec }): RunCorpora => ({
			training: spec.corpus.mix ? [sevens, threes] : [sevens],
			evaluations: [threes],
		}),
	);
	for await (const event of train(await testGpu(), runs, corpora)) if (event.type === "end") return event.results;
	throw new Error("train ended without results");
}

test("runs with other data choices share a pack to the same bits, and the choices tell in the losses", async () => {
	const runs = [
		planned("plain"),
		planned("epochs", { sampling: "epochs" }),
		planned("few", { sampling: "epochs", corpus: { id: "sevens", hash: "sevens", uniqueTokens: 60 } }),
		planned("mixed", { corpus: { id: "both", hash: "both", mix: both } }),
	];
	const [plain, epochs, few, mixed] = await results(runs);
	for (const [i, together] of [plain, epochs, few, mixed].entries())
		expect(await results([runs[i]!])).toEqual([together]);
	const own = (result: RunResult | undefined) => result!.validationLoss!;
	const other = (result: RunResult | undefined) => result!.evaluations!.threes!;
	// What it has not learned is worse than guessing among 40; what it has seen in a mix is not.
	expect(own(plain)).toBeLessThan(2.5);
	expect(other(plain)).toBeGreaterThan(Math.log(40));
	expect(other(mixed)).toBeLessThan(2.8);
	expect(own(epochs)).not.toBe(own(plain));
	expect(Math.abs(own(epochs) - own(plain))).toBeLessThan(0.3);
	// Sixty tokens over and over: the training loss falls below the validation loss.
	expect(few!.curve.loss.at(-1)!).toBeLessThan(own(few) - 0.1);
	expect(epochs!.curve.loss.at(-1)!).toBeGreaterThan(own(epochs) - 0.1);
});

test("the weights after the last step have the validation loss on the CPU too", async () => {
	let weights = new Map<string, Float32Array>();
	const run = planned("kept");
	const events = train(await testGpu(), [run], [{ training: [sevens], evaluations: [threes] }], {
		checkpointLast: true,
	});
	for await (const event of events) {
		if (event.type === "checkpoint") weights = parametersOf(event.checkpoints[0]!);
		if (event.type !== "end") continue;
		const cpu = new Inference(model, weights);
		let sum = 0;
		for (const { start } of validationStarts([{ stream: sevens.validation, weight: 1 }], 9, model.context)) {
			cpu.reset();
			for (let t = start; t < start + model.context; t++) {
				const logits = cpu.next(sevens.validation[t]!);
				const total = logits.reduce((all, logit) => all + Math.exp(logit), 0);
				sum += Math.log(total) - logits[sevens.validation[t + 1]!]!;
			}
		}
		expect(Math.abs(sum / (9 * model.context) / event.results[0]!.validationLoss! - 1)).toBeLessThan(1e-5);
	}
	expect(weights.size).toBeGreaterThan(0);
});

test("runs begin with given weights in place of their seed's", async () => {
	const withInitial = async (seed: number) => {
		const corpora = [{ training: [sevens], evaluations: [threes] }];
		const initial = initialParameters(model, seed);
		for await (const event of train(await testGpu(), [planned("plain")], corpora, { initial }))
			if (event.type === "end") return event.results;
		throw new Error("train ended without results");
	};
	const plain = await results([planned("plain")]);
	expect(await withInitial(1)).toEqual(plain);
	expect(await withInitial(2)).not.toEqual(plain);
});

test("more unique tokens than the text has", async () => {
	const run = planned("greedy", { corpus: { id: "sevens", hash: "sevens", uniqueTokens: 4001 } });
	await expect(results([run])).rejects.toThrow(
		"uniqueTokens is 4001; it must be at most 4000, the training tokens of the corpus",
	);
});
