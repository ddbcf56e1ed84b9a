import { differenceCurve } from "../../analysis/schedules/difference-curve.ts";
import type { Figure, FigureAxis, LineMark, Mark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss, formatRate, plural } from "../../figures/format.ts";
import { rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { plainTick } from "../../figures/ticks.ts";
import { linearAxis, listText } from "../drawing.ts";
import { formatDifference } from "./difference-text.ts";
import { meanCurve, type ScheduleView, TOKENS_LINK, tokensOf, viewLegend } from "./schedule-view.ts";

/** Points of a rate's curve: enough for its corners to look sharp. */
const RATE_POINTS = 240;

/** Before this share of the longest run, losses fall so far that the axes do not stretch for them. */
const EARLY = 0.05;

const TOKENS_AXIS: FigureAxis = {
	...{ label: rich("Training tokens (", TOKEN_COUNT, ")"), scale: "linear", switchable: false },
	...{ tick: (value) => (value === 0 ? "0" : formatCount(value)), pad: 0.01, link: TOKENS_LINK },
};

/** The same range in every figure, so that one cursor over all of them stands at one place. */
function tokensAxis(views: readonly ScheduleView[]): FigureAxis {
	return { ...TOKENS_AXIS, includes: [0, ...views.map(tokensOf)] };
}

/** The learning rate of every schedule over its run. */
export function rateFigure(views: readonly ScheduleView[]): Figure {
	return {
		name: "learning-rates",
		title: rich("Learning rate"),
		x: tokensAxis(views),
		y: { ...linearAxis("Learning rate"), tick: (value) => (value === 0 ? "0" : formatRate(value)), switchable: false },
		marks: views.map(
			(view): LineMark => ({
				...{ kind: "line", color: view.color, width: 2, series: [view.name], runs: view.runs },
				points: ratePoints(view),
				describe: ([tokens, rate]) =>
					`${view.name}: ${formatRate(Number(rate.toPrecision(3)))} at ${formatCount(tokens)} tokens`,
			}),
		),
		legend: viewLegend(views),
		table: {
			caption: "schedules",
			columns: [
				{ id: "schedule", name: rich("Schedule") },
				{ id: "peak", name: rich("Peak"), format: formatRate },
				{ id: "last", name: rich("Last rate"), format: (rate) => formatRate(Number(rate.toPrecision(3))) },
				{ id: "tokens", name: rich("Tokens"), format: formatCount },
			],
			rows: views.map((view) => [
				...[rich(view.name), view.rates.length > 0 ? peakOf(view) : null],
				...[view.rates[view.rates.length - 1] ?? null, tokensOf(view)],
			]),
		},
		summary: `Learning rate against training tokens for ${plural(views.length, "schedule")}: ${listText(views.map(({ name }) => name))}.`,
		empty: "No schedule.",
	};
}

/** Training loss as the schedules train: the mean over seeds, each seed pale, and dashed what the law expects. */
export function lossFigure(views: readonly ScheduleView[], empty: string): Figure {
	const longest = Math.max(...views.map(tokensOf));
	const ends = views.map((view) => ({ view, mean: meanCurve(view.curves) }));
	const isMeasured = ends.some(({ mean }) => mean.tokens.length > 0);
	return {
		name: "annealed-loss",
		title: rich("Loss"),
		x: tokensAxis(views),
		y: { label: rich("Training loss (nats per token)"), scale: "log", tick: plainTick, pad: 0.04 },
		marks: ends.flatMap(({ view, mean }) => [
			...view.curves.flatMap(({ curve }, seed) =>
				view.curves.length > 1
					? parts(curve.tokens, curve.loss, longest, {
							...{ kind: "line", color: view.color, width: 1, opacity: 0.3, noisy: true },
							...{ series: [view.name], runs: view.runs.slice(seed, seed + 1) },
						})
					: [],
			),
			...parts(mean.tokens, mean.loss, longest, {
				...{ kind: "line", color: view.color, width: 2.25, noisy: true, series: [view.name], runs: view.runs },
				describe: ([tokens, loss]) => `${view.name}: loss ${formatLoss(loss)} at ${formatCount(tokens)} tokens`,
			}),
			...expectedMarks(view, isMeasured),
		]),
		legend: [
			...viewLegend(views),
			...(views.some(({ expected }) => expected)
				? [
						{
							text: rich("expected by the law of annealing"),
							line: { color: "quiet" as const, width: 2, dash: [5, 3] },
						},
					]
				: []),
		],
		table: {
			caption: "ends of the loss curves",
			columns: [
				{ id: "schedule", name: rich("Schedule") },
				{ id: "seeds", name: rich("Seeds"), format: String },
				{ id: "tokens", name: rich("Tokens"), format: formatCount },
				{ id: "loss", name: rich("Training loss"), format: formatLoss },
				{ id: "expected", name: rich("Expected"), format: formatLoss },
			],
			rows: ends.map(({ view, mean }) => [
				...[rich(view.name), view.curves.filter(({ curve }) => curve.tokens.length > 0).length],
				...[mean.tokens.at(-1) ?? null, mean.loss.at(-1) ?? null, view.expected?.loss.at(-1) ?? null],
			]),
		},
		summary: lossSummary(ends),
		empty,
	};
}

/** Training loss minus that of the reference, with the interval over seeds as a band. */
export function differenceFigure(views: readonly ScheduleView[], reference: string, level: number): Figure {
	const base = views.find(({ name }) => name === reference);
	const longest = Math.max(...views.map(tokensOf));
	const others = views.flatMap((view) => {
		if (!base || view === base) return [];
		const curve = differenceCurve(view.curves, base.curves, level);
		const isLate = (_: unknown, i: number) => curve.tokens[i]! >= EARLY * longest;
		return curve.tokens.length > 0 ? [{ view, curve, isLate }] : [];
	});
	const marks = others.flatMap(({ view, curve, isLate }): Mark[] => {
		const common = { color: view.color, series: [view.name], runs: view.runs };
		const line: LineMark = {
			...{ kind: "line", ...common, width: 2.25, noisy: true },
			points: curve.tokens.map((tokens, i): Point => [tokens, curve.mean[i]!]).filter(isLate),
			describe: ([tokens, gap]) => `${view.name}: ${formatDifference(gap)} at ${formatCount(tokens)} tokens`,
		};
		if (!curve.band) return [line];
		const { low, high } = curve.band;
		return [
			{
				kind: "band",
				...common,
				x: curve.tokens.filter(isLate),
				low: low.filter(isLate),
				high: high.filter(isLate),
				stretch: false,
			},
			line,
		];
	});
	const seeds = others[0]?.curve.seeds ?? 0;
	return {
		name: "difference",
		title: rich(base ? `Loss minus that of ${reference}` : "Difference of losses"),
		x: tokensAxis(views),
		y: { ...linearAxis("Difference (nats per token)"), switchable: false },
		marks: marks.length > 0 ? [{ kind: "rule", axis: "y", at: 0, width: 1.5, color: base!.color }, ...marks] : [],
		legend: [
			...viewLegend(others.map(({ view }) => view)),
			...(seeds > 1
				? [{ text: rich(`bands: ${Math.round(100 * level)} % intervals at each point, paired by seed`) }]
				: []),
		],
		table: {
			caption: "differences where the curves end",
			columns: [
				{ id: "schedule", name: rich("Schedule") },
				{ id: "tokens", name: rich("Tokens"), format: formatCount },
				{ id: "difference", name: rich("Difference"), format: formatDifference },
				{ id: "low", name: rich("from"), format: formatDifference },
				{ id: "high", name: rich("to"), format: formatDifference },
			],
			rows: others.map(({ view, curve }) => [
				...[rich(view.name), curve.tokens.at(-1)!, curve.mean.at(-1)!],
				...[curve.band?.low.at(-1) ?? null, curve.band?.high.at(-1) ?? null],
			]),
		},
		summary: `Training loss minus that of ${reference}: ${others.map(({ view, curve }) => `${view.name} ends at ${formatDifference(curve.mean.at(-1)!)}`).join(", ") || "nothing yet"}.`,
		empty: "Differences appear as soon as the reference and another schedule have a loss.",
	};
}

/** The axes stretch for what is expected only where nothing has been measured: near its beginning the law is far off. */
function expectedMarks({ name, color, expected }: ScheduleView, isMeasured: boolean): LineMark[] {
	if (!expected) return [];
	return [
		{
			...{ kind: "line", color, width: 2, dash: [5, 5], series: [name], stretch: !isMeasured },
			points: expected.tokens.map((tokens, i): Point => [tokens, expected.loss[i]!]),
			describe: ([tokens, loss]) => `${name}, expected: ${formatLoss(loss)} at ${formatCount(tokens)} tokens`,
		},
	];
}

/** A curve in two: the steep beginning, for which the axes do not stretch once there is more, and the rest. */
function parts(
	tokens: readonly number[],
	loss: readonly number[],
	longest: number,
	mark: Omit<LineMark, "points">,
): LineMark[] {
	const points = tokens.map((at, i): Point => [at, loss[i]!]);
	const late = points.findIndex(([at]) => at >= EARLY * longest);
	if (late <= 0) return points.length > 0 ? [{ ...mark, points }] : [];
	return [
		{ ...mark, points: points.slice(0, late + 1), stretch: false },
		{ ...mark, points: points.slice(late) },
	];
}

function ratePoints({ rates, tokensPerStep }: ScheduleView): Point[] {
	const count = Math.min(RATE_POINTS, rates.length);
	const steps = Array.from({ length: count }, (_, i) =>
		Math.round(1 + (i * (rates.length - 1)) / Math.max(1, count - 1)),
	);
	return [...new Set(steps)].map((step): Point => [step * tokensPerStep, rates[step - 1]!]);
}

function peakOf({ rates }: ScheduleView): number {
	let peak = 0;
	for (let i = 0; i < rates.length; i++) peak = Math.max(peak, rates[i]!);
	return Number(peak.toPrecision(6));
}

function lossSummary(ends: readonly { view: ScheduleView; mean: { loss: readonly number[] } }[]): string {
	const known = ends.filter(({ mean }) => mean.loss.length > 0);
	const texts = known.map(({ view, mean }) => `${view.name} at ${formatLoss(mean.loss.at(-1)!)}`);
	return `Training loss against training tokens. ${texts.length > 0 ? `Now: ${texts.join(", ")}.` : "No losses yet."}`;
}
