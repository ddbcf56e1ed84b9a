import { describe, expect, test } from "vitest";
import { sortedPlaces } from "../../src/data/batches.ts";
import { randomBits, randomKey } from "../../src/data/random.ts";
import {
	embedding,
	embeddingBackwardPosition,
	embeddingBackwardToken,
	embeddingClear,
} from "../../src/kernels/embedding.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, type Bench, FORWARD, plus, rowRanges, withBench } from "./helpers.ts";

// Ragged and read one entry at a time; ragged and read four at a time; one sequence; whole tiles.
const shapes = [
	{ sequences: 3, context: 5, width: 10, vocabulary: 37 },
	{ sequences: 4, context: 5, width: 12, vocabulary: 37 },
	{ sequences: 1, context: 33, width: 36, vocabulary: 515 },
	{ sequences: 16, context: 16, width: 16, vocabulary: 64 },
	{ sequences: 7, context: 16, width: 9, vocabulary: 1030 },
];
const cases = shapes.flatMap((shape) => [
	{ ...shape, runs: 1, streams: 1 },
	{ ...shape, runs: 3, streams: 1 },
	{ ...shape, runs: 3, streams: 3 },
]);
type Case = (typeof cases)[number];

/** Ids of `streams` micro-batches and the places sorted by id. The first and last word of the vocabulary occur. */
function tokens(bench: Bench, { sequences, context, vocabulary, streams }: Case, same = false) {
	const ids = Array.from({ length: streams }, (_, stream) => {
		const key = randomKey(5, "ids", stream);
		const drawn = (i: number) => (same ? vocabulary - 1 - stream : randomBits(key, i) % vocabulary);
		const drawnIds = Uint32Array.from({ length: sequences * (context + 1) }, (_, i) => drawn(i));
		if (!same) drawnIds.set([0, vocabulary - 1, 0], 1);
		return drawnIds;
	});
	const order = ids.map((stream) => sortedPlaces(stream, sequences, context, vocabulary));
	return {
		inputs: (run: number) => ids[run % streams]!.filter((_, i) => i % (context + 1) < context),
		ids: bench.integers("ids", [streams, sequences, context + 1], ids),
		order: bench.integers("order", [streams, sequences * context], order),
	};
}

describe.each(cases)(
	"embedding $sequences × $context × $width of $vocabulary words, $runs runs, $streams streams",
	(size) => {
		const { runs, sequences, context, width, vocabulary } = size;

		test("forward", () =>
			withBench(async (bench) => {
				const { ids, inputs } = tokens(bench, size);
				const wte = bench.random("wte", [runs, vocabulary, width]);
				const wpe = bench.random("wpe", [runs, context, width]);
				const x = bench.output("x", [runs, sequences, context, width]);
				await bench.run([embedding({ ids, wte: wte.tensor, wpe: wpe.tensor, x })]);
				const expected = (run: number) => ops.embedding(inputs(run), wte.values[run]!, wpe.values[run]!, width);
				await bench.expect(x, expected, FORWARD);
			}));

		test.each([false, true])("backward to the tokens, all the same: %s", (same) =>
			withBench(async (bench) => {
				const { ids, order, inputs } = tokens(bench, size, same);
				const dx = bench.random("dx", [runs, sequences, context, width]);
				const dwte = bench.random("dwte", [runs, vocabulary, width]);
				await bench.run([embeddingBackwardToken({ ids, order, dx: dx.tensor, dwte: dwte.tensor })]);
				const expected = (run: number) =>
					plus(dwte.values[run]!, ops.embeddingBackward(dx.values[run]!, inputs(run), vocabulary, context).dwte);
				await bench.expect(dwte.tensor, expected, BACKWARD);
				for (const [run, values] of (await bench.read(dwte.tensor)).entries()) {
					const seen = new Set(inputs(run));
					const unseen = (_: number, i: number) => !seen.has(Math.floor(i / width));
					expect(Float64Array.from(values.filter(unseen))).toEqual(dwte.values[run]!.filter(unseen));
				}
			}),
		);

		test("clear, then backward to the tokens", () =>
			withBench(async (bench) => {
				const { ids, order, inputs } = tokens(bench, size);
				const dx = bench.random("dx", [runs, sequences, context, width]);
				const dwte = bench.output("dwte", [runs, vocabulary, width]);
				await bench.run([embeddingClear({ dwte }), embeddingBackwardToken({ ids, order, dx: dx.tensor, dwte })]);
				const expected = (run: number) => ops.embeddingBackward(dx.values[run]!, inputs(run), vocabulary, context).dwte;
				await bench.expect(dwte, expected, BACKWARD);
			}));

		test.each([
			{ ranges: 1, accumulate: false },
			{ ranges: 3, accumulate: true },
			{ ranges: 20, accumulate: false },
		])("backward to the positions, $ranges ranges, accumulate: $accumulate", ({ ranges, accumulate }) =>
			withBench(async (bench) => {
				const dx = bench.random("dx", [runs, sequences, context, width]);
				const before = accumulate ? bench.random("dwpe", [runs, ranges, context, width]) : undefined;
				const dwpe = before?.tensor ?? bench.output("dwpe", [runs, ranges, context, width]);
				await bench.run([embeddingBackwardPosition({ dx: dx.tensor, dwpe }, accumulate)]);
				const row = context * width;
				const expected = (run: number) =>
					rowRanges(sequences, ranges).flatMap(([begin, end]) => {
						const part = dx.values[run]!.subarray(begin * row, end * row);
						const ids = new Uint32Array((end - begin) * context);
						return Array.from(end > begin ? ops.embeddingBackward(part, ids, 1, context).dwpe : new Float64Array(row));
					});
				await bench.expect(dwpe, (run) => plus(expected(run), before?.values[run]), BACKWARD);
			}),
		);
	},
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const [ids, wte] = [bench.output("ids", [1, 2, 6]), bench.output("wte", [1, 9, 8])];
		const [x, wpe] = [bench.output("x", [1, 2, 5, 4]), bench.output("wpe", [1, 5, 4])];
		expect(() => embedding({ ids, wte, wpe, x })).toThrow("embedding: x is [1,2,5,4], wte is [1,9,8]");
	}));
