import type { Fit, StudyAnalysis } from "../analysis/index.ts";
import { trainingFlops } from "../model/size.ts";
import type { RunResult } from "../study/run-result.ts";
import type { Study } from "../study/study.ts";
import { CONVENTION_ORDER } from "./symbols.ts";

/** Files the page saves. JSON files are those that the command line writes and reads. */

/** One finished run per line, as the command line's runs.jsonl. */
export function runsJsonl(results: readonly RunResult[]): string {
	return results.map((result) => `${JSON.stringify(result)}\n`).join("");
}

/** One row per point of a loss curve, with what a plot or a fit groups by. */
export function runsCsv(results: readonly RunResult[]): string {
	const header = [
		"run",
		"status",
		"width",
		"layers",
		"heads",
		"learning_rate",
		"seed",
		"params",
		"params_nonembedding",
		"tokens",
		"flops",
		"flops_nonembedding",
		"loss",
		"validation_loss",
	];
	const rows = results.flatMap(({ id, status, spec, parameters, curve, validationLoss }) =>
		curve.tokens.map((tokens, i) => {
			const flops = trainingFlops(parameters, tokens);
			const last = i === curve.tokens.length - 1;
			return [
				id,
				status,
				spec.model.width,
				spec.model.layers,
				spec.model.heads,
				spec.optimizer.learningRate,
				spec.seed,
				parameters.total,
				parameters.nonEmbedding,
				tokens,
				flops.total,
				flops.nonEmbedding,
				curve.loss[i]!,
				last ? validationLoss : null,
			];
		}),
	);
	return csv([header, ...rows]);
}

/** The whole analysis, as the command line's fits.json. */
export function fitsJson(analysis: StudyAnalysis): string {
	return `${JSON.stringify(analysis, null, 2)}\n`;
}

/** One row per parameter of each law in both conventions; a law without an estimate has one row with the reason. */
export function fitsCsv(analysis: StudyAnalysis): string {
	const header = [
		"counted",
		"law",
		"parameter",
		"estimate",
		"low",
		"high",
		"level",
		"runs",
		"resamples",
		"reason",
		"warnings",
	];
	const rows = CONVENTION_ORDER.flatMap((convention) => {
		const { allocation, tokens, lossNoOffset, lossWithOffset } = analysis.conventions[convention];
		return [allocation, tokens, lossNoOffset, lossWithOffset].flatMap((fit) => fitRows(convention, fit));
	});
	return csv([header, ...rows]);
}

/** The document that runs this study again. */
export function studyJson(study: Study): string {
	return `${JSON.stringify(study, null, 2)}\n`;
}

type Cell = string | number | null;

function fitRows(convention: string, fit: Fit): Cell[][] {
	const rest = [fit.level, fit.runs.length, fit.resamples, fit.reason, fit.warnings.join("; ")];
	const parameters = Object.entries(fit.parameters);
	if (parameters.length === 0) return [[convention, fit.formula, "", null, null, null, ...rest]];
	return parameters.map(([name, { estimate, low, high }]) => [
		convention,
		fit.formula,
		name,
		estimate,
		low,
		high,
		...rest,
	]);
}

/** Rows as CSV (RFC 4180). */
function csv(rows: readonly (readonly Cell[])[]): string {
	const cell = (value: Cell) => {
		const text = value === null ? "" : String(value);
		return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
	};
	return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
