import { rosenfeldLaw } from "../parametric-laws/rosenfeld-law.ts";
import { defineMethod } from "./fit-method.ts";
import { fitLawReport, type LawReport, lawReading } from "./parametric-law-report.ts";

export const rosenfeld = defineMethod({
	id: "rosenfeld",
	title: "Rosenfeld et al. 2020: Method 3 with a ceiling",
	needs: "five or more points with three or more sizes and three or more lengths, all losses below ln V",
	law: ({ vocabulary }) => rosenfeldLaw(vocabulary),
	fit: (points, options): { rosenfeld: LawReport } => ({
		rosenfeld: fitLawReport(rosenfeldLaw(options.vocabulary), points, options),
	}),
	readings: ({ rosenfeld }, { vocabulary }) =>
		rosenfeld ? [lawReading("Rosenfeld", rosenfeld, rosenfeldLaw(vocabulary))] : [],
});
