import type { Convention } from "../../../architecture/flops.ts";
import type { ModelCounts } from "../../../theory/embedding-fit.ts";
import { coveringModels } from "../../../theory/figure-ranges.ts";
import { figures, type TheoryFigures } from "../../../theory/figures.ts";
import { type FrontierLimits, frontierLimits } from "../../../theory/frontier.ts";
import type { TheoryInputs } from "./theory-inputs.ts";

/** What the page shows for some inputs. */
export interface TheoryValues {
	readonly figures: TheoryFigures;
	readonly limits: FrontierLimits;
	/** Of the simulated study, by each way of counting. */
	readonly exponents: Readonly<Record<Convention, SimulatedExponent>>;
}

export interface SimulatedExponent {
	/** a of N* ∝ C^a, fitted to the best model at each budget. */
	readonly exponent: number;
	readonly budgets: number;
	/** At how many of the budgets the smallest, or the largest, model is best: there the sizes limit the choice. */
	readonly atSmallest: number;
	readonly atLargest: number;
}

/**
 * @param sizes of a study that will be laid over the figures
 * @throws RangeError when the inputs allow no figures, saying why in one sentence
 */
export function theoryValues(
	{ law, embedding, ranges }: TheoryInputs,
	sizes: readonly ModelCounts[] = [],
): TheoryValues {
	const found = figures(law, embedding, [], coveringModels(ranges, sizes));
	const { figure4, figure5, figure7 } = found;
	return {
		...{ figures: found, limits: frontierLimits(law, embedding) },
		exponents: {
			nonEmbedding: exponentOf(figure5, figure4.curves),
			total: exponentOf(figure7.allocation, figure7.curves),
		},
	};
}

function exponentOf(
	{ fit, frontier }: TheoryFigures["figure7"]["allocation"],
	curves: TheoryFigures["figure4"]["curves"],
): SimulatedExponent {
	const at = (size: number) => frontier.parameters.filter((parameters) => parameters === size).length;
	return {
		...{ exponent: fit.slope, budgets: frontier.flops.length },
		...{ atSmallest: at(curves[0]!.parameters), atLargest: at(curves.at(-1)!.parameters) },
	};
}
