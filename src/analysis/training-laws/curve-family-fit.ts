import { evenly } from "../../maths/evenly.ts";
import { centralInterval } from "../../maths/quantile.ts";
import { randomKey, uniform } from "../../maths/random.ts";
import type { Estimate, Fit, FitPoint } from "../fitting/fit.ts";
import { undetermined, withDefaults, withoutIntervals } from "../fitting/fit-response.ts";
import type { LawFitOptions, LawParameters } from "../fitting/parametric-law.ts";
import { type CurveFamily, FAMILIES } from "./curve-families.ts";
import { type ProjectedCurve, type Projection, searchProjected } from "./projected-curve.ts";

export interface CurveFitOptions extends Pick<LawFitOptions, "interval"> {
	/** Bootstrap resamples. Default 0: no intervals. */
	resamples?: number;
	/** Seeds the resampling. Default 42. */
	seed?: number;
}

/** Larger sets are thinned along x: more points would not improve a fit of four parameters. */
const MOST_POINTS = 2000;

/** The curve's y at x. */
export function curveFamilyValue(family: CurveFamily, parameters: LawParameters, x: number): number {
	return FAMILIES[family].value(parameters, x);
}

/**
 * Fits a family by least squares in y. The estimate is c; `residual` is the root mean square of the residuals in y.
 *
 * Intervals are percentiles of a residual bootstrap (Efron 1979): refits to the fitted curve plus residuals drawn with
 * replacement. The residuals are scaled by √(n/(n − p)) to offset the p fitted parameters. The intervals assume
 * independent points, such as the ends of runs but not the checkpoints of one run.
 */
export function fitCurveFamily(
	family: CurveFamily,
	points: readonly FitPoint[],
	{ resamples = 0, seed = 42, ...options }: CurveFitOptions = {},
): Fit {
	const { formula, size, above, curve, parameters, value } = FAMILIES[family];
	const { level } = withDefaults(options);
	const about = { level, method: `${family}; least squares of y by variable projection`, formula };
	const usable = ({ x, y }: FitPoint) => x > above && Number.isFinite(x) && Number.isFinite(y);
	const leftOut = points
		.filter((point) => !usable(point))
		.map(({ x, y, runs }) => ({
			run: runs.join(" "),
			reason: `x is ${x} and y ${y}; x must be above ${above}, both finite`,
		}));
	const used = evenly(
		points.filter(usable).sort((a, b) => a.x - b.x),
		MOST_POINTS,
	);
	const x = Float64Array.from(used, (point) => point.x);
	const y = Float64Array.from(used, (point) => point.y);
	const distinct = new Set(x).size;
	if (distinct < size) return undetermined(`there are ${distinct} distinct x; ${family} needs ${size}`, leftOut, about);
	const projected = curve(x);
	const found = searchProjected(projected, y);
	if (!found) return undetermined("y does not rise with x as the family does", leftOut, about);
	const values = parameters(found.best, x);
	if (!allFinite(values))
		return undetermined(`the points put no finite value on every parameter of ${family}`, leftOut, about);
	const fitted = x.map((each) => value(values, each));
	const draws = resample(projected, found.best, fitted, y, size, seed, used.length > size ? resamples : 0)
		.map((projection) => parameters(projection, x))
		.filter(allFinite);
	const estimates = withIntervals(values, draws, level);
	return {
		...about,
		...estimates.c!,
		reason: null,
		parameters: estimates,
		residual: Math.sqrt(found.best.squares / used.length),
		points: used,
		runs: [...new Set(used.flatMap(({ runs }) => runs))],
		leftOut,
		warnings:
			distinct === size ? [`${distinct} distinct x for ${size} parameters: the curve passes through them all.`] : [],
		resamples: draws.length,
		objective: { loss: "mse", delta: null, value: found.best.squares },
		health: found.health,
	};
}

/** Refits the curve to resampled residuals, starting from its own parameters. */
function resample(
	curve: ProjectedCurve,
	best: Projection,
	fitted: Float64Array,
	y: Float64Array,
	size: number,
	seed: number,
	resamples: number,
): Projection[] {
	const n = y.length;
	const residuals = y.map((value, i) => (value - fitted[i]!) * Math.sqrt(n / (n - size)));
	const projections: Projection[] = [];
	for (let r = 0; r < resamples; r++) {
		const key = randomKey(seed, "curve", r);
		const drawn = fitted.map((value, i) => value + residuals[Math.floor(uniform(key, i) * n)]!);
		const found = searchProjected({ ...curve, starts: [best.ν] }, drawn);
		if (found) projections.push(found.best);
	}
	return projections;
}

function withIntervals(
	values: LawParameters,
	draws: readonly LawParameters[],
	level: number,
): Record<string, Estimate> {
	const estimates = withoutIntervals(values);
	for (const name of Object.keys(values)) {
		const ends = centralInterval(
			draws.map((draw) => draw[name]!),
			level,
		);
		estimates[name] = { ...estimates[name]!, low: ends?.low ?? null, high: ends?.high ?? null };
	}
	return estimates;
}

function allFinite(values: LawParameters): boolean {
	return Object.values(values).every(Number.isFinite);
}
