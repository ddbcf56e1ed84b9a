import type { Figure } from "../../figures/figure.ts";
import type { TheoryFigures } from "../figures.ts";
import { allocationChart, nonEmbeddingAllocationChart } from "./allocation-chart.ts";
import { curvesChart } from "./curves-chart.ts";
import { embeddingChart } from "./embedding-chart.ts";
import { exponentChart, frontierChart } from "./frontier-chart.ts";
import { lossChart } from "./loss-chart.ts";
import type { StudyOverlay } from "./overlay.ts";

/** A figure of the paper, or half of one: made from the numbers of all, null while there are none. */
export type ChartMaker = (figures: TheoryFigures | null, overlay: StudyOverlay | null) => Figure;

/** Figures 2 to 7 of Pearce & Song 2024 in their order. */
export const THEORY_CHARTS = {
	embedding: (figures, overlay) => embeddingChart(figures?.figure2 ?? null, overlay),
	frontier: (figures) => frontierChart(figures?.figure3 ?? null),
	exponent: (figures) => exponentChart(figures?.figure3 ?? null),
	curves: (figures, overlay) => curvesChart(figures?.figure4 ?? null, "nonEmbedding", overlay),
	allocation: (figures, overlay) => nonEmbeddingAllocationChart(figures?.figure5 ?? null, overlay),
	loss: (figures, overlay) => lossChart(figures?.figure6 ?? null, overlay),
	totalCurves: (figures, overlay) => curvesChart(figures?.figure7 ?? null, "total", overlay),
	totalAllocation: (figures, overlay) => allocationChart(figures?.figure7.allocation ?? null, "total", overlay),
} satisfies Record<string, ChartMaker>;
