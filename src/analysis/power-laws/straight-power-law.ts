import { mean } from "../../maths/least-squares.ts";
import { studentQuantile } from "../../maths/student.ts";
import type { Fit, FitPoint, LeftOut } from "../fitting/fit.ts";
import { undetermined, withDefaults } from "../fitting/fit-response.ts";
import type { LawFitOptions } from "../fitting/parametric-law.ts";
import { fitPowerLaw } from "./power-law.ts";

/**
 * y = k·x^p fitted to measured (x, y) as a straight line in logs, by least squares, with Student's intervals
 *
 *     p ± t·s/√Sxx,   ln k ± t·s·√(1/n + x̄²/Sxx),   s² = Σ r²/(n − 2), t with n − 2 degrees of freedom.
 *
 * The intervals assume independent points with equal scatter in ln y: one point per value of x.
 */
export interface StraightPowerLaw {
	/** What is fitted, with its source, for display. */
	title: string;
	formula: string;
	coefficient: string;
	exponent: string;
	/** Whether the formula has x^−exponent instead of x^exponent. */
	falling: boolean;
}

/** Fits the law. Its estimate is the exponent; with only two points there is no interval. */
export function fitStraightPowerLaw(
	law: StraightPowerLaw,
	points: readonly FitPoint[],
	options: Pick<LawFitOptions, "interval"> = {},
): Fit {
	const { level } = withDefaults(options);
	const about = { level, method: `${law.title}; least squares in logs`, formula: law.formula };
	const usable = ({ x, y }: FitPoint) => x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y);
	const used = points.filter(usable);
	const leftOut: LeftOut[] = points
		.filter((point) => !usable(point))
		.map(({ x, y, runs }) => ({
			run: runs.join(" "),
			reason: `x is ${x} and y ${y}; both must be positive and finite`,
		}));
	const logX = used.map(({ x }) => Math.log(x));
	const logY = used.map(({ y }) => Math.log(y));
	const line = fitPowerLaw(logX, logY);
	if (!line) return undetermined(`${used.length} usable points at one x; a power law needs two x`, leftOut, about);
	const n = used.length;
	const center = mean(logX);
	const spread = logX.reduce((sum, value) => sum + (value - center) ** 2, 0);
	const scatter = n > 2 ? studentQuantile((1 + level) / 2, n - 2) * line.residual * Math.sqrt(n / (n - 2)) : null;
	const around = (value: number, error: number) =>
		scatter === null ? [null, null] : [value - scatter * error, value + scatter * error];
	const [low, high] = around(law.falling ? -line.exponent : line.exponent, 1 / Math.sqrt(spread));
	const [logLow, logHigh] = around(Math.log(line.coefficient), Math.sqrt(1 / n + center ** 2 / spread));
	const exponent = { estimate: law.falling ? -line.exponent : line.exponent, low: low!, high: high! };
	const finite = (end: number | null) => (end !== null && Number.isFinite(Math.exp(end)) ? Math.exp(end) : null);
	return {
		...about,
		...exponent,
		reason: null,
		parameters: {
			[law.coefficient]: { estimate: line.coefficient, low: finite(logLow!), high: finite(logHigh!) },
			[law.exponent]: exponent,
		},
		residual: line.residual,
		points: used,
		runs: [...new Set(used.flatMap(({ runs }) => runs))],
		leftOut,
		warnings: n === 2 ? ["Two points: the line passes through both, so that there is no interval."] : [],
		resamples: 0,
		objective: { loss: "log-mse", delta: null, value: (n * line.residual ** 2) / 2 },
	};
}
