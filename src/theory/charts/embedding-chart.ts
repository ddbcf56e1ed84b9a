import type { Figure, Mark } from "../../figures/figure.ts";
import { formatCount, formatPercent } from "../../figures/format.ts";
import { italic, PARAMETERS, rich } from "../../figures/rich-text.ts";
import type { EmbeddingFigure } from "../figures.ts";
import { endsOf, logAxis, NOTHING, pointsOf } from "./drawing.ts";
import { overlayDots, overlayLegend, type StudyOverlay } from "./overlay.ts";

const FRAME = {
	name: "figure-2",
	title: rich("What embeddings add to a model"),
	x: logAxis(rich("Non-embedding parameters ", PARAMETERS.nonEmbedding)),
	y: logAxis(rich("Total parameters ", PARAMETERS.total)),
};
const EQUAL = { color: "quiet", series: ["equal"], dash: [5, 4], width: 1 } as const;

/** Figure 2: total against non-embedding parameters, of models and by N_T = N_\E + ω·N_\E^δ; dashed: no embeddings. */
export function embeddingChart(data: EmbeddingFigure | null, overlay: StudyOverlay | null = null): Figure {
	if (!data) return { ...FRAME, ...NOTHING };
	const { models, fit } = data;
	const share = (total: number, nonEmbedding: number) => formatPercent(1 - nonEmbedding / total);
	const describe = (total: number, nonEmbedding: number) =>
		`${formatCount(nonEmbedding)} parameters without embeddings, ${formatCount(total)} with them: ${share(total, nonEmbedding)} are embeddings`;
	const dots: Mark[] =
		models.total.length === 0
			? []
			: [
					{
						kind: "dots",
						...{ color: "ink", series: ["models"], shape: "circle" },
						points: pointsOf(models.nonEmbedding, models.total),
						describe: (i) => describe(models.total[i]!, models.nonEmbedding[i]!),
					},
				];
	const sizes = overlay?.sizes ?? [];
	const [smallest, largest] = endsOf(fit.nonEmbedding);
	const [least, most] = endsOf(fit.total);
	return {
		...FRAME,
		marks: [
			{ kind: "line", ...EQUAL, points: pointsOf(fit.nonEmbedding, fit.nonEmbedding) },
			{
				kind: "line",
				...{ color: "total", series: ["fit"], width: 2.25 },
				points: pointsOf(fit.nonEmbedding, fit.total),
				describe: ([nonEmbedding, total]) => describe(total, nonEmbedding),
			},
			...dots,
			...overlayDots(
				sizes.map(({ total, nonEmbedding }) => [nonEmbedding, total]),
				(i) => `your study: ${describe(sizes[i]!.total, sizes[i]!.nonEmbedding)}`,
			),
		],
		legend: [
			{
				text: rich(
					...[PARAMETERS.total, " = ", PARAMETERS.nonEmbedding, " + ", italic("ω")],
					...[" · ", PARAMETERS.nonEmbedding, { text: "δ", style: "sup" } as const],
				),
				series: "fit",
				line: { color: "total", width: 2.25 },
			},
			{ text: rich(PARAMETERS.total, " = ", PARAMETERS.nonEmbedding), series: "equal", line: EQUAL },
			...(dots.length > 0
				? [{ text: rich("models"), series: "models", dot: { color: "ink" as const, shape: "circle" as const } }]
				: []),
			...overlayLegend(sizes.length > 0 ? overlay : null, "dots"),
		],
		table: {
			caption: "points of the curve",
			columns: [
				{ id: "N_noE", name: PARAMETERS.nonEmbedding, format: formatCount },
				{ id: "N_T", name: PARAMETERS.total, format: formatCount },
				{ id: "embedding_share", name: rich("embeddings’ share"), format: formatPercent },
			],
			rows: fit.nonEmbedding.map((n, i) => [n, fit.total[i]!, 1 - n / fit.total[i]!]),
		},
		summary:
			"Total against non-embedding parameters. The curve lies above the line of models without embeddings: " +
			`embeddings are ${share(least, smallest)} of a model with ${formatCount(smallest)} other parameters ` +
			`and ${share(most, largest)} of one with ${formatCount(largest)}.`,
		empty: "",
	};
}
