import { describe, expect, test } from "vitest";
import { sortedPlaces } from "../../src/data/batches.ts";
import { randomBits, randomKey } from "../../src/data/random.ts";
import { embeddingBackwardToken } from "../../src/kernels/embedding.ts";
import { type HeadTensors, head, headBackward } from "../../src/kernels/head.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, type Bench, FORWARD, plus, SENTINEL, type Uploaded, withBench } from "./helpers.ts";

// `tile` words of the vocabulary at a time backward, `splits` parts of it forward. Ragged and read one entry at a time;
// ragged and read four at a time; several splits; fewer tokens than a register tile; whole tiles; several workgroups.
const shapes = [
	{ sequences: 3, context: 5, width: 10, vocabulary: 37, splits: 1, tile: 16 },
	{ sequences: 4, context: 5, width: 12, vocabulary: 37, splits: 2, tile: 37 },
	{ sequences: 4, context: 5, width: 20, vocabulary: 515, splits: 2, tile: 128 },
	{ sequences: 7, context: 5, width: 36, vocabulary: 1030, splits: 3, tile: 1024 },
	{ sequences: 1, context: 3, width: 9, vocabulary: 515, splits: 2, tile: 515 },
	{ sequences: 2, context: 16, width: 16, vocabulary: 64, splits: 1, tile: 8 },
	{ sequences: 8, context: 65, width: 12, vocabulary: 37, splits: 1, tile: 24 },
];
const cases = shapes.flatMap((shape) => [
	{ ...shape, runs: 1, streams: 1 },
	{ ...shape, runs: 3, streams: 1 },
	{ ...shape, runs: 3, streams: 3 },
]);
type Case = (typeof cases)[number];

/** Targets at the edges of register tiles, backward tiles and splits, and random ones. */
function drawIds({ sequences, context, vocabulary, streams, tile, splits }: Case) {
	const split = Math.ceil(vocabulary / splits);
	const edges = [0, vocabulary - 1, tile - 1, tile, 2 * tile - 1, split - 1, split, 7, 8].filter((e) => e < vocabulary);
	return Array.from({ length: streams }, (_, stream) => {
		const key = randomKey(6, "ids", stream);
		const drawn = (i: number) => (i % 2 ? edges[(i >> 1) % edges.length]! : randomBits(key, i) % vocabulary);
		return Uint32Array.from({ length: sequences * (context + 1) }, (_, i) => drawn(i + stream));
	});
}

interface Head extends HeadTensors {
	dz: HeadTensors["x"];
	dx: HeadTensors["x"];
	dw: HeadTensors["x"];
}

function tensors(bench: Bench, size: Case, x: Uploaded, w: Uploaded, ids: Uint32Array[]): Head {
	const { runs, streams, sequences, context, width, vocabulary, splits, tile } = size;
	const tokens = sequences * context;
	return {
		x: x.tensor,
		w: w.tensor,
		ids: bench.integers("ids", [streams, sequences, context + 1], ids),
		parts: bench.output("parts", [runs, splits, tokens, 2]),
		targetLogit: bench.output("targetLogit", [runs, tokens]),
		lse: bench.output("lse", [runs, tokens]),
		loss: bench.output("loss", [runs, 2]),
		dz: bench.output("dz", [runs, tile, tokens]),
		dx: bench.output("dx", [runs, sequences, context, width]),
		dw: bench.output("dw", [runs, vocabulary, width]),
	};
}

/** A head with weights of deviation 1 and inputs of deviation `scale`, and what the reference makes of it. */
function setUp(bench: Bench, size: Case, scale = 1) {
	const { runs, streams, sequences, context, width, vocabulary } = size;
	const ids = drawIds(size);
	const x = bench.random("x", [runs, sequences, context, width], scale);
	const w = bench.random("w", [runs, vocabulary, width]);
	const places = (shift: number) => (run: number) =>
		ids[run % streams]!.filter((_, i) => i % (context + 1) !== (shift ? 0 : context));
	const [inputs, targets] = [places(0), places(1)];
	const forward = (run: number) => ops.head(x.values[run]!, w.values[run]!, targets(run));
	const backward = (run: number, weight: number) =>
		ops.headBackward(x.values[run]!, w.values[run]!, targets(run), forward(run).lse, weight);
	return { ids, inputs, t: tensors(bench, size, x, w, ids), forward, backward };
}

const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);

describe.each(cases)(
	"head $sequences × $context × $width of $vocabulary words in $splits splits, tile $tile, $runs runs, $streams streams",
	(size) => {
		const { runs, sequences, context, width, vocabulary } = size;
		const scale = 1 / (sequences * context);

		test("forward", () =>
			withBench(async (bench) => {
				const { t, forward } = setUp(bench, size);
				await bench.run(head(t, { scale, accumulate: false }));
				await bench.expect(t.lse, (run) => forward(run).lse, FORWARD);
				const loss = (run: number) => scale * sum(forward(run).loss);
				for (const [run, [value, next]] of (await bench.read(t.loss)).entries()) {
					expect(Math.abs(value! / loss(run) - 1)).toBeLessThan(FORWARD);
					expect(next).toBe(SENTINEL);
				}
				await bench.run(head(t, { scale: 2 * scale, accumulate: true }));
				for (const [run, [value]] of (await bench.read(t.loss)).entries())
					expect(Math.abs(value! / (3 * loss(run)) - 1)).toBeLessThan(FORWARD);
			}));

		test("backward", () =>
			withBench(async (bench) => {
				const { t, backward } = setUp(bench, size);
				await bench.run([...head(t, { scale, accumulate: false }), ...headBackward(t, { scale, accumulate: false })]);
				await bench.expect(t.dx, (run) => backward(run, scale).dx, BACKWARD);
				await bench.expect(t.dw, (run) => backward(run, scale).dw, BACKWARD);
			}));

		test("backward on top of an earlier dw, and the same matrix as the token embedding", () =>
			withBench(async (bench) => {
				const { ids, inputs, t, backward } = setUp(bench, size);
				const dw = bench.random("dw", [runs, vocabulary, width]);
				const order = ids.map((stream) => sortedPlaces(stream, sequences, context, vocabulary));
				const dx = bench.random("embedding's dx", [runs, sequences, context, width]);
				await bench.run([
					...head(t, { scale, accumulate: false }),
					...headBackward({ ...t, dw: dw.tensor }, { scale, accumulate: true }),
					embeddingBackwardToken({
						...{ ids: t.ids, dx: dx.tensor, dwte: dw.tensor },
						order: bench.integers("order", [ids.length, sequences * context], order),
					}),
				]);
				await bench.expect(t.dx, (run) => backward(run, scale).dx, BACKWARD);
				const tied = (run: number) => {
					const token = ops.embeddingBackward(dx.values[run]!, inputs(run), vocabulary, context).dwte;
					return plus(plus(dw.values[run]!, backward(run, scale).dw), token);
				};
				await bench.expect(dw.tensor, tied, BACKWARD);
			}));
	},
);

// Logits of ±60 and of ±1,000: exp of either overflows 32 bits without the running maximum.
test.each([
	{ width: 10, scale: 20 },
	{ width: 12, scale: 20 },
	{ width: 12, scale: 300 },
])("extreme logits, width $width, inputs of deviation $scale", ({ width, scale }) =>
	withBench(async (bench) => {
		const size = { ...shapes[2]!, width, runs: 1, streams: 1 };
		const { t, forward, backward } = setUp(bench, size, scale);
		await bench.run([...head(t, { scale: 1, accumulate: false }), ...headBackward(t, { scale: 1, accumulate: false })]);
		const { lse, loss } = forward(0);
		expect(Math.max(...lse)).toBeGreaterThan(60);
		await bench.expect(t.lse, () => lse, FORWARD);
		const [total] = (await bench.read(t.loss))[0]!;
		expect(Math.abs(total! / sum(loss) - 1)).toBeLessThan(FORWARD);
		await bench.expect(t.dx, () => backward(0, 1).dx, BACKWARD);
		await bench.expect(t.dw, () => backward(0, 1).dw, BACKWARD);
	}),
);

test("every logit far below 0", () =>
	withBench(async (bench) => {
		const size = { ...shapes[1]!, runs: 1, streams: 1 };
		const { sequences, context, width, vocabulary } = size;
		const x = bench.given("x", [1, sequences, context, width], () => new Float64Array(240).fill(-30));
		const w = bench.given("w", [1, vocabulary, width], () =>
			Float64Array.from({ length: 444 }, (_, i) => 30 + (i % 7)),
		);
		const t = tensors(bench, size, x, w, drawIds(size));
		await bench.run(head(t, { scale: 1, accumulate: false }));
		const { lse } = ops.head(x.values[0]!, w.values[0]!, new Uint32Array(sequences * context));
		expect(Math.max(...lse)).toBeLessThan(-1e4);
		await bench.expect(t.lse, () => lse, FORWARD);
	}));

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const size = { ...shapes[1]!, runs: 1, streams: 1 };
		const { t } = setUp(bench, size);
		const w = bench.output("w", [1, 37, 8]);
		expect(() => head({ ...t, w }, { scale: 1, accumulate: false })).toThrow(
			"head: x is [1,4,5,12], w is [1,37,8]; runs and last axes must agree",
		);
	}));
