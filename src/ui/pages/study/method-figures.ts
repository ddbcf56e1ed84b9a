import { estimatesOf } from "../../../analysis/fitting/fit.ts";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import { lossLawOf } from "../../../analysis/parametric-laws/method3.ts";
import type { Counting } from "../../../architecture/counting.ts";
import { contoursFigure } from "../../../experiments/figures/contours-figure.ts";
import { countingsFigure } from "../../../experiments/figures/countings-figure.ts";
import { frontierByMethodFigure } from "../../../experiments/figures/frontier-by-method-figure.ts";
import { frontierLossFigure } from "../../../experiments/figures/frontier-loss-figure.ts";
import { ratesFigure } from "../../../experiments/figures/rates-figure.ts";
import { residualsFigure } from "../../../experiments/figures/residuals-figure.ts";
import { valleysFigure } from "../../../experiments/figures/valleys-figure.ts";
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
	{ id: "size", label: "Size", figure: ({ fits }) => byMethod(fits, "parameters") },
	{ id: "tokens", label: "Tokens", figure: ({ fits }) => byMethod(fits, "tokens") },
	{ id: "loss", label: "Loss", figure: ({ fits }) => frontierLossFigure(fits?.analysis.method1 ?? null) },
	{
		id: "valleys",
		label: "Valleys",
		figure: ({ fits }) => valleysFigure(fits?.slices ?? [], fits?.analysis.method2?.valleys ?? []),
	},
	{
		id: "contours",
		label: "Contours",
		figure: ({ fits }) => {
			const law = fits?.analysis.method3;
			const known = law && law.estimate !== null ? lossLawOf(estimatesOf(law)) : null;
			return contoursFigure(known, fits?.points ?? []);
		},
	},
	{ id: "residuals", label: "Residuals", figure: ({ fits }) => residualsFigure(fits?.readings ?? []) },
	{ id: "rates", label: "Rates", figure: ({ analysis }) => ratesFigure(analysis?.chosen ?? []) },
	{ id: "countings", label: "Counting", figure: ({ all }) => countingsFigure(exponents(all)) },
];

function byMethod(fits: FitsOfRuns | null, of: "parameters" | "tokens"): Figure {
	return frontierByMethodFigure(fits?.readings ?? [], fits?.points ?? [], null, of);
}

/** a by Method 1 in each way of counting that has been fitted. */
function exponents(all: ResultState["fits"]) {
	const known = Object.values(all).flatMap(
		({ counting, fits }): [Counting, FitsOfRuns["readings"][number]["allocation"]][] => {
			const fit = fits?.analysis.method1?.allocation;
			return fit ? [[counting, fit]] : [];
		},
	);
	return Object.fromEntries(known);
}
