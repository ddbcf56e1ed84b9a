import { describe, expect, test } from "vitest";
import { sortedPlaces } from "../../src/data/batches.ts";
import { embedding, embeddingBackward } from "../../src/kernels/embedding.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import * as ops from "../reference/ops.ts";
import {
	BACKWARD,
	type Bench,
	FORWARD,
	featureMajor,
	paddedTokens,
	paddingOf,
	plus,
	tokenMajor,
	withBench,
} from "./helpers.ts";

// Ragged in tokens, words and features; one sequence; whole blocks; several workgroups.
const shapes = [
	{ sequences: 3, context: 5, width: 10, vocabulary: 37 },
	{ sequences: 4, context: 5, width: 3, vocabulary: 101 },
	{ sequences: 1, context: 33, width: 20, vocabulary: 515 },
	{ sequences: 16, context: 16, width: 16, vocabulary: 64 },
	{ sequences: 3, context: 70, width: 9, vocabulary: 1030 },
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

/** A tensor that the reference has row by row, and the GPU [runs, columns, rows']. */
function transposed(bench: Bench, name: string, [runs, rows, columns]: [number, number, number], padding = 0) {
	const { values } = bench.random(`${name} by rows`, [runs, rows, columns]);
	const shape = [runs, columns, paddedTokens(rows)];
	return { values, tensor: bench.given(name, shape, (run) => featureMajor(values[run]!, columns, padding)).tensor };
}

/** Positions are not padded. [runs, context, width] by rows, [runs, width, context] on the GPU. */
function positions(bench: Bench, name: string, { runs, context, width }: Case) {
	const { values } = bench.random(`${name} by rows`, [runs, context, width]);
	return { values, tensor: bench.given(name, [runs, width, context], (run) => turned(values[run]!, width)).tensor };
}

/** [a, b] → [b, a] */
function turned(values: ops.Numbers, b: number): Float64Array {
	const a = values.length / b;
	return Float64Array.from({ length: values.length }, (_, i) => values[(i % a) * b + Math.floor(i / a)]!);
}

const name = "embedding $sequences × $context × $width of $vocabulary words, $runs runs, $streams streams";

describe.each(cases)(name, (size) => {
	const { runs, sequences, context, width, vocabulary } = size;
	const count = sequences * context;

	test.each([true, false])("forward, learned positions: %s", (learned) =>
		withBench(async (bench) => {
			const { ids, inputs } = tokens(bench, size);
			const wte = transposed(bench, "wte", [runs, vocabulary, width], 1000);
			const wpe = learned ? positions(bench, "wpe", size) : undefined;
			const x = bench.output("x", [runs, width, paddedTokens(count)]);
			await bench.run([embedding({ ids, wte: wte.tensor, wpe: wpe?.tensor, x })]);
			const none = new Float64Array(context * width);
			const expected = (run: number) => ops.embedding(inputs(run), wte.values[run]!, wpe?.values[run] ?? none, width);
			await bench.expect(x, expected, FORWARD, (values) => tokenMajor(values, count));
			for (const values of await bench.read(x)) expect(paddingOf(values, count).every((v) => v === 0)).toBe(true);
		}),
	);

	test.each([
		{ learned: true, same: false, accumulate: false },
		{ learned: true, same: true, accumulate: true },
		{ learned: false, same: false, accumulate: false },
	])("backward, learned positions: $learned, one word only: $same, accumulate: $accumulate", (options) =>
		withBench(async (bench) => {
			const { learned, same, accumulate } = options;
			const { ids, order, inputs } = tokens(bench, size, same);
			const dx = transposed(bench, "dx", [runs, count, width]);
			const dwte = transposed(bench, "dwte", [runs, vocabulary, width]);
			const before = accumulate ? positions(bench, "dwpe", size) : undefined;
			const dwpe = before?.tensor ?? bench.output("dwpe", [runs, width, context]);
			const t = { ids, order, dx: dx.tensor, dwte: dwte.tensor };
			await bench.run([embeddingBackward(learned ? { ...t, dwpe } : t, accumulate)]);
			const gradient = (run: number) => ops.embeddingBackward(dx.values[run]!, inputs(run), vocabulary, context);
			const words = (values: ops.Numbers) => tokenMajor(values, vocabulary);
			await bench.expect(dwte.tensor, (run) => plus(dwte.values[run]!, gradient(run).dwte), BACKWARD, words);
			for (const [run, values] of (await bench.read(dwte.tensor)).entries()) {
				const seen = new Set(inputs(run));
				const unseen = (_: number, i: number) => !seen.has(Math.floor(i / width));
				expect(words(values).filter(unseen)).toEqual(dwte.values[run]!.filter(unseen));
				expect(paddingOf(values, vocabulary).every((v) => v === 0)).toBe(true);
			}
			if (learned)
				await bench.expect(
					dwpe,
					(run) => plus(gradient(run).dwpe, before?.values[run]),
					BACKWARD,
					(values) => turned(values, context),
				);
		}),
	);
});

test("of several ranges the first is added to, and a run has the same bits alone and in a pack", () =>
	withBench(async (bench) => {
		const size = { ...shapes[4]!, runs: 3, streams: 1 };
		const { runs, sequences, context, width, vocabulary } = size;
		const { ids, order } = tokens(bench, size);
		const dx = bench.random("dx", [runs, width, paddedTokens(sequences * context)]);
		const dwte = bench.random("dwte", [runs, 2, width, paddedTokens(vocabulary)]);
		await bench.run([embeddingBackward({ ids, order, dx: dx.tensor, dwte: dwte.tensor }, false)]);
		const dxAlone = bench.given("dx alone", [1, width, dx.tensor.shape[2]!], () => dx.values[1]!);
		const first = dwte.values[1]!.length / 2;
		const alone = bench.given("dwte alone", [1, width, dwte.tensor.shape[3]!], () => dwte.values[1]!.slice(0, first));
		await bench.run([embeddingBackward({ ids, order, dx: dxAlone.tensor, dwte: alone.tensor }, false)]);
		const values = (await bench.read(dwte.tensor))[1]!;
		expect((await bench.read(alone.tensor))[0]).toEqual(values.slice(0, first));
		expect(Float64Array.from(values.slice(first))).toEqual(dwte.values[1]!.slice(first));
	}));

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const [ids, wte] = [bench.output("ids", [1, 2, 6]), bench.output("wte", [1, 4, 12])];
		const [x, wpe] = [bench.output("x", [1, 4, 12]), bench.output("wpe", [1, 5, 4])];
		expect(() => embedding({ ids, wte: bench.output("wte", [1, 8, 12]), x })).toThrow(
			"embedding: x is [1,4,12], wte is [1,8,12]; runs and widths must agree",
		);
		expect(() => embedding({ ids, wte, wpe, x })).toThrow("embedding: wpe is [1,5,4]; it must be [1,4,5]");
		const order = bench.output("order", [1, 10]);
		const dx = bench.output("dx", [1, 4, 16]);
		expect(() => embeddingBackward({ ids, order, dx, dwte: wte }, false)).toThrow("embedding: x is [1,4,16], ids is");
	}));
