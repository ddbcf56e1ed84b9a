import { describe, expect, test } from "vitest";
import { type AttentionShape, attention } from "../../src/kernels/attention.ts";
import { ATTENTION, attentionPlan } from "../../src/kernels/attention-variants.ts";
import { rotaryTable } from "../../src/kernels/rotary.ts";
import * as ops from "../reference/ops.ts";
import { across, backward, byHead, expectedGradient, queries, tokensOf, upload } from "./attention-cases.ts";
import { BACKWARD, type Bench, FORWARD, paddedTokens, tokenMajor, withBench } from "./helpers.ts";

interface Case extends AttentionShape {
	variant: string;
	runs: number;
	rotary?: true;
	/** Stores qkv in 16 bits where the adapter can. */
	half?: true;
	/** Scores of ±60 and more. */
	extreme?: true;
}

// Few, because each compiles for seconds. Contexts that do and do not divide into tiles and quads; heads that fill a workgroup's
// results, that leave shares to add up, that take several workgroups, and with an odd number of entries; groups of queries.
const cases: Case[] = [
	{ variant: "32x32 tiles", runs: 2, rotary: true, ...sizes(2, 37, 4, 2, 8) },
	{ variant: "32x32 tiles", runs: 1, half: true, ...sizes(1, 100, 1, 1, 64) },
	{ variant: "32x32 tiles", runs: 1, rotary: true, ...sizes(1, 40, 1, 1, 70) },
	{ variant: "64x32 tiles", runs: 3, ...sizes(1, 65, 3, 1, 23) },
	{ variant: "64x32 tiles", runs: 1, extreme: true, ...sizes(2, 132, 2, 2, 16) },
];

function sizes(sequences: number, context: number, heads: number, keyValueHeads: number, headSize: number) {
	return { sequences, context, heads, keyValueHeads, headSize, scale: 1 / Math.sqrt(headSize) };
}

/** Queries, keys and values: if the scores are to be extreme, on a grid, so that they are exact and only the softmax is tried. */
function draw(bench: Bench, shape: Case, half: boolean) {
	const drawn = bench.random("qkv", [shape.runs, tokensOf(shape), across(shape)], 1, half);
	if (!shape.extreme) return drawn;
	const queriesAndKeys = across(shape) - shape.keyValueHeads * shape.headSize;
	const onGrid = (value: number, i: number) => (i % across(shape) < queriesAndKeys ? 8 * Math.round(value) : value);
	return bench.given("qkv", drawn.tensor.shape, (run) => drawn.values[run]!.map(onGrid), half);
}

test.each(cases)(
	"$variant: $sequences × $context, $heads heads of $headSize, $keyValueHeads of keys, $runs runs",
	{ timeout: 240_000 },
	(shape) =>
		withBench(async (bench) => {
			const { variant, runs, context, headSize, rotary } = shape;
			const half = (shape.half ?? false) && bench.gpu.device.features.has("shader-f16");
			const variants = { [ATTENTION.name]: variant };
			const tokens = tokensOf(shape);
			const o = bench.output("o", [runs, queries(shape), paddedTokens(tokens)]);
			const lse = bench.output("lse", [runs, shape.heads, paddedTokens(tokens)]);
			const qkv = draw(bench, shape, half);
			await bench.run([attention(shape, { qkv: upload(bench, shape, qkv, across(shape), half), o, lse }, variants)]);
			const view = (values: ops.Numbers) => tokenMajor(values, tokens);
			const forward = qkv.values.map((values) => ops.attention(values, shape));
			if (shape.extreme) {
				expect(Math.max(...forward[0]!.lse)).toBeGreaterThan(60);
				expect(Math.min(...forward[0]!.lse)).toBeLessThan(-30);
			}
			await bench.expect(o, (run) => forward[run]!.o, FORWARD, view);
			await bench.expect(lse, (run) => tokenMajor(byHead(shape, forward[run]!.lse), tokens), FORWARD, view);

			const d_o = bench.random("d_o", [runs, tokens, queries(shape)]);
			const table = rotaryTable(headSize, tokens, context);
			const turns = rotary && bench.given("turns", [1, headSize, paddedTokens(tokens)], () => table).tensor;
			const dqkv = await backward(bench, shape, qkv, d_o, { turns, variants, half });
			const gradient = (run: number) => expectedGradient(shape, qkv.values[run]!, d_o.values[run]!, rotary);
			await bench.expect(dqkv, gradient, BACKWARD, view);

			// The bits of a run do not depend on its pack.
			if (runs === 1) return;
			const alone = { ...shape, runs: 1 };
			const last = (values: Float64Array[]) =>
				bench.given("alone", [1, tokens, values[0]!.length / tokens], () => values.at(-1)!);
			const aloneDqkv = await backward(bench, alone, last(qkv.values), last(d_o.values), { turns, variants, half });
			expect(view((await bench.read(aloneDqkv))[0]!)).toEqual(view((await bench.read(dqkv)).at(-1)!));
		}),
);

describe.each(Object.entries(ATTENTION.variants).filter(([, variant]) => "columns" in variant))("%s", (_, variant) => {
	const plans = [32, 33, 64, 1024].flatMap((context) =>
		[1, 2, 8, 16, 24, 34, 64, 70, 96, 128, 256].map((headSize) => ({ context, headSize })),
	);

	test.each(plans)("context $context, heads of $headSize: fits into the default limits of WebGPU", (size) => {
		const { header, parts, positions } = attentionPlan(variant, size.context, size.headSize);
		const constant = (name: string) => Number(new RegExp(`const ${name} = (\\d+)u`).exec(header)![1]);
		const [rows, columns, dims] = ["ROW_QUADS", "COLUMN_QUADS", "DIM_QUADS"].map(constant) as [number, number, number];
		const workgroup = rows * columns;
		const slices = constant("DEPTH") * (rows + columns);
		expect(16 * (slices + 4 * rows * columns + workgroup)).toBeLessThanOrEqual(16 * 1024);
		expect(workgroup).toBeLessThanOrEqual(256);
		// A slice is read once; the second operand fits, is read by the invocations there are, and every share has rows of it.
		expect(constant("ROW_LOADS") * workgroup).toBe(constant("DEPTH") * rows);
		expect(constant("COLUMN_LOADS") * workgroup).toBe(constant("DEPTH") * columns);
		expect(constant("TERMS") * 2 * dims).toBeLessThanOrEqual(slices);
		expect((constant("TERMS") / 4) * 2 * dims).toBeLessThanOrEqual(workgroup);
		expect(constant("TERMS") * constant("ROUNDS")).toBe(4 * rows);
		expect((constant("TERMS") * dims) / rows).toBeGreaterThanOrEqual(1);
		expect(rows % dims).toBe(0);
		// All of the head and of the sequence is covered, and nothing twice.
		expect(parts * 2 * 4 * dims).toBeGreaterThanOrEqual(size.headSize);
		expect((parts - 1) * 2 * 4 * dims).toBeLessThan(size.headSize);
		expect(positions).toBe(4 * columns);
	});

	test("is not used for sequences shorter than its rows", () => {
		const plan = (context: number) => attentionPlan(variant, context, 16).shader.file;
		expect([31, 32].map(plan)).toEqual([
			"attention.wgsl with attention-direct.wgsl",
			"attention.wgsl with attention-large.wgsl",
		]);
	});
});

test("the wider tile is narrower for contexts that the narrower one covers", () => {
	const positions = [32, 33, 64, 65].map((n) => attentionPlan(ATTENTION.variants["64x32 tiles"]!, n, 16).positions);
	expect(positions).toEqual([32, 64, 64, 64]);
});
