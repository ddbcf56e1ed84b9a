import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import { countingsFigure } from "../../../experiments/figures/countings-figure.ts";
import { FIGURES_OF_POINTS } from "../../../experiments/figures/figures-of-points.ts";
import { ratesFigure } from "../../../experiments/figures/rates-figure.ts";
import type { Figure } from "../../../figures/figure.ts";
import type { FitsOfRuns } from "../../../study/fits-of-runs.ts";
import type { ResultState } from "../../state/result.ts";

/** What the tabs are drawn from. */
export interface Shown {
	/** In the way of counting that is shown. */
	fits: FitsOfRuns | null;
	analysis: StudyAnalysis | null;
	/** In every way of counting. */
	all: ResultState["fits"];
}

/** A tab of figures: its name, and its figure. */
interface Tab {
	id: string;
	label: string;
	figure: (shown: Shown) => Figure;
}

/** The figures that the counting switch changes, in the order of their tabs. */
export const TABS: readonly Tab[] = [
	...FIGURES_OF_POINTS.map(({ id, label, figure }): Tab => ({ id, label, figure: ({ fits }) => figure(fits) })),
	{ id: "rates", label: "Rates", figure: ({ analysis }) => ratesFigure(analysis?.chosen ?? []) },
	{ id: "countings", label: "Counting", figure: ({ all }) => countingsFigure(exponents(all)) },
];

/** a by Method 1 in each way of counting that has been fitted. */
function exponents(all: ResultState["fits"]): Parameters<typeof countingsFigure>[0] {
	const known = Object.values(all).flatMap(({ counting, fits }) => {
		const fit = fits?.analysis.method1?.allocation;
		return fit ? [[counting, fit] as const] : [];
	});
	return Object.fromEntries(known);
}
