import { fitParabola } from "../../maths/parabola.ts";

/**
 * How far a parabola in ln N misses the true optimum, without any noise (Czech et al. 2026, arXiv:2603.22339, measure the
 * same). Along a budget C = 6·N·D the loss E + A·N^−α + B·D^−β is, with u = ln(N / N*) and up to scale and shift,
 *
 *     f(u) = e^(−α·u) / α + e^(β·u) / β,
 *
 * whatever E, A, B and C are: so the error depends on α, β and on where the sizes lie about N*, and is the same at every
 * budget when they lie alike.
 *
 * @param u the sizes' places, u = ln(N / N*)
 * @returns natural log of the parabola's N* over the true one; null when the sizes determine no valley
 */
export function parabolaBias(alpha: number, beta: number, u: readonly number[]): number | null {
	const loss = u.map((value) => Math.exp(-alpha * value) / alpha + Math.exp(beta * value) / beta);
	const parabola = fitParabola(u, loss);
	return parabola && parabola.curvature > 0 ? parabola.x : null;
}
