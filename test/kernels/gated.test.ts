import { expect, test } from "vitest";
import { gated } from "../../src/kernels/gated.ts";
import * as ops from "../reference/ops.ts";
import { FORWARD, withBench } from "./helpers.ts";

const cases = [
	{ hidden: 7, tokens: 12 },
	{ hidden: 3, tokens: 516 },
].flatMap((shape) => [1, 3].map((runs) => ({ ...shape, runs })));

test.each(cases)("SwiGLU of $hidden × $tokens, $runs runs", ({ hidden, tokens, runs }) =>
	withBench(async (bench) => {
		const u = bench.random("u", [runs, 2 * hidden, tokens], 3);
		const y = bench.output("y", [runs, hidden, tokens]);
		await bench.run([gated("silu", { u: u.tensor, y })]);
		const half = hidden * tokens;
		await bench.expect(y, (run) => ops.gated(u.values[run]!.subarray(0, half), u.values[run]!.subarray(half)), FORWARD);
	}),
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const u = bench.output("u", [1, 6, 8]);
		expect(() => gated("silu", { u, y: bench.output("y", [1, 4, 8]) })).toThrow("u is [1,6,8], y is [1,4,8]");
	}));
