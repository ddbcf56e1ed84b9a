import { fitParabola } from "../../maths/parabola.ts";

/**
 * Error of a parabola in ln N at the true optimum, without any noise (also measured by Czech et al. 2026,
 * arXiv:2603.22339). Along a budget C = 6·N·D the loss E + A·N^−α + B·D^−β is, with u = ln(N / N*) and up to scale and
 * shift,
 *
 *     f(u) = e^(−α·u) / α + e^(β·u) / β,
 *
 * whatever E, A, B and C are. The error therefore depends only on α, β and the positions of the sizes relative to N*,
 * and is the same at every budget where these positions are the same.
 *
 * @param u positions of the sizes, u = ln(N / N*)
 * @returns natural log of the parabola's N* over the true one; null when the sizes determine no minimum
 */
export function parabolaBias(alpha: number, beta: number, u: readonly number[]): number | null {
	const loss = u.map((value) => Math.exp(-alpha * value) / alpha + Math.exp(beta * value) / beta);
	const parabola = fitParabola(u, loss);
	return parabola && parabola.curvature > 0 ? parabola.x : null;
}

/** Rounds of `biasAtVertex`, and the change in ln N* at which it ends. */
const ROUNDS = 200;
const SETTLED = 1e-10;

/**
 * The same error where N* is unknown and only the parabola's vertex is: the true ln N* is the t for which
 * t + parabolaBias(x − t) is the vertex, found by repeated substitution.
 *
 * @param x ln N of the sizes
 * @param vertex the parabola's ln N*
 * @returns natural log of the parabola's N* over the true one; null when no such t is found
 */
export function biasAtVertex(alpha: number, beta: number, x: readonly number[], vertex: number): number | null {
	let bias = 0;
	for (let round = 0; round < ROUNDS; round++) {
		const truth = vertex - bias;
		const next = parabolaBias(
			alpha,
			beta,
			x.map((value) => value - truth),
		);
		if (next === null) return null;
		// The mean of both converges also where each substitution overshoots.
		const change = (next - bias) / 2;
		bias += change;
		if (Math.abs(change) < SETTLED) return bias;
	}
	return null;
}
