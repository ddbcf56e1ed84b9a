import { groupBy } from "../../maths/group-by.ts";
import { leastSquaresLine, mean } from "../../maths/least-squares.ts";
import { normal } from "../../maths/random.ts";
import type { Point } from "../points/point.ts";
import type { LawParameters, ParametricLaw } from "./parametric-law.ts";

/** Scatter of runs about a law; draws new losses for the points, as other runs might have had them. */
export interface RunScatter {
	/** Standard deviation in ln L of a run's offset, and of its tilt per unit of ln D. */
	offset: number;
	tilt: number;
	/** Degrees of freedom of the offset. */
	freedom: number;
	/** The losses of one resample. */
	draw(key: number): number[];
}

/**
 * Measures the scatter of runs about a law. Each run's residuals in ln L are modeled as a line in ln D: an offset, a
 * tilt, and noise. The fit has absorbed part of this scatter, so degrees of freedom are subtracted: from the offsets
 * one for each parameter that acts between runs, from the tilts one for each that acts along a run. Null when none
 * are left.
 */
export function runScatter(law: ParametricLaw, estimate: LawParameters, points: readonly Point[]): RunScatter | null {
	const fitted = points.map((point) => Math.log(law.loss(estimate, point)));
	const residual = points.map(({ loss }, i) => Math.log(loss) - fitted[i]!);
	const x = points.map(({ tokens }) => Math.log(tokens));
	const members = [...groupBy(points.keys(), (i) => points[i]!.run).values()];
	const single = members.every((group) => group.length === 1);
	const freedom = members.length - (single ? PARAMETERS : BETWEEN);
	if (freedom < 1) return null;
	const centers = members.map((group) => mean(group.map((i) => x[i]!)));
	const offsets = members.map((group) => mean(group.map((i) => residual[i]!)));
	const tilts = members.map((group) => slopeOf(group, x, residual)).filter((slope) => slope !== null);
	const offset = Math.sqrt(sumOfSquares(offsets) / freedom);
	const noise = noiseOf(members, x, residual);
	const tilt = tilts.length > ALONG ? Math.sqrt(sumOfSquares(tilts) / (tilts.length - ALONG)) : 0;
	return {
		offset,
		tilt,
		freedom,
		draw(key) {
			let chiSquared = 0;
			for (let i = 0; i < freedom; i++) chiSquared += normal(key, i) ** 2;
			const scale = Math.sqrt(freedom / chiSquared);
			const losses = new Array<number>(points.length);
			for (const [g, group] of members.entries()) {
				const up = scale * offset * normal(key, freedom + 2 * g);
				const slope = group.length > 1 ? scale * tilt * normal(key, freedom + 2 * g + 1) : 0;
				for (const i of group) {
					const own = noise * normal(key, freedom + 2 * members.length + i);
					losses[i] = Math.exp(fitted[i]! + up + slope * (x[i]! - centers[g]!) + own);
				}
			}
			return losses;
		},
	};
}

/**
 * Standard deviation in ln L of the last points of runs about a law, with its degrees of freedom: how far the final loss of a
 * single run lies from the law. Null when the fit leaves none.
 */
export function finalScatter(
	law: ParametricLaw,
	estimate: LawParameters,
	points: readonly Point[],
): { deviation: number; freedom: number } | null {
	const members = [...groupBy(points, ({ run }) => run).values()];
	const freedom = members.length - (members.every(({ length }) => length === 1) ? PARAMETERS : BETWEEN);
	if (freedom < 1) return null;
	const ends = members.map((run) => run.reduce((last, point) => (point.tokens > last.tokens ? point : last)));
	const residuals = ends.map((point) => Math.log(point.loss / law.loss(estimate, point)));
	return { deviation: Math.sqrt(sumOfSquares(residuals) / freedom), freedom };
}

/** Numbers of parameters of L = E + A·N^−α + B·D^−β that act between runs of equal length, along a run, and in all. */
const BETWEEN = 3;
const ALONG = 2;
const PARAMETERS = 5;

function slopeOf(group: readonly number[], x: readonly number[], y: readonly number[]): number | null {
	const line = leastSquaresLine(
		group.map((i) => x[i]!),
		group.map((i) => y[i]!),
	);
	return line?.slope ?? null;
}

/** Standard deviation of each run's residuals about a line; 0 if no run has more than two points. */
function noiseOf(members: readonly number[][], x: readonly number[], y: readonly number[]): number {
	let squares = 0;
	let freedom = 0;
	for (const group of members) {
		if (group.length < 3) continue;
		const line = leastSquaresLine(
			group.map((i) => x[i]!),
			group.map((i) => y[i]!),
		);
		if (!line) continue;
		squares += group.length * line.residual ** 2;
		freedom += group.length - 2;
	}
	return freedom > 0 ? Math.sqrt(squares / freedom) : 0;
}

function sumOfSquares(values: readonly number[]): number {
	return values.reduce((sum, value) => sum + value * value, 0);
}
