import { expect, test } from "vitest";
import { gated, gatedBackward } from "../../src/kernels/gated.ts";
import * as ops from "../reference/ops.ts";
import { BACKWARD, FORWARD, withBench } from "./helpers.ts";

const cases = [
	{ hidden: 7, tokens: 12 },
	{ hidden: 3, tokens: 516 },
].flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));

test.each(cases)("SwiGLU of $hidden × $tokens, $runs runs", ({ hidden, tokens, runs }) =>
	withBench(async (bench) => {
		const u = bench.random("u", [runs, 2 * hidden, tokens], 3);
		const dy = bench.random("dy", [runs, hidden, tokens]);
		const [y, du] = [bench.output("y", [runs, hidden, tokens]), bench.output("du", [runs, 2 * hidden, tokens])];
		await bench.run([gated("silu", { u: u.tensor, y }), gatedBackward("silu", { u: u.tensor, dy: dy.tensor, du })]);
		const half = hidden * tokens;
		const parts = (run: number) => [u.values[run]!.subarray(0, half), u.values[run]!.subarray(half)] as const;
		await bench.expect(y, (run) => ops.gated(...parts(run)), FORWARD);
		const expected = (run: number) => {
			const { dgate, dup } = ops.gatedBackward(dy.values[run]!, ...parts(run));
			return [...dgate, ...dup];
		};
		await bench.expect(du, expected, BACKWARD);
	}),
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const u = bench.output("u", [1, 6, 8]);
		expect(() => gated("silu", { u, y: bench.output("y", [1, 4, 8]) })).toThrow("u is [1,6,8], y is [1,4,8]");
	}));
