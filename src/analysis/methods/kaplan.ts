import { KAPLAN } from "../parametric-laws/kaplan-law.ts";
import { defineMethod } from "./fit-method.ts";
import { fitLawReport, type LawReport, lawReading } from "./parametric-law-report.ts";

export const kaplan = defineMethod({
	id: "kaplan",
	title: KAPLAN.title,
	needs: "four or more points with three or more sizes and three or more lengths",
	law: () => KAPLAN,
	fit: (points, options): { kaplan: LawReport } => ({ kaplan: fitLawReport(KAPLAN, points, options) }),
	readings: ({ kaplan }) => (kaplan ? [lawReading("Kaplan", kaplan, KAPLAN)] : []),
});
