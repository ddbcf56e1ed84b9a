import { polynomialResiduals } from "../../maths/polynomial.ts";
import { measurementsOf, type Slice } from "../points/iso-flop.ts";

/**
 * Scatter of the losses in ln L about a cubic in ln N fitted to each budget, pooled over the budgets:
 * σ² = Σ r² / Σ (measurements − 4), repeats of a size each on their own. A cubic matches a valley of the law E + A·N^−α + B·D^−β to within 0.1 % over a factor of 16
 * in N; a parabola does not. If no budget has more than 4 sizes, parabolas are used instead. Null if no budget has more
 * sizes than its curve has coefficients.
 */
export function valleyNoise(slices: readonly Slice[]): { deviation: number; freedom: number } | null {
	for (const degree of [3, 2]) {
		let squares = 0;
		let freedom = 0;
		for (const slice of slices) {
			const points = measurementsOf(slice).flat();
			if (slice.points.length < degree + 1 || points.length < degree + 2) continue;
			const x = points.map((point) => Math.log(point.parameters));
			const y = points.map((point) => Math.log(point.loss));
			for (const r of polynomialResiduals(x, y, degree)) squares += r * r;
			freedom += points.length - degree - 1;
		}
		if (freedom > 0) return { deviation: Math.sqrt(squares / freedom), freedom };
	}
	return null;
}
