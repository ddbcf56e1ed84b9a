import { logRange } from "../fitting/centered-logs.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";
import { fitResponse } from "../fitting/fit-response.ts";
import type { LawFitOptions, LawOnPoints } from "../fitting/parametric-law.ts";
import { fitStraightPowerLaw } from "../power-laws/straight-power-law.ts";

/**
 * The critical batch size (McCandlish et al. 2018, arXiv:1812.06162, equation 2.11). Reaching a given loss at batch size
 * B takes S steps and E = B·S tokens (or examples, in the unit of B), where
 *
 *     (S/S_min − 1)·(E/E_min − 1) = 1   ⇔   S = S_min·(1 + B_crit/B),   B_crit = E_min/S_min.
 *
 * Fitted in ln S, in which the scatter is the same at all batch sizes.
 */
export interface BatchMeasurement {
	run: string;
	/** B. */
	batch: number;
	/** S: steps needed to reach the loss. */
	steps: number;
}

/** B_crit is searched within a factor e^±7, about a thousand, of the measured batch sizes. */
const BEYOND = 7;

/** Fits the tradeoff between steps and batch size. Its estimate is B_crit. Default: least squares of ln S. */
export function fitCriticalBatch(runs: readonly BatchMeasurement[], options: LawFitOptions = {}): Fit {
	const usable = ({ batch, steps }: BatchMeasurement) =>
		[batch, steps].every((value) => value > 0 && Number.isFinite(value));
	const leftOut: LeftOut[] = runs
		.filter((run) => !usable(run))
		.map(({ run, batch, steps }) => ({
			run,
			reason: `batch ${batch}, ${steps} steps; both must be positive and finite`,
		}));
	return fitResponse(
		{
			title: "Steps against batch at one loss, McCandlish et al. 2018",
			formula: "S = S_min·(1 + B_crit/B), E_min = B_crit·S_min",
			headline: "B_crit",
			profiled: ["B_crit", "S_min"],
			prepare,
			response: ({ steps }) => steps,
			show: ({ run, batch, steps }) => ({ x: batch, y: steps, runs: [run] }),
		},
		runs.filter(usable),
		leftOut,
		{ loss: "log-mse", ...options },
	);
}

/** θ = (ln B_crit, ln S_min): ln S = ln S_min + ln(1 + e^(ln B_crit − ln B)). */
function prepare(runs: readonly BatchMeasurement[]): LawOnPoints | string {
	const x = Float64Array.from(runs, ({ batch }) => Math.log(batch));
	const { low, high } = logRange(Float64Array.from(runs, ({ batch }) => batch));
	if (!(high > low)) return "the runs have one batch; S_min and B_crit need 2";
	const steps = logRange(Float64Array.from(runs, (run) => run.steps));
	return {
		size: 2,
		names: ["B_crit", "S_min"],
		bounds: {
			lower: Float64Array.of(low - BEYOND, steps.low - 3 * BEYOND),
			upper: Float64Array.of(high + BEYOND, steps.high),
		},
		predict([criticalBatch, leastSteps], i, gradient, hessian) {
			const z = criticalBatch! - x[i]!;
			const share = 1 / (1 + Math.exp(-z));
			gradient[0] = share;
			gradient[1] = 1;
			hessian[0] = share * (1 - share);
			hessian[2] = 0;
			hessian[3] = 0;
			return leastSteps! + Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
		},
		starts: () => [low, (low + high) / 2, high].map((b) => Float64Array.of(b, steps.low)),
		parameters([b, s]) {
			const [B_crit, S_min] = [Math.exp(b!), Math.exp(s!)];
			return { B_crit, S_min, E_min: B_crit * S_min };
		},
		theta: ({ B_crit, S_min }) => Float64Array.of(Math.log(B_crit!), Math.log(S_min!)),
		undetermined(atBound) {
			if (!atBound.includes("B_crit")) return null;
			const first = runs.reduce((least, run) => (run.batch < least.batch ? run : least));
			const last = runs.reduce((most, run) => (run.batch > most.batch ? run : most));
			return last.steps < 0.9 * first.steps
				? "steps fall as 1/B throughout: the batches are all far below B_crit"
				: "steps do not fall with the batch: the batches are all far above B_crit";
		},
	};
}

/** The critical batch size measured at one loss. */
export interface CriticalBatchPoint {
	run: string;
	/** Nats per token. */
	loss: number;
	/** B_crit. */
	batch: number;
}

/** B_crit(L) = B*·L^(−1/α_B) (Kaplan et al. 2020, arXiv:2001.08361, equation 5.3). The estimate is 1/α_B. */
export function fitCriticalBatchOfLoss(points: readonly CriticalBatchPoint[], options?: LawFitOptions): Fit {
	const law = {
		title: "Critical batch as a power law of the loss, Kaplan et al. 2020",
		formula: "B_crit = B*·L^(−1/α_B)",
		coefficient: "B*",
		exponent: "1/α_B",
		falling: true,
	};
	return fitStraightPowerLaw(
		law,
		points.map(({ run, loss, batch }) => ({ x: loss, y: batch, runs: [run] })),
		options,
	);
}
