import type { PointsAnalysis } from "../../analysis/fit-points.ts";
import { estimatesOf } from "../../analysis/fitting/fit.ts";
import type { Reading } from "../../analysis/methods/fit-method.ts";
import { lossLawOf } from "../../analysis/parametric-laws/method3.ts";
import type { Slice } from "../../analysis/points/iso-flop.ts";
import type { Point } from "../../analysis/points/point.ts";
import type { Figure } from "../../figures/figure.ts";
import type { LossLaw } from "../../theory/loss-law.ts";
import { contoursFigure } from "./contours-figure.ts";
import { frontierByMethodFigure } from "./frontier-by-method-figure.ts";
import { frontierLossFigure } from "./frontier-loss-figure.ts";
import { measuredLossesFigure } from "./measured-losses-figure.ts";
import { residualsFigure } from "./residuals-figure.ts";
import { valleysFigure } from "./valleys-figure.ts";

/** Points as every method reads them. */
export interface ReadPoints {
	readonly analysis: PointsAnalysis;
	readonly readings: readonly Reading[];
	readonly points: readonly Point[];
	readonly slices: readonly Slice[];
}

/** A figure of points: a short name for a tab, and what it draws; `truth` is the law that they were drawn from. */
interface FigureOfPoints {
	readonly id: string;
	readonly label: string;
	figure(read: ReadPoints | null, truth?: LossLaw | null): Figure;
}

/** The figures that the page and the command line draw of points, in order. */
export const FIGURES_OF_POINTS: readonly FigureOfPoints[] = [
	{
		...{ id: "size", label: "Size" },
		figure: (read, truth = null) => frontierByMethodFigure(read?.readings ?? [], read?.points ?? [], truth),
	},
	{
		...{ id: "tokens", label: "Tokens" },
		figure: (read, truth = null) => frontierByMethodFigure(read?.readings ?? [], read?.points ?? [], truth, "tokens"),
	},
	{ id: "loss", label: "Loss", figure: (read) => frontierLossFigure(read?.analysis.method1 ?? null) },
	{
		...{ id: "valleys", label: "Valleys" },
		figure: (read) => valleysFigure(read?.slices ?? [], read?.analysis.method2?.valleys ?? []),
	},
	{
		...{ id: "contours", label: "Contours" },
		figure(read) {
			const fit = read?.analysis.method3;
			return contoursFigure(fit && fit.estimate !== null ? lossLawOf(estimatesOf(fit)) : null, read?.points ?? []);
		},
	},
	{ id: "residuals", label: "Residuals", figure: (read) => residualsFigure(read?.readings ?? []) },
	{
		...{ id: "losses", label: "Measured" },
		figure: (read, truth = null) => measuredLossesFigure(read?.points ?? [], truth),
	},
];
