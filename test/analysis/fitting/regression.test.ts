import { expect, test } from "vitest";
import { addTo } from "../../../src/analysis/fitting/add-to-derivatives.ts";
import { regression } from "../../../src/analysis/fitting/regression.ts";
import { lossSequence } from "../../../src/analysis/fitting/robust-loss.ts";
import { linkedSum } from "../../../src/analysis/parametric-laws/sum-of-powers.ts";
import { derivatives } from "../../../src/maths/minimize.ts";
import { normal } from "../../../src/maths/random.ts";

const random = (key: number, length: number) => Float64Array.from({ length }, (_, i) => normal(key, i));

test("what is written out for five parameters adds what the loop for any number adds, in the same bits", () => {
	const slope = random(1, 5);
	const curvature = random(2, 25);
	const five = derivatives(5);
	addTo(5)(slope, curvature, 0.7, -0.3, 0.2, five);
	// The same five, with a sixth that nothing depends on.
	const six = derivatives(6);
	const wide = new Float64Array(36);
	for (let j = 0; j < 5; j++) for (let k = 0; k < 5; k++) wide[6 * j + k] = curvature[5 * j + k]!;
	addTo(6)(Float64Array.of(...slope, 0), wide, 0.7, -0.3, 0.2, six);
	for (let j = 0; j < 5; j++) {
		expect(five.gradient[j]).toBe(six.gradient[j]);
		for (let k = 0; k <= j; k++) {
			expect(five.hessian[5 * j + k]).toBe(six.hessian[6 * j + k]);
			expect(five.metric[5 * j + k]).toBe(six.metric[6 * j + k]);
		}
	}
});

test.each(["huber", "mse"] as const)("an objective's derivatives (%s) are those of its values", (name) => {
	const law = linkedSum([random(3, 30), random(4, 30)], true);
	const [loss] = lossSequence(name, 0.1);
	const objective = regression(law, random(5, 30), random(6, 30).map(Math.abs), loss!);
	const theta = Float64Array.of(0.3, 0.4, 0.1, 0.2, 0.5);
	const here = derivatives(5);
	objective.evaluate(theta, here);
	const h = 1e-5;
	for (let j = 0; j < 5; j++) {
		const at = (step: number) => {
			const into = derivatives(5);
			const value = objective.evaluate(
				theta.map((value, k) => value + (k === j ? step : 0)),
				into,
			);
			return { value, gradient: into.gradient };
		};
		const [up, down] = [at(h), at(-h)];
		expect(here.gradient[j]).toBeCloseTo((up.value - down.value) / (2 * h), 6);
		for (let k = 0; k < 5; k++)
			expect(here.hessian[5 * j + k]).toBeCloseTo((up.gradient[k]! - down.gradient[k]!) / (2 * h), 5);
	}
});
