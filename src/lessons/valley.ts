import { flopsOf } from "../architecture/flops.ts";
import { fitParabola } from "../maths/parabola.ts";
import { linspace } from "../maths/search.ts";
import { bestAllocation, type LossLaw, lossAt } from "../theory/loss-law.ts";

/** Sizes trained at one budget, the loss that a law gives each, and what a parabola in ln N makes of them. */
export interface SampledValley {
	/** The size that is truly best for the budget, and its loss. */
	readonly best: { readonly parameters: number; readonly loss: number };
	readonly points: readonly { readonly parameters: number; readonly loss: number }[];
	readonly vertex: { readonly parameters: number; readonly loss: number };
	/** The parabola at N. */
	readonly parabola: (parameters: number) => number;
	/** The law at N and the budget. */
	readonly loss: (parameters: number) => number;
}

/**
 * An IsoFLOP valley without noise.
 *
 * @param flops the budget, FLOP
 * @param range smallest and largest size, in units of the best
 */
export function sampleValley(
	law: LossLaw,
	flops: number,
	range: readonly [from: number, to: number],
	count: number,
): SampledValley {
	const { parameters: best } = bestAllocation(law, flops);
	const loss = (parameters: number) => lossAt(law, parameters, flops / flopsOf(parameters, 1));
	const logs = linspace(Math.log(best * range[0]), Math.log(best * range[1]), count);
	const points = logs.map((log) => ({ parameters: Math.exp(log), loss: loss(Math.exp(log)) }));
	const fit = fitParabola(
		logs,
		points.map((point) => point.loss),
	);
	if (!fit) throw new RangeError(`${count} sizes do not determine a parabola; it needs 3 that differ`);
	return {
		best: { parameters: best, loss: loss(best) },
		...{ points, loss },
		vertex: { parameters: Math.exp(fit.x), loss: fit.y },
		parabola: (parameters) => fit.y + fit.curvature * (Math.log(parameters) - fit.x) ** 2,
	};
}
