import type { Color, Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatRate } from "../../figures/format.ts";
import { italic, rich, sub } from "../../figures/rich-text.ts";
import { intervalCells, intervalColumns, logAxis, measuredMarks } from "../drawing.ts";
import type { LossTarget } from "../statistics/critical-batches.ts";

/** The targets of one model. */
export interface ModelTargets {
	/** "width 16, 2 layers". */
	readonly name: string;
	readonly targets: readonly LossTarget[];
}

/** Dashes tell models apart; the largest has none. */
const DASHES = [[], [8, 4], [2, 3]];

/** Tokens against steps to each loss, with the fitted hyperbolas. */
export function batchFigure(models: readonly ModelTargets[]): Figure {
	const series = models.flatMap(({ name, targets }, m) =>
		targets.map((target, i) => ({
			...{ name, target, text: seriesText(models, name, target) },
			color: { size: i, of: targets.length } satisfies Color,
			dash: DASHES[(models.length - 1 - m) % DASHES.length]!,
		})),
	);
	return {
		name: "batch",
		title: rich("Tokens against steps to a loss; small batches on the right, large ones on the left"),
		x: logAxis(rich("Steps to the loss, ", italic("S"))),
		y: logAxis(rich("Tokens to the loss, ", italic("E"))),
		marks: series.flatMap(({ target, text, color, dash }) => marksOf(target, text, color, dash)),
		legend: series.map(
			({ text, color, dash }): LegendItem => ({
				...{ text: rich(text), series: text },
				...{ line: { color, width: 2, dash }, dot: { color, shape: "circle" } },
			}),
		),
		table: {
			caption: "The critical batch size at each loss",
			columns: [
				{ id: "model", name: rich("Model") },
				{ id: "loss", name: rich("Loss"), format: (loss) => loss.toFixed(2) },
				{ id: "batches", name: rich("Batch sizes that reach it"), format: String },
				{ id: "s_min", name: rich(italic("S"), sub("min"), ", steps"), format: formatCount },
				{ id: "e_min", name: rich(italic("E"), sub("min"), ", tokens"), format: formatCount },
				...intervalColumns("b_crit", rich(italic("B"), sub("crit"), ", tokens"), formatCount),
				...intervalColumns("noise_scale", "Noise scale, tokens", formatCount),
			],
			rows: series.map(({ name, target: { loss, batches, fit, noiseScale } }) => {
				const { S_min, E_min, B_crit } = fit.parameters;
				return [
					...[rich(name), loss, batches.length, S_min?.estimate ?? null, E_min?.estimate ?? null],
					...intervalCells(B_crit ?? null),
					...intervalCells(noiseScale),
				];
			}),
		},
		summary: series
			.map(
				({ text, target: { fit } }) =>
					`${text}: ${fit.estimate === null ? "no" : formatCount(Math.round(fit.estimate))} tokens`,
			)
			.join("; "),
		empty: "Fewer than three batch sizes have finished runs.",
	};
}

function seriesText(models: readonly ModelTargets[], name: string, { loss }: LossTarget): string {
	return `${models.length > 1 ? `${name}, ` : ""}loss ${loss.toFixed(2)}`;
}

function marksOf({ loss, batches, fit }: LossTarget, text: string, color: Color, dash: readonly number[]): Mark[] {
	const points = batches.map(({ batch, tokens, runs }) => ({ x: tokens.estimate / batch, ...tokens, runs }));
	const dots = measuredMarks(points, {
		...{ color, series: text, line: false },
		describe: (i) => {
			const { batch, rate, tokens } = batches[i]!;
			const need = `${formatCount(Math.round(points[i]!.x))} steps, ${formatCount(Math.round(tokens.estimate))} tokens`;
			return `${text}, batches of ${formatCount(batch)} tokens at rate ${formatRate(rate)}: ${need}`;
		},
	});
	const { S_min, B_crit } = fit.parameters;
	if (!S_min || !B_crit) return dots;
	const curve = hyperbola(S_min.estimate, B_crit.estimate, batches[0]!.batch / BEYOND, batches.at(-1)!.batch * BEYOND);
	return [
		{ kind: "line", color, series: [text], points: curve, width: 1.5, dash, label: rich(`loss ${loss.toFixed(2)}`) },
		...dots,
	];
}

/** How far beyond the measured batch sizes a hyperbola is drawn, as a factor. */
const BEYOND = 1.5;
/** Points of a hyperbola. */
const POINTS = 60;

/** (S, E) with S = S_min·(1 + B_crit/B) and E = B·S over a range of batch sizes, from large to small. */
function hyperbola(leastSteps: number, criticalBatch: number, from: number, to: number): Point[] {
	return Array.from({ length: POINTS }, (_, i): Point => {
		const batch = to * (from / to) ** (i / (POINTS - 1));
		const steps = leastSteps * (1 + criticalBatch / batch);
		return [steps, batch * steps];
	});
}
