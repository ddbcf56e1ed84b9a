import { regression } from "../../../src/analysis/fitting/regression.ts";
import { lossSequence } from "../../../src/analysis/fitting/robust-loss.ts";
import { linkedSum } from "../../../src/analysis/parametric-laws/sum-of-powers.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { derivatives } from "../../../src/maths/minimize.ts";

/**
 * Hoffmann et al.'s objective (their equation 3) and its gradient in (a, b, e, α, β), a = ln A, b = ln B, e = ln E:
 *
 *     Σ Huber_δ(LSE(a − α ln N, b − β ln D, e) − ln L)
 */
export function method3Objective(
	points: readonly Point[],
	{ a, b, e, α, β }: Record<"a" | "b" | "e" | "α" | "β", number>,
	delta = 1e-3,
): { value: number; gradient: number[] } {
	const logs = (value: (point: Point) => number) => Float64Array.from(points, (point) => Math.log(value(point)));
	const law = linkedSum([logs(({ parameters }) => parameters), logs(({ tokens }) => tokens)], true);
	const weights = new Float64Array(points.length).fill(1);
	const [huber] = lossSequence("huber", delta);
	const into = derivatives(5);
	const objective = regression(
		law,
		logs(({ loss }) => loss),
		weights,
		huber!,
	);
	const value = objective.evaluate(Float64Array.of(a, α, b, β, e), into);
	const [da, dα, db, dβ, de] = into.gradient;
	return { value, gradient: [da!, db!, de!, dα!, dβ!] };
}
