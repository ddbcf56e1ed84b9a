import { describe, expect, test } from "vitest";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import { centralDifferences } from "./central-differences.ts";
import { expectClose, randomArray } from "./compare.ts";
import * as ops from "./ops.ts";

const random = (name: string, n: number, scale = 1) => randomArray(n, randomKey(7, name), scale);
const randomTokens = (n: number, vocabulary: number) =>
	Uint32Array.from({ length: n }, (_, i) => randomBits(randomKey(7, "tokens"), i) % vocabulary);
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Backward against differences of Σ y·dy, over all entries of `x`. */
function expectGradient(name: string, actual: Float64Array, x: Float64Array, f: () => number) {
	expectClose(actual, centralDifferences(f, x), 1e-9, name);
}

describe("embedding", () => {
	const [B, T, V, C] = [3, 5, 4, 7];
	const wte = random("wte", V * C);
	const wpe = random("wpe", T * C);
	const tokens = randomTokens(B * T, V);

	test("adds the token's row and the position's", () => {
		const x = ops.embedding(tokens, wte, wpe, C);
		expect(x.length).toBe(B * T * C);
		const [b, t, c] = [2, 3, 6];
		expect(x[(b * T + t) * C + c]).toBe(wte[tokens[b * T + t]! * C + c]! + wpe[t * C + c]!);
	});

	test("backward agrees with central differences", () => {
		const dx = random("dx", B * T * C);
		const { dwte, dwpe } = ops.embeddingBackward(dx, tokens, V, T);
		const f = () => dot(ops.embedding(tokens, wte, wpe, C), dx);
		expectGradient("dwte", dwte, wte, f);
		expectGradient("dwpe", dwpe, wpe, f);
	});

	test("refuses ragged arguments", () => {
		expect(() => ops.embedding(tokens.subarray(1), wte, wpe, C)).toThrow(/tokens has 14 values, one row has 5/);
	});
});

describe("layer norm", () => {
	const [M, C] = [4, 7];
	const x = random("x", M * C, 2);
	const gamma = random("gamma", C);
	const beta = random("beta", C);

	test("normalizes with the biased variance and eps inside the root", () => {
		const { y, mean, rstd } = ops.layerNorm([1, 3, 5, 7], [1, 1, 2, 1], [0, 0, 0, 10], 0.5);
		expect([...mean]).toEqual([4]);
		expect(rstd[0]).toBeCloseTo(1 / Math.sqrt(5.5), 15);
		expectClose(y, [-3 / Math.sqrt(5.5), -1 / Math.sqrt(5.5), 2 / Math.sqrt(5.5), 10 + 3 / Math.sqrt(5.5)], 1e-15, "y");
	});

	test("backward agrees with central differences", () => {
		const dy = random("dy", M * C);
		const { mean, rstd } = ops.layerNorm(x, gamma, beta);
		const { dx, dgamma, dbeta } = ops.layerNormBackward(dy, x, gamma, mean, rstd);
		const f = () => dot(ops.layerNorm(x, gamma, beta).y, dy);
		expectGradient("dx", dx, x, f);
		expectGradient("dgamma", dgamma, gamma, f);
		expectGradient("dbeta", dbeta, beta, f);
	});
});

describe("linear", () => {
	const [M, K, N] = [5, 3, 7];
	const x = random("x", M * K);
	const w = random("w", K * N);
	const b = random("b", N);

	test("multiplies by [in, out] weights and adds the bias", () => {
		expect([...ops.linear([1, 2], [1, 2, 3, 4, 5, 6], [10, 20, 30])]).toEqual([19, 32, 45]);
	});

	test("backward agrees with central differences", () => {
		const dy = random("dy", M * N);
		const { dx, dw, db } = ops.linearBackward(dy, x, w, N);
		const f = () => dot(ops.linear(x, w, b), dy);
		expectGradient("dx", dx, x, f);
		expectGradient("dw", dw, w, f);
		expectGradient("db", db, b, f);
	});
});

describe("gelu", () => {
	test("is u·sigmoid(2√(2/π)·(u + 0.044715·u³)), computed with 60 digits", () => {
		const expected = [-0.003637392081773019, -0.1588080093917233, 0, 0.34571400982514394, 1.954597694087775];
		expectClose(ops.gelu([-3, -1, 0, 0.5, 2]), expected, 1e-15, "gelu");
	});

	test("backward agrees with central differences", () => {
		const u = random("u", 23, 2);
		const dy = random("dy", 23);
		expectGradient("du", ops.geluBackward(dy, u), u, () => dot(ops.gelu(u), dy));
	});
});

describe("RMS norm", () => {
	test("divides by the root mean square with eps inside the root", () => {
		const { y } = ops.rmsNorm([3, 4], [1, 2], 0.5);
		expectClose(y, [3 / Math.sqrt(13), 8 / Math.sqrt(13)], 1e-15, "y");
	});

	test("backward agrees with central differences", () => {
		const [x, gamma, dy] = [random("x", 21, 2), random("gamma", 7), random("dy", 21)];
		const { dx, dgamma } = ops.rmsNormBackward(dy, x, gamma, ops.rmsNorm(x, gamma).rstd);
		const f = () => dot(ops.rmsNorm(x, gamma).y, dy);
		expectGradient("dx", dx, x, f);
		expectGradient("dgamma", dgamma, gamma, f);
	});
});

describe("gated unit", () => {
	test("backward agrees with central differences", () => {
		const [gate, up, dy] = [random("gate", 9, 2), random("up", 9), random("dy", 9)];
		const { dgate, dup } = ops.gatedBackward(dy, gate, up);
		const f = () => dot(ops.gated(gate, up), dy);
		expectGradient("dgate", dgate, gate, f);
		expectGradient("dup", dup, up, f);
	});
});

describe("queries and keys", () => {
	test("a pair of entries at position t is turned by t·10000^(−2d/D), the first half with the second", () => {
		const x = [0, 0, 0, 0, 1, 0, 0, 1];
		const turned = ops.rotary(x, 2, 1, 4);
		expectClose(turned.subarray(4), [Math.cos(1), -Math.sin(0.01), Math.sin(1), Math.cos(0.01)], 1e-15, "turned");
		expectClose(ops.rotary(turned, 2, 1, 4, -1), x, 1e-15, "turned back");
	});

	test("backward agrees with central differences", () => {
		const counts = { heads: 4, keyValueHeads: 2, headSize: 4 };
		const [raw, dqkv] = [random("raw", 6 * 32), random("dqkv", 6 * 32)];
		const gains = { q: random("q", 4), k: random("k", 4) };
		const { draw, dq, dk } = ops.queryKeyBackward(dqkv, raw, counts, gains, 3);
		const f = () => dot(ops.queryKey(raw, counts, gains, 3).qkv, dqkv);
		expectGradient("draw", draw, raw, f);
		expectGradient("dq", dq, gains.q, f);
		expectGradient("dk", dk, gains.k, f);
	});
});

describe("attention", () => {
	const [B, T, heads, D] = [2, 5, 4, 2];
	const shape = { context: T, heads, keyValueHeads: 2, headSize: D, scale: 0.6 };
	const C = heads * D;
	const across = (heads + 2 * 2) * D;
	const qkv = random("qkv", B * T * across);

	test("a row is the softmax-weighted mean of the values up to it", () => {
		// One head of size 1, so scale 1. q = (1, 2), k = (3, 4), v = (5, 6): row 1 has scores 6 and 8.
		const { o, lse } = ops.attention([1, 3, 5, 2, 4, 6], {
			context: 2,
			heads: 1,
			keyValueHeads: 1,
			headSize: 1,
			scale: 1,
		});
		const p = Math.exp(6) / (Math.exp(6) + Math.exp(8));
		expectClose(o, [5, 5 * p + 6 * (1 - p)], 1e-15, "o");
		expectClose(lse, [3, Math.log(Math.exp(6) + Math.exp(8))], 1e-15, "lse");
	});

	test("scores are multiplied by the scale; queries of a group have one key and value", () => {
		const one = { context: 1, heads: 2, keyValueHeads: 1, headSize: 2, scale: 0.5 };
		const { o, lse } = ops.attention([1, 2, 3, 4, 1, 10, 5, 6], one);
		expect([...lse]).toEqual([10.5, 21.5]);
		expect([...o]).toEqual([5, 6, 5, 6]);
	});

	test("no position sees a later one", () => {
		const before = ops.attention(qkv, shape).o;
		const changed = qkv.slice().fill(9, 3 * across, T * across);
		const after = ops.attention(changed, shape).o;
		expect(after.subarray(0, 3 * C)).toEqual(before.subarray(0, 3 * C));
		expect(after.subarray(T * C)).toEqual(before.subarray(T * C));
		expect(after.subarray(3 * C, T * C)).not.toEqual(before.subarray(3 * C, T * C));
	});

	test("large scores do not overflow", () => {
		const { o, lse } = ops.attention(
			qkv.map((value) => value * 100),
			shape,
		);
		expect([...o, ...lse].every(Number.isFinite)).toBe(true);
	});

	test("backward agrees with central differences", () => {
		const dout = random("do", B * T * C);
		const { o, lse } = ops.attention(qkv, shape);
		const dqkv = ops.attentionBackward(dout, qkv, o, lse, shape);
		expectGradient("dqkv", dqkv, qkv, () => dot(ops.attention(qkv, shape).o, dout));
	});
});

describe("head", () => {
	const [M, C, V] = [5, 3, 11];
	const x = random("x", M * C);
	const w = random("w", V * C);
	const targets = randomTokens(M, V);
	const mean = () => ops.head(x, w, targets).loss.reduce((sum, value) => sum + value, 0) / M;

	test("equal logits cost log V per token", () => {
		const { loss, lse } = ops.head(new Float64Array(6), w, [0, 5]);
		expectClose(loss, [Math.log(V), Math.log(V)], 1e-15, "loss");
		expectClose(lse, [Math.log(V), Math.log(V)], 1e-15, "lse");
	});

	test("the loss is the target's share of the softmax", () => {
		const { loss } = ops.head([1], [1, 2, 4], [1]);
		expect(loss[0]).toBeCloseTo(-Math.log(Math.exp(2) / (Math.exp(1) + Math.exp(2) + Math.exp(4))), 14);
	});

	test("backward of the mean agrees with central differences", () => {
		const { dx, dw } = ops.headBackward(x, w, targets, ops.head(x, w, targets).lse);
		expectGradient("dx", dx, x, mean);
		expectGradient("dw", dw, w, mean);
	});

	test("micro-batches weighted by the whole step's tokens add up to it", () => {
		const whole = ops.headBackward(x, w, targets, ops.head(x, w, targets).lse);
		const parts = [0, 2].map((from, i) => {
			const [rows, to] = [x.subarray(from * C, i === 0 ? 2 * C : M * C), i === 0 ? 2 : M];
			const part = targets.subarray(from, to);
			return ops.headBackward(rows, w, part, ops.head(rows, w, part).lse, 1 / M);
		});
		expectClose(Float64Array.of(...parts[0]!.dx, ...parts[1]!.dx), whole.dx, 1e-14, "dx");
		expectClose(
			parts[0]!.dw.map((value, i) => value + parts[1]!.dw[i]!),
			whole.dw,
			1e-14,
			"dw",
		);
	});
});
