import { polynomialResiduals } from "../../maths/polynomial.ts";
import type { Slice } from "../points/iso-flop.ts";

/**
 * How far the losses of a budget scatter, in ln L, from what a cubic in ln N leaves of them, pooled over the budgets:
 * σ² = Σ r² / Σ (sizes − 4). A valley of the law E + A·N^−α + B·D^−β is a cubic to within 0.1 % over a factor of 16, which
 * a parabola is not. Budgets of 4 sizes count with a parabola where no budget has more. Null where none shows scatter.
 */
export function valleyNoise(slices: readonly Slice[]): { deviation: number; freedom: number } | null {
	for (const degree of [3, 2]) {
		let squares = 0;
		let freedom = 0;
		for (const { points } of slices) {
			if (points.length < degree + 2) continue;
			const x = points.map((point) => Math.log(point.parameters));
			const y = points.map((point) => Math.log(point.loss));
			for (const r of polynomialResiduals(x, y, degree)) squares += r * r;
			freedom += points.length - degree - 1;
		}
		if (freedom > 0) return { deviation: Math.sqrt(squares / freedom), freedom };
	}
	return null;
}
