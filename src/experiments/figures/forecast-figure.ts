import type { Color, DotsMark, Figure, LegendItem, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatScientific, plural } from "../../figures/format.ts";
import { italic, rich } from "../../figures/rich-text.ts";
import type { Forecast } from "../../study/forecast.ts";
import type { LawForecast, Predicted } from "../../study/forecast-laws.ts";
import type { Judgement } from "../../study/judge-forecast.ts";
import { categoryColor, linearAxis, logAxis } from "../drawing.ts";

const KEPT = "kept";
const CAME = "came";

/** Final losses against compute: the kept runs, what each law says of those set aside with its intervals, and what came. */
export function forecastFigure(
	forecast: Pick<Forecast, "targets" | "laws" | "interval">,
	judgement: Pick<Judgement, "kept" | "runs">,
): Figure {
	const { targets, laws, interval } = forecast;
	const { kept } = judgement;
	const came = judgement.runs.filter(({ reason }) => reason === null);
	const shown = laws.filter((law) => law.targets.some((each) => each !== null));
	const computes = [...kept, ...targets].map(({ flops }) => flops);
	const span = Math.max(...computes) / Math.min(...computes);
	// Side by side: at one compute, the intervals of several laws would cover each other.
	const shiftOf = (i: number) => span ** (STEP * (i - (shown.length - 1) / 2));
	return {
		name: "forecast",
		title: rich("Forecast of the runs set aside"),
		x: logAxis(rich("Compute ", italic("C"), " (FLOP)")),
		y: linearAxis("Final loss (nats per token)"),
		marks: [
			...(kept.length > 0 ? [keptDots(judgement)] : []),
			...shown.map((law, i): Mark => predictions(law, forecast, shiftOf(i), categoryColor(i))),
			...(came.length > 0 ? [results(forecast, came)] : []),
		],
		legend: [
			...(kept.length > 0 ? [legend("runs it was made from", KEPT, "quiet")] : []),
			...shown.map(({ title, law }, i) => legend(title, law, categoryColor(i))),
			...(came.length > 0 ? [legend("came out", CAME, "ink", "diamond")] : []),
		],
		table: {
			caption: `Predicted final losses with ${percent(interval)} prediction intervals`,
			columns: [
				{ id: "law", name: rich("Law") },
				{ id: "params", name: rich(italic("N")), format: formatCount },
				{ id: "tokens", name: rich(italic("D")), format: formatCount },
				{ id: "flops", name: rich(italic("C"), " (FLOP)"), format: formatScientific },
				{ id: "loss", name: rich("Predicted"), format: formatLoss },
				{ id: "low", name: rich("from"), format: formatLoss },
				{ id: "high", name: rich("to"), format: formatLoss },
				{ id: "came", name: rich("Came out"), format: formatLoss },
			],
			rows: laws.flatMap(({ title, targets: found }) =>
				targets.flatMap(({ parameters, tokens, flops }, t) => {
					const { loss = null, low = null, high = null } = found[t] ?? {};
					const about = [rich(title), parameters, tokens, flops, loss, low, high];
					const losses = came.filter(({ target }) => target === t).map((run) => run.came);
					return losses.length === 0 ? [[...about, null]] : losses.map((each) => [...about, each]);
				}),
			),
		},
		summary: `Predictions of ${plural(shown.length, "law")} at ${plural(targets.length, "pair")} of size and length; ${
			came.length > 0 ? `${plural(came.length, "run")} came out` : "none has come out yet"
		}.`,
		empty: "No forecast is sealed.",
	};
}

/** Between neighboring laws, as a share of the axis. */
const STEP = 0.02;

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

function legend(text: string, series: string, color: Color, shape: "circle" | "diamond" = "circle"): LegendItem {
	return { text: rich(text), series, dot: { color, shape } };
}

function keptDots({ kept }: Pick<Judgement, "kept">): DotsMark {
	return {
		...{ kind: "dots", color: "quiet", series: [KEPT], shape: "circle" },
		points: kept.map(({ flops, loss }): Point => [flops, loss]),
		pointRuns: kept.map(({ run }) => [run]),
		describe: (i) => {
			const { parameters, flops, loss } = kept[i]!;
			return `${formatCount(parameters)} parameters, ${formatScientific(flops)} FLOP: ${formatLoss(loss)}`;
		},
	};
}

function predictions(
	{ law, title, targets: found }: LawForecast,
	{ targets }: Pick<Forecast, "targets">,
	shift: number,
	color: Color,
): DotsMark {
	const given = targets.flatMap((target, t) => {
		const prediction = found[t];
		return prediction ? [{ ...target, prediction }] : [];
	});
	return {
		...{ kind: "dots", color, series: [law], shape: "circle" },
		points: given.map(({ flops, prediction }): Point => [shift * flops, prediction.loss]),
		intervals: { y: given.map(({ prediction }) => endsOf(prediction)) },
		pointRuns: given.map(({ runs }) => runs),
		describe: (i) => {
			const { parameters, tokens, prediction } = given[i]!;
			const ends = endsOf(prediction);
			const range = ends ? `${formatLoss(ends[0])} to ${formatLoss(ends[1])}` : "no interval";
			return `${title}: ${formatLoss(prediction.loss)} (${range}) for ${formatCount(parameters)} parameters, ${formatCount(tokens)} tokens`;
		},
	};
}

function results({ targets }: Pick<Forecast, "targets">, came: Judgement["runs"]): DotsMark {
	return {
		...{ kind: "dots", color: "ink", series: [CAME], shape: "diamond" },
		points: came.map((run): Point => [targets[run.target]!.flops, run.came!]),
		pointRuns: came.map(({ run }) => [run]),
		describe: (i) =>
			`came out: ${formatLoss(came[i]!.came!)}, ${formatCount(targets[came[i]!.target]!.parameters)} parameters`,
	};
}

function endsOf({ low, high }: Predicted): [number, number] | null {
	return low === null || high === null ? null : [low, high];
}
