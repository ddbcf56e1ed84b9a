import { describe, expect, test } from "vitest";
import { queryKey, queryKeyBackward } from "../../src/kernels/query-key.ts";
import { rotaryTable } from "../../src/kernels/rotary.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, FORWARD, featureMajor, paddedTokens, paddingOf, plus, tokenMajor, withBench } from "./helpers.ts";

const shapes = [
	{ sequences: 3, context: 5, heads: 4, keyValueHeads: 2, headSize: 6 },
	{ sequences: 4, context: 36, heads: 1, keyValueHeads: 1, headSize: 2 },
];
const cases = shapes.flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));

describe.each(cases)("queries and keys of $heads and $keyValueHeads heads of $headSize, $runs runs", (size) => {
	const { runs, sequences, context, heads, keyValueHeads, headSize } = size;
	const tokens = sequences * context;
	const across = (heads + 2 * keyValueHeads) * headSize;
	const padded = [runs, across, paddedTokens(tokens)];
	const view = (values: ops.Numbers) => tokenMajor(values, tokens);

	test.each([
		{ normed: false, turned: true },
		{ normed: true, turned: false },
		{ normed: true, turned: true },
	])("forward, normed: $normed, turned: $turned", ({ normed, turned }) =>
		withBench(async (bench) => {
			const raw = bench.random("raw", [runs, tokens, across]);
			const [q, k] = [bench.random("q", [runs, headSize]), bench.random("k", [runs, headSize])];
			const rstd = bench.output("rstd", [runs, heads + keyValueHeads, paddedTokens(tokens)]);
			const turns = bench.given("turns", [1, headSize, paddedTokens(tokens)], () =>
				rotaryTable(headSize, tokens, context),
			).tensor;
			const qkv = bench.output("qkv", padded);
			await bench.run([
				queryKey(size, {
					raw: bench.given("raw", padded, (run) => featureMajor(raw.values[run]!, across)).tensor,
					...{ qkv, gains: normed ? { q: q.tensor, k: k.tensor, rstd } : undefined },
					turns: turned ? turns : undefined,
				}),
			]);
			const expected = (run: number) => {
				const gains = normed ? { q: q.values[run]!, k: k.values[run]! } : undefined;
				return ops.queryKey(raw.values[run]!, size, gains, turned ? context : undefined).qkv;
			};
			await bench.expect(qkv, expected, FORWARD, view);
		}),
	);

	test.each([false, true])("backward of the norm, gains onto what is there: %s", (accumulate) =>
		withBench(async (bench) => {
			const [raw, dqkv] = [bench.random("raw", [runs, tokens, across]), bench.random("dqkv", [runs, tokens, across])];
			const [q, k] = [bench.random("q", [runs, headSize]), bench.random("k", [runs, headSize])];
			const gains = (run: number) => ({ q: q.values[run]!, k: k.values[run]! });
			const kept = raw.values.map((values, run) => ops.queryKey(values, size, gains(run)).rstd);
			const upload = (name: string, values: (run: number) => Float64Array, features: number) =>
				bench.given(name, [runs, features, paddedTokens(tokens)], (run) => featureMajor(values(run), features)).tensor;
			const before = accumulate
				? [bench.random("dq", [runs, headSize]), bench.random("dk", [runs, headSize])]
				: undefined;
			const [dq, dk] =
				before?.map(({ tensor }) => tensor) ?? ["dq", "dk"].map((n) => bench.output(n, [runs, headSize]));
			const draw = bench.output("draw", padded);
			await bench.run([
				queryKeyBackward(
					size,
					{
						raw: upload("raw", (run) => raw.values[run]!, across),
						rstd: upload("rstd", (run) => kept[run]!, heads + keyValueHeads),
						dqkv: upload("dqkv", (run) => dqkv.values[run]!, across),
						...{ draw, q: q.tensor, k: k.tensor, dq: dq!, dk: dk! },
					},
					accumulate,
				),
			]);
			const expected = (run: number) => ops.queryKeyBackward(dqkv.values[run]!, raw.values[run]!, size, gains(run));
			await bench.expect(draw, (run) => expected(run).draw, BACKWARD, view);
			for (const values of await bench.read(draw)) expect(paddingOf(values, tokens).every((d) => d === 0)).toBe(true);
			await bench.expect(dq!, (run) => plus(expected(run).dq, before?.[0]?.values[run]), BACKWARD);
			await bench.expect(dk!, (run) => plus(expected(run).dk, before?.[1]?.values[run]), BACKWARD);
		}),
	);
});

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const raw = bench.output("raw", [1, 12, 8]);
		const counts = { heads: 2, keyValueHeads: 1, headSize: 4 };
		expect(() => queryKey(counts, { raw, qkv: raw })).toThrow(
			"query and key: raw is [1,12,8], raw is [1,12,8]; for 2 and 1 heads of 4 it must be [1,16,8]",
		);
	}));
