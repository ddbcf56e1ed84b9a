import { akima, akimaMinimum } from "../../maths/akima.ts";
import { fitParabola } from "../../maths/parabola.ts";
import type { Slice } from "../points/iso-flop.ts";

/**
 * The minimum of a budget's losses (ln N*, and the loss there) with ln N of the sizes that its curve is fitted to, or the
 * reason why there is none.
 */
export type Minimum =
	| { logParameters: number; loss: number; fitted: readonly number[]; reason: null }
	| { reason: string };

/** How to find a valley's minimum. */
export interface ValleyMethod {
	/** `parabola`: of loss in ln N. `akima`: Akima's curve through ln loss. */
	curve: "parabola" | "akima";
	/** Use only this many sizes, those nearest to the one with the lowest loss. Default: all. */
	nearest?: number;
	/** Accept a parabola's minimum even beyond the range of sizes, as some published fits do. */
	beyond?: boolean;
}

/** Finds the minimum of a budget's valley from losses, one per size; of the same sizes again and again. */
export function valleyFinder(slice: Slice, method: ValleyMethod): (losses: readonly number[]) => Minimum {
	const x = slice.points.map((point) => Math.log(point.parameters));
	return method.curve === "akima" ? (y) => akimaValley(x, y) : (y) => parabolaValley(x, y, method);
}

/**
 * Hoffmann et al. 2022, section 3.2: a parabola of the loss in ln N. A minimum beyond the range of sizes is an
 * extrapolation that the data do not support.
 */
function parabolaValley(x: readonly number[], y: readonly number[], method: ValleyMethod): Minimum {
	const { nearest = x.length, beyond = false } = method;
	const kept = nearest < x.length ? nearestToLowest(x, y, nearest) : [...x.keys()];
	const at = kept.map((i) => x[i]!);
	const parabola = fitParabola(
		at,
		kept.map((i) => y[i]!),
	);
	if (!parabola) return { reason: `${kept.length} sizes do not determine a parabola` };
	if (parabola.curvature < 0) return { reason: "the parabola opens downwards: there is no minimum" };
	if (!beyond && parabola.x <= at[0]!) return { reason: "the minimum lies at or beyond the smallest size" };
	if (!beyond && parabola.x >= at.at(-1)!) return { reason: "the minimum lies at or beyond the largest size" };
	if (!(parabola.y > 0)) return { reason: "the parabola's lowest loss is not positive" };
	return { logParameters: parabola.x, loss: parabola.y, fitted: at, reason: null };
}

/** The indices, ascending, of the sizes nearest in ln N to the one with the lowest loss. */
function nearestToLowest(x: readonly number[], y: readonly number[], count: number): number[] {
	const lowest = y.indexOf(Math.min(...y));
	const order = [...x.keys()].sort((i, j) => Math.abs(x[i]! - x[lowest]!) - Math.abs(x[j]! - x[lowest]!));
	return order.slice(0, count).sort((i, j) => i - j);
}

/** Grid points per interval between neighboring sizes at which Akima's curve is evaluated. */
export const AKIMA_STEPS = 25;

/** Porian et al. 2024 (arXiv:2406.19146), section 3: Akima's curve of ln loss on ln N, evaluated on an even grid. */
function akimaValley(x: readonly number[], y: readonly number[]): Minimum {
	if (x.length < 3) return { reason: `${x.length} sizes do not determine a curve` };
	const steps = AKIMA_STEPS * (x.length - 1);
	const minimum = akimaMinimum(akima(x, y.map(Math.log)), steps);
	if (minimum.step === 0) return { reason: "the lowest loss is that of the smallest size" };
	if (minimum.step === steps - 1) return { reason: "the lowest loss is that of the largest size" };
	return { logParameters: minimum.x, loss: Math.exp(minimum.y), fitted: x, reason: null };
}
