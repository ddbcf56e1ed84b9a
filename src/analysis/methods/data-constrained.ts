import type { Fit } from "../fitting/fit.ts";
import { undetermined } from "../fitting/fit-response.ts";
import { fitDataConstrained } from "../parametric-laws/data-constrained-fit.ts";
import { listLeftOut } from "../points/left-out.ts";
import { defineMethod } from "./fit-method.ts";
import { lawReading } from "./parametric-law-report.ts";

export const dataConstrained = defineMethod({
	id: "data-constrained",
	title: "Data-constrained law of Muennighoff et al. 2023",
	needs: "points that say how many of their tokens are distinct, some of them with repeated tokens",
	fit({ points, leftOut }, options): { dataConstrained: Fit } {
		if (points.every(({ uniqueTokens }) => uniqueTokens === undefined)) {
			const reason = "the points do not say how many of their tokens are distinct (column unique_tokens)";
			const method = "Data-constrained law of Muennighoff et al. 2023";
			const about = { level: options.interval, method, formula: "L = E + A·N′^−α + B·D′^−β" };
			return { dataConstrained: undetermined(reason, [...leftOut], about) };
		}
		const fit = fitDataConstrained(points, options);
		return { dataConstrained: { ...fit, ...listLeftOut([...leftOut, ...fit.leftOut]) } };
	},
	readings: ({ dataConstrained }) => (dataConstrained ? [lawReading("Data-constrained", dataConstrained)] : []),
});
