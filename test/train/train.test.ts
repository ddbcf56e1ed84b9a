import { expect, test } from "vitest";
import type { RunCorpora, TokenizedCorpus } from "../../src/data/corpus.ts";
import { randomBits } from "../../src/data/random.ts";
import { modelConfig } from "../../src/model/config.ts";
import type { PlannedRun } from "../../src/study/events.ts";
import type { RunResult } from "../../src/study/run-result.ts";
import { train } from "../../src/train/train.ts";
import { testGpu } from "../gpu/open.ts";

const model = modelConfig({ vocabulary: 40, context: 8, width: 12, layers: 1, heads: 3, tied: true });

/** A stream in which the next token is nearly certain: there is something to learn. */
function corpus(key: number): TokenizedCorpus {
	const stream = (length: number, from: number) =>
		Uint16Array.from({ length }, (_, i) => (7 * (i + from) + (randomBits(key, i) % 2)) % model.vocabulary);
	return { corpus: { id: "made", hash: `${key}` }, vocabulary: 40, train: stream(4000, 0), validation: stream(900, 3) };
}

function planned(id: string, change: { learningRate?: number; seed?: number; beta2?: number } = {}): PlannedRun {
	const { seed = 1, ...rest } = change;
	const base = { learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, clip: 1 };
	return {
		id,
		spec: {
			...{ model, seed, corpus: { id: "made", hash: "" } },
			optimizer: { kind: "adamw", decay: "coupled", ...base, ...rest },
			schedule: { kind: "cosine", warmupSteps: 3, floor: 0.1 },
			...{ batchSequences: 6, microBatchSequences: 3, steps: 60, validationSequences: 9 },
		},
	};
}

const only = (corpus: TokenizedCorpus): RunCorpora => ({ training: [corpus], evaluations: [] });

async function results(runs: PlannedRun[], corpora: TokenizedCorpus[]): Promise<RunResult[]> {
	for await (const event of train(await testGpu(), runs, corpora.map(only)))
		if (event.type === "end") return event.results;
	throw new Error("train ended without results");
}

test("a run learns, and reports what it did", async () => {
	const data = corpus(1);
	const steps: number[] = [];
	let points = 0;
	for await (const event of train(await testGpu(), [planned("a")], [only(data)])) {
		if (event.type === "start") expect(event.bytes).toBeGreaterThan(100_000);
		if (event.type === "progress") {
			steps.push(event.runs[0]!.step);
			points += event.runs[0]!.points.length;
		}
		if (event.type !== "end") continue;
		const [result] = event.results as [RunResult];
		expect(result.status).toBe("finished");
		expect(result.tokens).toBe(60 * 6 * 8);
		expect(result.curve.loss[0]).toBeCloseTo(Math.log(40), 0);
		expect(result.validationLoss!).toBeLessThan(2.5);
		expect(points).toBe(result.curve.loss.length);
		expect(result.curve.tokens.every((t, i, all) => i === 0 || t > all[i - 1]!)).toBe(true);
	}
	expect(steps.at(-1)).toBe(60);
});

test("a run gives the same bits alone, again, and in packs that share their tokens or do not", async () => {
	const [one, two] = [corpus(1), corpus(2)];
	const [alone] = await results([planned("a")], [one]);
	const [again] = await results([planned("a")], [one]);
	const rates = [planned("b", { learningRate: 0.001 }), planned("a"), planned("c", { beta2: 0.99 })];
	const shared = await results(rates, [one, one, one]);
	const mixed = await results([planned("b", { seed: 5 }), planned("d"), planned("a")], [one, two, one]);
	expect(again).toEqual(alone);
	expect(shared[1]).toEqual(alone);
	expect(mixed[2]).toEqual(alone);
	expect(shared[0]!.curve).not.toEqual(alone!.curve);
	expect(mixed[1]!.curve).not.toEqual(alone!.curve);
});

test("a run that diverges says so and leaves the others alone", async () => {
	const data = corpus(1);
	const [alone] = await results([planned("a")], [data]);
	const [diverged, other] = await results([planned("z", { learningRate: 1e30 }), planned("a")], [data, data]);
	expect(diverged).toMatchObject({ status: "diverged", validationLoss: null });
	expect(diverged!.curve.loss.every(Number.isFinite)).toBe(true);
	expect(other).toEqual(alone);
});

test("closing the generator frees the memory of the pack", async () => {
	const gpu = await testGpu();
	const training = train(gpu, [planned("a")], [only(corpus(1))]);
	await training.next();
	await training.return();
	expect((await training.next()).done).toBe(true);
	const [result] = await results([planned("a")], [corpus(1)]);
	expect(result!.status).toBe("finished");
});
