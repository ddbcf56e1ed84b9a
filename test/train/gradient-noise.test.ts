import { expect, test } from "vitest";
import { noiseMoments, noiseScale } from "../../src/maths/noise-scale.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import { smoothedNoiseScale, smoothMoments } from "../../src/train/gradient-noise.ts";
import { dataText } from "../reference/data-file.ts";

const { per_example_gradients: gradients, expected } = JSON.parse(dataText("gradient-noise.json")) as {
	per_example_gradients: number[][];
	expected: Record<string, { G2: number; S: number; B_simple: number }>;
};

const squared = (vector: number[]) => vector.reduce((sum, entry) => sum + entry ** 2, 0);
const mean = (vectors: number[][]) =>
	vectors[0]!.map((_, i) => vectors.reduce((sum, v) => sum + v[i]!, 0) / vectors.length);

test.each([1, 2])("batches of 8 and %s: the expected moments", (small) => {
	const groups = Array.from({ length: 8 / small }, (_, i) => gradients.slice(i * small, (i + 1) * small));
	const ofSmall = groups.reduce((sum, group) => sum + squared(mean(group)), 0) / groups.length;
	const moments = noiseMoments(ofSmall, squared(mean(gradients)), small, 8);
	const { G2, S, B_simple } = expected[`B_big_8_B_small_${small}`]!;
	expect(Math.abs(moments.signal / G2 - 1)).toBeLessThan(1e-9);
	expect(Math.abs(moments.noise / S - 1)).toBeLessThan(1e-9);
	expect(Math.abs(noiseScale(moments)! / B_simple - 1)).toBeLessThan(1e-9);
});

test("smoothed over steps it comes near the true scale, from the first of four micro-batches", () => {
	// Gradients of 50 entries: true ones of squared norm 2, noise of 0.1 per entry: tr Σ = 50 · 0.01 · 100 examples.
	const entries = 50;
	const signal = Math.sqrt(2 / entries);
	const deviation = 1;
	const batch = (step: number, part: number) =>
		Array.from({ length: entries }, (_, i) => signal + (deviation * normal(randomKey(1, step, part), i)) / 10);
	let moments = { signal: 0, noise: 0 };
	for (let step = 0; step < 1000; step++) {
		const parts = [0, 1, 2, 3].map((part) => batch(step, part));
		moments = smoothMoments(moments, noiseMoments(squared(parts[0]!), squared(mean(parts)), 100, 400));
	}
	expect(smoothedNoiseScale(moments)! / (entries / 2)).toBeGreaterThan(0.8);
	expect(smoothedNoiseScale(moments)! / (entries / 2)).toBeLessThan(1.25);
});

test("moments that tell nothing give no scale", () => {
	expect(noiseScale({ signal: 0, noise: 0 })).toBeNull();
	expect(noiseScale({ signal: -1, noise: 2 })).toBeNull();
	expect(smoothedNoiseScale({ signal: 2, noise: -1 })).toBeNull();
});
