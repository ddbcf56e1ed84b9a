import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { fitStudy } from "../../src/analysis/fit-study.ts";
import { logCurve } from "../../src/analysis/points/log-curve.ts";
import type { Convention } from "../../src/architecture/flops.ts";
import { answer } from "../../src/experiments/answers.ts";
import { presetNamed } from "../../src/experiments/experiments.ts";
import { bestEnds } from "../../src/experiments/statistics/annealed-ends.ts";
import { fitRepetition } from "../../src/experiments/statistics/repetition.ts";
import type { Columns, Measured } from "../../src/lessons/measured.ts";
import { groupBy } from "../../src/maths/group-by.ts";
import { mean } from "../../src/maths/least-squares.ts";
import { linspace } from "../../src/maths/search.ts";
import { planFor } from "../../src/node/commands/plan-command.ts";
import { loadTokenized } from "../../src/node/files/corpora.ts";
import { readRunLines } from "../../src/run/run-lines.ts";
import type { LossCurve, RunResult } from "../../src/run/run-result.ts";
import { LAPTOP_GPU, secondsFor } from "../../src/study/cost.ts";
import { planOfRuns } from "../../src/study/plan-of-runs.ts";
import { planForInference } from "../../src/theory/inference.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { bigramLoss, unigramLoss } from "./token-statistics.ts";

// What src/lessons/measured.json holds: runs of docs/findings and docs/lessons, thinned to what figures can show.

/** Enough digits to draw; the last of a double may differ between machines. */
const rounded = (value: number, digits = 5) => Number(value.toPrecision(digits));

export function runsIn(path: string): RunResult[] {
	return readRunLines(gunzipSync(readFileSync(`docs/${path}.jsonl.gz`)).toString()).results;
}

/** Presets that lessons point to. */
const PRACTICES = [...["data", "isoflop", "isoflop-class", "minute"], ...["reconcile", "repeat", "schemes", "smoke"]];

export async function makeMeasured(): Promise<Measured> {
	return {
		envelope: envelopeOf(runsIn("findings/reconcile-seeds-1-3")),
		counting: ["1-3", "4-6"].map((seeds) => countingOf(seeds, runsIn(`findings/reconcile-seeds-${seeds}`))),
		phases: await phasesOf(runsIn("lessons/phases")),
		annealing: annealingOf(runsIn("lessons/annealing")),
		repetition: await repetitionOf(runsIn("findings/repeat")),
		forecast: forecastOf(runsIn("findings/isoflop")),
		lifetime: lifetimeOf(1e23, 1e13),
		presets: Object.fromEntries(await Promise.all(PRACTICES.map(costOf))),
	};
}

/** Points of each drawn curve. */
const POINTS = 48;

/** A smoothed curve at evenly spaced ln tokens; null where it has none. */
function curveAt(curve: LossCurve, logTokens: readonly number[]): (number | null)[] {
	const { logTokens: x, logLoss: y } = logCurve(curve);
	return logTokens.map((at) => {
		const after = x.findIndex((value) => value >= at - 1e-9);
		if (after < 0 || (after === 0 && x[0]! > at + 1e-9)) return null;
		if (after === 0) return y[0]!;
		const share = (at - x[after - 1]!) / (x[after]! - x[after - 1]!);
		return y[after - 1]! + share * (y[after]! - y[after - 1]!);
	});
}

function columns(points: readonly (readonly [number, number])[]): Columns {
	return { x: points.map(([x]) => rounded(x)), y: points.map(([, y]) => rounded(y)) };
}

function envelopeOf(runs: readonly RunResult[]): Measured["envelope"] {
	return [...groupBy(runs, ({ parameters }) => parameters.total)].map(([parameters, own]) => {
		const tokens = linspace(Math.log(10_000), Math.log(Math.max(...own.map((run) => run.tokens))), POINTS);
		const rates = [...groupBy(own, ({ spec }) => spec.optimizer.learningRate).values()].map((seeds) => {
			const curves = seeds.map(({ curve }) => curveAt(curve, tokens));
			return tokens
				.map((_, i) => curves.map((curve) => curve[i]!))
				.map((all) => (all.includes(null!) ? Infinity : mean(all)));
		});
		const points = tokens.map((at, i) => {
			return [6 * parameters * Math.exp(at), Math.exp(Math.min(...rates.map((losses) => losses[i]!)))] as const;
		});
		return { parameters, curve: columns(points.filter(([, loss]) => Number.isFinite(loss))) };
	});
}

function countingOf(seeds: string, runs: readonly RunResult[]): Measured["counting"][number] {
	const { conventions } = fitStudy(runs);
	const sizes = (convention: Convention) =>
		[...new Set(runs.map(({ parameters }) => parameters[convention]))].sort((a, b) => a - b);
	const fitOf = (convention: Convention) => {
		const { estimate, low, high, points } = conventions[convention].allocation;
		const crossings = columns(points.map(({ x, y }) => [x, y]));
		return { crossings, exponent: rounded(estimate!, 4), low: rounded(low!, 4), high: rounded(high!, 4) };
	};
	return {
		seeds: seeds.replace("-", " to "),
		sizes: { total: sizes("total"), nonEmbedding: sizes("nonEmbedding") },
		fits: { total: fitOf("total"), nonEmbedding: fitOf("nonEmbedding") },
	};
}

async function phasesOf(runs: readonly RunResult[]): Promise<Measured["phases"]> {
	const sorted = [...runs].sort((a, b) => a.tokens - b.tokens);
	const { spec, parameters, curve } = sorted.at(-1)!;
	const { vocabulary } = spec.model;
	const { train, validation } = await loadTokenized(spec.corpus.id, vocabulary);
	const texts: Record<string, string> = JSON.parse(readFileSync("docs/lessons/samples.json", "utf8"));
	const { logTokens, logLoss } = logCurve(curve);
	const points = logTokens.map((x, i) => [Math.exp(x), Math.exp(logLoss[i]!)] as const);
	return {
		...{ parameters: parameters.total, vocabulary },
		curve: columns(thinned(points)),
		unigram: rounded(unigramLoss(train, validation, vocabulary), 4),
		bigram: rounded(bigramLoss(train, validation, vocabulary), 4),
		samples: sorted.map(({ id, tokens, validationLoss }) => ({
			...{ tokens, loss: rounded(validationLoss!, 4) },
			text: printable(texts[id]!),
		})),
	};
}

/** The text on one line; a token that is no character by itself shows as a dot. */
function printable(text: string): string {
	return text.replace(/\s+/g, " ").replace(/[\p{C}\ufffd]/gu, "·");
}

/** At most so many points, evenly spaced in ln x. */
function thinned(points: readonly (readonly [number, number])[], count = 120) {
	const [from, to] = [Math.log(points[0]![0]), Math.log(points.at(-1)![0])];
	const kept = new Map(points.map((point) => [Math.round(((Math.log(point[0]) - from) / (to - from)) * count), point]));
	return [...kept.values()];
}

function annealingOf(runs: readonly RunResult[]): Measured["annealing"] {
	const kinds = groupBy(runs, ({ spec }) => spec.schedule.kind);
	return {
		parameters: runs[0]!.parameters.total,
		tokens: runs[0]!.validationCurve!.tokens,
		schedules: [...kinds].map(([kind, seeds]) => ({
			kind,
			losses: [...seeds]
				.sort((a, b) => a.spec.seed - b.spec.seed)
				.map(({ validationCurve }) => validationCurve!.loss.map((loss) => rounded(loss!, 5))),
		})),
	};
}

async function repetitionOf(runs: readonly RunResult[]): Promise<Measured["repetition"]> {
	const { figure } = answer(await planOfRuns(presetNamed("repeat")!.study, runs), runs)!;
	const rows = figure.table.rows;
	const dots = figure.marks.filter((mark) => mark.kind === "dots");
	const series = dots.map(({ points }, i) => ({
		...{ parameters: rows[i]![0] as number, unique: rows[i]![1] as number },
		worth: columns(points),
	}));
	const worths = series.flatMap(({ unique, worth }) =>
		worth.x.map((epochs, i) => ({ unique, tokens: epochs * unique, effective: worth.y[i]! * unique })),
	);
	return { series, decay: rounded(fitRepetition(worths)!) };
}

function forecastOf(runs: readonly RunResult[]): Measured["forecast"] {
	const budgets = [1e10, 2.5e10, 6e10, 1.5e11];
	const nearest = (flops: number) =>
		budgets.reduce((a, b) => (Math.abs(Math.log(b / flops)) < Math.abs(Math.log(a / flops)) ? b : a));
	const cells = groupBy(bestEnds(runs), (cell) => nearest(cell.runs[0]!.flops.total));
	return budgets.map((flops) => {
		const best = cells.get(flops)!.reduce((a, b) => (b.mean < a.mean ? b : a));
		return {
			...{ flops, parameters: best.runs[0]!.parameters.total },
			losses: best.values.map((loss) => rounded(loss)),
		};
	});
}

function lifetimeOf(flops: number, useTokens: number): Measured["lifetime"] {
	const { trainingOptimal, lifetimeOptimal, saved } = planForInference(EPOCH.law, flops, useTokens);
	return {
		...{ flops, useTokens },
		...{ trainingOptimal: rounded(trainingOptimal.parameters), lifetimeOptimal: rounded(lifetimeOptimal.parameters) },
		text: rounded(lifetimeOptimal.tokens / trainingOptimal.tokens),
		saved: rounded(saved),
	};
}

async function costOf(preset: string) {
	const { totals } = await planFor(presetNamed(preset)!.study);
	const seconds = rounded(secondsFor(totals.cost, LAPTOP_GPU), 2);
	return [preset, { runs: totals.runs, flops: rounded(totals.flops.total, 2), seconds }] as const;
}
