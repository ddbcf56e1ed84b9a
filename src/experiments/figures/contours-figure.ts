import type { Point as Measurement } from "../../analysis/points/point.ts";
import { flopsOf } from "../../architecture/flops.ts";
import type { Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatLoss, formatScientific } from "../../figures/format.ts";
import { formatAmount } from "../../figures/format-amount.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import { extremes } from "../../maths/extremes.ts";
import { linspace, logspace } from "../../maths/search.ts";
import { bestAllocation, type LossLaw, tokensToReach } from "../../theory/loss-law.ts";
import { logAxis } from "../drawing.ts";

const LEVELS = 9;
const STEPS = 121;
/** How far beyond the measurements contours are drawn, as a factor. */
const OVERHANG = 2;
const FRONTIER = "frontier";

/**
 * Lines of equal loss of a fitted law L(N, D), the efficient frontier through their leftmost points, and the measurements
 * (Hoffmann et al. 2022, figure 4).
 *
 * @param law null while it is not determined
 */
export function contoursFigure(law: LossLaw | null, measured: readonly Measurement[]): Figure {
	const drawn = law !== null && measured.length > 0 ? { law, ...rangesOf(measured) } : null;
	return {
		name: "contours",
		title: rich("Lines of equal loss, and the efficient frontier"),
		x: logAxis(rich("Compute ", italic("C"), " = 6", italic("ND"), " (FLOP)"), "flops"),
		y: logAxis(rich("Parameters ", italic("N"))),
		marks: drawn ? [...contours(drawn), frontier(drawn), dots(measured)] : [],
		legend: drawn ? LEGEND : [],
		table: {
			caption: "measured losses",
			columns: [
				{ id: "params", name: rich(italic("N")), format: formatAmount },
				{ id: "tokens", name: rich(italic("D")), format: formatAmount },
				{ id: "loss", name: rich("Loss"), format: formatLoss },
			],
			rows: measured.map(({ parameters, tokens, loss }) => [parameters, tokens, loss]),
		},
		summary: law
			? `Lines of equal loss by Method 3 from ${formatLoss(drawn?.levels[0] ?? Number.NaN)} nats per token up, and the efficient frontier.`
			: "Lines of equal loss by Method 3: not determined.",
		empty: "Method 3 has no law yet: it needs five points of three sizes and three lengths.",
	};
}

const LEGEND: readonly LegendItem[] = [
	{ text: rich("efficient frontier"), series: FRONTIER, line: { color: "ink", width: 2, dash: [6, 4] } },
	{ text: rich("lines of equal loss, with their nats per token; dots: measured") },
];

interface Drawn {
	law: LossLaw;
	/** Losses, nats per token, ascending. */
	levels: readonly number[];
	sizes: readonly [number, number];
	computes: readonly [number, number];
}

function rangesOf(measured: readonly Measurement[]): Omit<Drawn, "law"> {
	const losses = extremes(measured.map(({ loss }) => loss));
	const sizes = extremes(measured.map(({ parameters }) => parameters));
	const computes = extremes(measured.map(({ parameters, tokens }) => flopsOf(parameters, tokens)));
	return {
		// Lines of equal distance in ln L: losses fall as powers.
		levels: linspace(Math.log(losses.least), Math.log(losses.greatest), LEVELS).map(Math.exp),
		sizes: [sizes.least / OVERHANG, sizes.greatest * OVERHANG],
		computes: [computes.least / OVERHANG, computes.greatest * OVERHANG],
	};
}

function shade(level: number) {
	return { size: LEVELS - 1 - level, of: LEVELS };
}

function contours({ law, levels, sizes, computes }: Drawn): Mark[] {
	return levels.flatMap((loss, i): Mark[] => {
		const points = logspace(Math.log10(sizes[0]), Math.log10(sizes[1]), STEPS).flatMap((N): Point[] => {
			const C = flopsOf(N, tokensToReach(law, N, loss));
			return C >= computes[0] && C <= computes[1] ? [[C, N]] : [];
		});
		if (points.length < 2) return [];
		return [
			{
				kind: "line",
				...{ color: shade(i), points, width: 1.25, label: rich(formatLoss(loss)) },
				describe: ([C, N]) =>
					`${formatLoss(loss)} nats per token with ${formatAmount(N)} parameters at ${formatScientific(C)} FLOP`,
			},
		];
	});
}

function frontier({ law, computes }: Drawn): Mark {
	return {
		kind: "line",
		...{ color: "ink", series: [FRONTIER], width: 2, dash: [6, 4], stretch: false },
		points: logspace(Math.log10(computes[0]), Math.log10(computes[1]), STEPS).map(
			(C): Point => [C, bestAllocation(law, C).parameters],
		),
		describe: ([C, N]) => `${formatAmount(N)} parameters are best at ${formatScientific(C)} FLOP`,
	};
}

function dots(measured: readonly Measurement[]): Mark {
	return {
		kind: "dots",
		...{ color: "quiet", shape: "circle" },
		points: measured.map(({ parameters, tokens }): Point => [flopsOf(parameters, tokens), parameters]),
		pointRuns: measured.map(({ run }) => [run]),
		describe: (i) => {
			const { parameters, tokens, loss } = measured[i]!;
			return `${formatAmount(parameters)} parameters, ${formatAmount(tokens)} tokens: ${formatLoss(loss)}`;
		},
	};
}
