import Papa from "papaparse";
import { DEFAULT_ARCHITECTURE, DEFAULT_STORAGE } from "../../architecture/choices.ts";
import type { ModelConfig } from "../../architecture/config.ts";
import { flopsOf } from "../../architecture/flops.ts";
import { DEFAULT_SAMPLING } from "../../run/choices.ts";
import type { RunResult } from "../../run/run-result.ts";
import { stopText } from "../../run/stop-text.ts";
import type { Fit } from "../fitting/fit.ts";
import type { StudyAnalysis } from "../method1/study-analysis.ts";
import { averagedSteps } from "../points/averaged-steps.ts";
import { recipeNames } from "../points/recipe-names.ts";

type Cell = string | number | boolean | null;

/** CSV as in RFC 4180, with a header line. Null becomes an empty cell; numbers have full precision. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
	return `${Papa.unparse([header, ...rows], { newline: "\r\n" })}\r\n`;
}

const RUN_COLUMNS = [
	...["run", "status", "corpus", "vocabulary", "context", "width", "layers", "heads", "tied", "seed"],
	...["learning_rate", "schedule", "warmup_steps", "steps", "tokens_per_step"],
	...["params", "params_nonembedding", "params_embedding", "params_head"],
	...["tokens", "flops", "flops_nonembedding", "validation_loss", "adapter", "unique_tokens", "sampling"],
	...["optimizer", "decay", "validation_loss_ema", "diverged_at_step", "storage", "architecture", "stopped_because"],
];

/** One line per run, with a column for each additional evaluation corpus. Losses in nats per token, compute in FLOP. */
export function runsCsv(runs: readonly RunResult[]): string {
	const others = [...new Set(runs.flatMap(({ evaluations }) => Object.keys(evaluations ?? {})))];
	return toCsv(
		[...RUN_COLUMNS, ...others.map((corpus) => `validation_loss_${corpus}`)],
		runs.map((run) => {
			const { id, status, spec, parameters, tokens, flops, validationLoss, evaluations, adapter } = run;
			const { corpus, model, seed, optimizer, schedule, steps, batchSequences } = spec;
			return [
				...[
					id,
					status,
					corpus.id,
					model.vocabulary,
					model.context,
					model.width,
					model.layers,
					headsOf(model),
					model.tied,
				],
				...[seed, optimizer.learningRate, schedule.kind, schedule.warmupSteps, steps, batchSequences * model.context],
				...[parameters.total, parameters.nonEmbedding, parameters.embedding, parameters.head],
				...[tokens, flops.total, flops.nonEmbedding, validationLoss, adapter],
				...[corpus.uniqueTokens ?? null, spec.sampling ?? DEFAULT_SAMPLING],
				...[optimizer.kind, optimizer.decay, run.validationLossEma ?? null, run.divergedAt ?? null],
				...[spec.storage ?? DEFAULT_STORAGE, model.architecture ?? DEFAULT_ARCHITECTURE],
				stopText(run) ?? null,
				...others.map((other) => evaluations?.[other] ?? null),
			];
		}),
	);
}

/** Heads of queries; null where a model has none. */
function headsOf(model: ModelConfig): number | null {
	return model.architecture === "lstm" ? null : model.heads;
}

/**
 * One line per point of each run's loss curve: `flops` = 6 · params · tokens, `loss` in nats per token over
 * `averaged_steps` training steps, and the gradient noise scale in tokens.
 */
export function curvesCsv(runs: readonly RunResult[]): string {
	const recipes = recipeNames(runs);
	return toCsv(
		[
			...["run", "params", "params_nonembedding", "tokens", "flops", "flops_nonembedding", "loss"],
			...["recipe", "averaged_steps", "gradient_norm", "update_ratio", "gradient_noise_scale"],
		],
		runs.flatMap(({ id, spec, parameters: { total, nonEmbedding }, curve, measurements }) => {
			const steps = averagedSteps(curve.tokens, spec.batchSequences * spec.model.context);
			return curve.tokens.map((tokens, i) => [
				...[id, total, nonEmbedding, tokens, flopsOf(total, tokens), flopsOf(nonEmbedding, tokens)],
				...[curve.loss[i] ?? null, recipes.get(id)!, steps?.[i] ?? null],
				measurements.gradientNorm[i] ?? null,
				measurements.updateRatio[i] ?? null,
				measurements.noiseScale[i] ?? null,
			]);
		}),
	);
}

/**
 * One line per parameter of each law in each convention, under each rule for learning rates (`rates`); a law without an
 * estimate has one line with the reason.
 */
export function fitsCsv(analysis: StudyAnalysis): string {
	const readings = analysis.otherRule ? [analysis, analysis.otherRule] : [analysis];
	const rows = readings.flatMap(({ rates, conventions: { total, nonEmbedding } }) =>
		Object.entries({ total, nonEmbedding }).flatMap(([convention, fits]) =>
			[fits.allocation, fits.tokens, fits.lossNoOffset, fits.lossWithOffset].flatMap((fit) =>
				fitRows(convention, fit).map((row) => [rates, ...row]),
			),
		),
	);
	return toCsv(
		[
			...["rates", "count", "law", "parameter", "estimate", "low", "high", "level", "points", "runs", "resamples"],
			...["method", "reason", "warnings"],
		],
		rows,
	);
}

function fitRows(convention: string, fit: Fit): Cell[][] {
	const about = [fit.level, fit.points.length, fit.runs.join(" "), fit.resamples, fit.method, fit.reason];
	const warnings = fit.warnings.join(" ");
	const parameters = Object.entries(fit.parameters);
	if (parameters.length === 0) return [[convention, fit.formula, null, null, null, null, ...about, warnings]];
	return parameters.map(([name, { estimate, low, high }]) => [
		...[convention, fit.formula, name, estimate, low, high],
		...about,
		warnings,
	]);
}

/** The compute-optimal frontier, one line per point in each convention. */
export function frontierCsv(analysis: StudyAnalysis): string {
	const { total, nonEmbedding } = analysis.conventions;
	return toCsv(
		["count", "flops", "params", "tokens", "loss", "used", "runs"],
		Object.entries({ total, nonEmbedding }).flatMap(([convention, { frontier }]) =>
			frontier.map(({ flops, parameters, tokens, loss, used, runIds }) => [
				...[convention, flops, parameters, tokens, loss, used],
				runIds.join(" "),
			]),
		),
	);
}
