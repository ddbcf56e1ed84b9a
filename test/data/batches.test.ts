import { describe, expect, test } from "vitest";
import {
	type BatchOptions,
	batchStarts,
	type Part,
	readBatch,
	type SequenceStart,
	sequencesPerEpoch,
	validationStarts,
} from "../../src/data/batches.ts";

const part = (length: number, weight = 1): Part => ({
	stream: Uint16Array.from({ length }, (_, i) => i % 50),
	weight,
});
const options = (step: number, change: Partial<BatchOptions> = {}): BatchOptions => ({
	...{ seed: 1, step, sequences: 6, context: 8, sampling: "epochs" },
	...change,
});
const steps = (count: number, parts: Part[], change: Partial<BatchOptions> = {}): SequenceStart[] =>
	Array.from({ length: count }, (_, step) => batchStarts(parts, options(step, change))).flat();

describe("epochs", () => {
	// 24 sequences of 8 and their last target: 193 tokens; four steps of six are an epoch.
	const parts = [part(193)];

	test("each goes through all sequences once, in an order of its own", () => {
		const starts = steps(8, parts).map(({ start }) => start);
		const epochs = [starts.slice(0, 24), starts.slice(24)];
		for (const epoch of epochs)
			expect(epoch.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => 8 * i));
		expect(epochs[0]).not.toEqual(epochs[1]);
		expect(sequencesPerEpoch(193, 8)).toBe(24);
		expect(sequencesPerEpoch(192, 8)).toBe(23);
	});

	test("a batch may hold the end of one epoch and the beginning of the next", () => {
		const starts = steps(5, parts, { sequences: 5 });
		expect(new Set(starts.slice(0, 24).map(({ start }) => start)).size).toBe(24);
	});

	test("a step is known without those before it, and other batch sizes read the same sequences in the same order", () => {
		const inThrees = steps(8, parts, { sequences: 3 });
		expect(inThrees).toEqual(steps(4, parts));
		expect(batchStarts(parts, options(7, { sequences: 3 }))).toEqual(inThrees.slice(21));
	});

	test("the seed decides the order", () => {
		expect(steps(4, parts, { seed: 2 })).not.toEqual(steps(4, parts));
	});
});

describe("with replacement", () => {
	test("places are uniform and may repeat", () => {
		const starts = steps(1000, [part(108)], { sampling: "with-replacement" }).map(({ start }) => start);
		const counts = new Array<number>(100).fill(0);
		for (const start of starts) counts[start]!++;
		// 60 expected of each of 100; chi-squared with 99 degrees of freedom is below 180 but for one in 10^6.
		expect(counts.reduce((sum, n) => sum + (n - 60) ** 2 / 60, 0)).toBeLessThan(180);
	});
});

describe("mixtures", () => {
	test("every batch has its parts by weight, and each part its own epochs", () => {
		const parts = [part(81, 2), part(41, 1)];
		const starts = steps(10, parts);
		for (let step = 0; step < 10; step++)
			expect(starts.slice(6 * step, 6 * step + 6).filter((start) => start.part === 0)).toHaveLength(4);
		const ofFirst = starts.filter((start) => start.part === 0).map(({ start }) => start);
		const ofSecond = starts.filter((start) => start.part === 1).map(({ start }) => start);
		for (let epoch = 0; epoch < 4; epoch++) {
			expect(new Set(ofFirst.slice(10 * epoch, 10 * epoch + 10)).size).toBe(10);
			expect(new Set(ofSecond.slice(5 * epoch, 5 * epoch + 5)).size).toBe(5);
		}
	});

	test("the validation set too, spread over each part", () => {
		const starts = validationStarts([part(108, 3), part(1008, 1)], 40, 8);
		expect(starts.filter((start) => start.part === 0).map(({ start }) => start)).toEqual(
			Array.from({ length: 30 }, (_, i) => Math.floor((i * 100) / 30)),
		);
		expect(starts.filter((start) => start.part === 1).map(({ start }) => start)).toEqual(
			Array.from({ length: 10 }, (_, i) => 100 * i),
		);
	});
});

test("a batch holds the tokens from each start, one more than the context, and its places sorted by token", () => {
	const parts = [part(60), { stream: Uint16Array.of(7, 3, 7, 3, 9), weight: 1 }];
	const { ids, order } = readBatch(
		parts,
		[
			{ part: 1, start: 1 },
			{ part: 0, start: 2 },
		],
		3,
		50,
	);
	expect([...ids]).toEqual([3, 7, 3, 9, 2, 3, 4, 5]);
	expect([...order]).toEqual([3, 0, 2, 4, 5, 1]);
});

test("a part too short for one sequence", () => {
	expect(() => batchStarts([part(100), part(8)], options(0))).toThrow(
		"batch: the corpus has 8 tokens; a context of 8 needs at least 9",
	);
	expect(() => validationStarts([part(8)], 4, 8)).toThrow(
		"validation: the corpus has 8 validation tokens; a context of 8 needs at least 9",
	);
});
