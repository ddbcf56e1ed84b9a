import { describe, expect, test } from "vitest";
import { addResidual, type NormKind, norm, normBackward } from "../../src/kernels/norm.ts";
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
	type Uploaded,
	withBench,
} from "./helpers.ts";

// Ragged; a smallest (of one entry an RMS norm has no gradient but rounding); whole workgroups; more than one.
const shapes = [
	{ tokens: 13, width: 10 },
	{ tokens: 3, width: 3 },
	{ tokens: 64, width: 64 },
	{ tokens: 141, width: 73 },
];
const kinds = [
	{ kind: "layer", biases: true },
	{ kind: "layer", biases: false },
	{ kind: "rms", biases: false },
] as const;
const cases = shapes.flatMap((shape) => [1, 3].flatMap((runs) => kinds.map((kind) => ({ ...shape, ...kind, runs }))));
type Case = (typeof cases)[number];

/** x and dy as the reference has them, [tokens, width], and on the GPU. */
function inputs(bench: Bench, { runs, tokens, width, biases }: Case) {
	const [x, dy] = [bench.random("x", [runs, tokens, width], 3), bench.random("dy", [runs, tokens, width])];
	const upload = (name: string, from: Uploaded) =>
		bench.given(name, [runs, width, paddedTokens(tokens)], (run) => featureMajor(from.values[run]!, width)).tensor;
	return {
		...{ x, dy, gamma: bench.random("gamma", [runs, width]) },
		beta: biases ? bench.random("beta", [runs, width]) : undefined,
		onGpu: { x: upload("x", x), dy: upload("dy", dy) },
	};
}

function reference(kind: NormKind, x: Float64Array, gamma: Float64Array, beta?: Float64Array) {
	return kind === "rms" ? ops.rmsNorm(x, gamma) : ops.layerNorm(x, gamma, beta ?? new Float64Array(gamma.length));
}

function referenceBackward(kind: NormKind, dy: Float64Array, x: Float64Array, gamma: Float64Array) {
	const { mean, rstd } = reference(kind, x, gamma);
	if (kind === "layer") return ops.layerNormBackward(dy, x, gamma, mean, rstd);
	return { ...ops.rmsNormBackward(dy, x, gamma, rstd), dbeta: new Float64Array(gamma.length) };
}

const joined = ({ mean, rstd }: { mean: Float64Array; rstd: Float64Array }) =>
	Float64Array.from({ length: 2 * mean.length }, (_, i) => (i % 2 ? rstd : mean)[i >> 1]!);

describe.each(cases)("$kind norm of $tokens × $width, biases: $biases, $runs runs", (size) => {
	const { runs, tokens, width, kind } = size;
	const across = paddedTokens(tokens);
	const view = (values: ops.Numbers) => tokenMajor(values, tokens);

	test("forward", () =>
		withBench(async (bench) => {
			const { x, gamma, beta, onGpu } = inputs(bench, size);
			const y = bench.output("y", [runs, width, across]);
			const stats = bench.output("stats", [runs, 2, across]);
			await bench.run([norm(kind, { x: onGpu.x, gamma: gamma.tensor, beta: beta?.tensor, y, stats })]);
			const expected = (run: number) => reference(kind, x.values[run]!, gamma.values[run]!, beta?.values[run]);
			await bench.expect(y, (run) => expected(run).y, FORWARD, view);
			await bench.expect(stats, (run) => joined(expected(run)), FORWARD, view);
		}));

	test.each([false, true])("backward, onto what is there: %s", (accumulate) =>
		withBench(async (bench) => {
			const { x, gamma, dy, beta, onGpu } = inputs(bench, size);
			const forward = x.values.map((values, run) => reference(kind, values, gamma.values[run]!));
			const stats = bench.given("stats", [runs, 2, across], (run) => featureMajor(joined(forward[run]!), 2)).tensor;
			const gradient = (name: string) => {
				const before = accumulate ? bench.random(name, [runs, width]) : undefined;
				return { before, tensor: before?.tensor ?? bench.output(name, [runs, width]) };
			};
			const residual = accumulate ? bench.random("residual", [runs, tokens, width]) : undefined;
			const dx = residual
				? bench.given("dx", [runs, width, across], (run) => featureMajor(residual.values[run]!, width)).tensor
				: bench.output("dx", [runs, width, across]);
			const [dgamma, dbeta] = [gradient("dgamma"), gradient("dbeta")];
			await bench.run([
				normBackward(
					kind,
					{ ...onGpu, gamma: gamma.tensor, stats, dx, dgamma: dgamma.tensor, dbeta: beta && dbeta.tensor },
					{ residual: accumulate, accumulate },
				),
			]);
			const expected = (run: number) => referenceBackward(kind, dy.values[run]!, x.values[run]!, gamma.values[run]!);
			await bench.expect(dx, (run) => plus(expected(run).dx, residual?.values[run]), BACKWARD, view);
			for (const values of await bench.read(dx)) expect(paddingOf(values, tokens).every((d) => d === 0)).toBe(true);
			await bench.expect(dgamma.tensor, (run) => plus(expected(run).dgamma, dgamma.before?.values[run]), BACKWARD);
			if (beta)
				await bench.expect(dbeta.tensor, (run) => plus(expected(run).dbeta, dbeta.before?.values[run]), BACKWARD);
		}),
	);
});

test("tokens of equal entries, and of entries far from zero, stay finite and right", () =>
	withBench(async (bench) => {
		const [tokens, width] = [4, 10];
		const x = Float64Array.from(
			{ length: tokens * width },
			(_, i) => [0, -7, 1e6 + 1000 * (i % width), 1e-4 * (i % 3)][Math.floor(i / width)]!,
		);
		const onGpu = bench.given("x", [1, width, tokens], () => featureMajor(x, width));
		const [gamma, beta] = [bench.random("gamma", [1, width]), bench.random("beta", [1, width])];
		const [y, stats] = [bench.output("y", [1, width, tokens]), bench.output("stats", [1, 2, tokens])];
		await bench.run([norm("layer", { x: onGpu.tensor, gamma: gamma.tensor, beta: beta.tensor, y, stats })]);
		await bench.expect(
			y,
			() => ops.layerNorm(x.map(Math.fround), gamma.values[0]!, beta.values[0]!).y,
			FORWARD,
			(values) => tokenMajor(values, tokens),
		);
	}));

test.each([1, 3])("where there is no norm, dx += dy, %s runs", (runs) =>
	withBench(async (bench) => {
		const [dy, dx] = [bench.random("dy", [runs, 5, 136]), bench.random("dx", [runs, 5, 136])];
		const before = dx.values;
		await bench.run([addResidual({ dy: dy.tensor, dx: dx.tensor })]);
		await bench.expect(dx.tensor, (run) => plus(before[run]!, dy.values[run]), FORWARD);
	}),
);

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const [x, stats] = [bench.output("x", [1, 4, 8]), bench.output("stats", [1, 2, 8])];
		const gamma = bench.output("gamma", [1, 3]);
		expect(() => norm("rms", { x, gamma, y: x, stats })).toThrow(
			"norm: x is [1,4,8], gamma is [1,3]; it must be [1,4]",
		);
		const ragged = bench.output("x", [1, 4, 6]);
		expect(() => addResidual({ dy: ragged, dx: ragged })).toThrow("its last axis must be a multiple of 4");
	}));
