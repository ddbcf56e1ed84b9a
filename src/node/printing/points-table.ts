import { type PointsAnalysis, readingsOf } from "../../analysis/fit-points.ts";
import type { Estimate } from "../../analysis/fitting/fit.ts";
import type { Exponent, Reading } from "../../analysis/methods/fit-method.ts";
import { exponentRows } from "../../analysis/reports/exponent-rows.ts";
import { fitNotes } from "../../analysis/reports/fit-notes.ts";
import type { FitReport } from "../commands/fit-report.ts";
import { plural, short, span, table, wrapped } from "./format.ts";

/**
 * The fits of points as lines for people, the estimates first: a table of exponents, the laws' parameters, predictions; then what
 * was read from where, left out and warned of.
 */
export function pointsTable({ source, options, experiments }: FitReport): string[] {
	const lines: string[] = [];
	for (const { name, conventions, ...analysis } of experiments) {
		if (lines.length > 0) lines.push("");
		const { total, runs, sizes, budgets } = analysis.points;
		const readings = readingsOf(analysis, options);
		if (name !== null) lines.push(name);
		lines.push(
			`${plural(total, "point")}, ${plural(runs, "run")}, ${plural(sizes, "size")}, ${plural(budgets, "budget")}; ` +
				`N: ${conventions.count}, C: ${conventions.flops}`,
			...exponentTable(readings, options.interval),
			...parameterLines(readings),
			...predictionTable(readings, options.interval),
			...heldOutLines(analysis),
			...nextRunLines(analysis),
			...fitNotes(analysis.notes, readings).flatMap(wrapped),
		);
	}
	lines.push(...columnLines(source));
	const { leftOut } = source;
	for (const { line, reason, file } of leftOut.slice(0, MOST_LINES))
		lines.push(...wrapped(`Line ${line}${file === undefined ? "" : ` of ${file}`} is left out: ${reason}.`));
	if (leftOut.length > MOST_LINES)
		lines.push(`${leftOut.length - MOST_LINES} more lines are left out; --json lists them.`);
	return lines;
}

const MOST_LINES = 5;

/** Which columns of a file were taken for what. */
function columnLines({ columns, units, alternatives }: FitReport["source"]): string[] {
	const parts = (Object.entries(columns) as [keyof typeof columns, string][]).map(([column, name]) => {
		const unit = units[column] === undefined ? "" : ` × ${short(units[column])}`;
		const others = alternatives[column] === undefined ? "" : `, not ${alternatives[column].join(", ")}`;
		const own = name.toLowerCase() === column ? column : `${column} from ${name}`;
		return own + unit + others;
	});
	return parts.length === 0 ? [] : wrapped(`Columns: ${parts.join("; ")}`);
}

function exponentTable(readings: readonly Reading[], interval: number): string[] {
	const percent = `${Number((100 * interval).toPrecision(3))} % intervals`;
	const header = [`exponents, ${percent}`, "N* ∝ C^a", "D* ∝ C^b", "L* ∝ C^-γ", "L* - E ∝ C^-γ", "points"];
	const rows = exponentRows(readings).map(({ title, cells, points }) => [
		shortTitle(title),
		...[cells.allocation, cells.tokens, cells.lossNoOffset, cells.lossWithOffset].map(exponentText),
		String(points),
	]);
	return table([header, ...rows]);
}

function exponentText(exponent: Exponent | null): string {
	if (exponent === null) return "";
	const { estimate, low, high } = exponent;
	if (estimate === null) return "not determined";
	return `${estimate.toFixed(3)} (${low === null || high === null ? "no interval" : span(low, high, (value) => value.toFixed(3))})`;
}

/** A method's name as narrow as a table needs it. */
function shortTitle(title: string): string {
	return title.replace("noise-and-interpolate", "noise").replace("best rate at the end", "best at the end");
}

/** The parameters of the laws of N and D. */
function parameterLines(readings: readonly Reading[]): string[] {
	return readings.flatMap(({ title, law: fit }) => {
		if (fit === null || fit.estimate === null) return [];
		const parts = Object.entries(fit.parameters).map(([name, { estimate, low, high }]) => {
			const interval = low === null || high === null ? "" : ` (${span(low, high, significant)})`;
			return `${name} ${significant(estimate)}${interval}`;
		});
		const { objective, health } = fit;
		const sum = objective ? `; ${objective.loss} ${objective.value.toPrecision(7)}` : "";
		const starts = health ? `, ${Math.round(100 * health.agreement)} % of ${plural(health.starts, "start")} agree` : "";
		return wrapped(`${title}: ${parts.join(", ")}${sum}${starts}`);
	});
}

/** What each method says of compute beyond the points, a table for each compute. */
function predictionTable(readings: readonly Reading[], interval: number): string[] {
	const all = readings.flatMap(({ title, predictions }) => predictions.map((each) => ({ title, ...each })));
	const percent = `${Number((100 * interval).toPrecision(3))} %`;
	return [...new Set(all.map(({ flops }) => flops))].flatMap((at) => {
		const rows = all
			.filter(({ flops }) => flops === at)
			.map(({ title, parameters, tokens, ratio, loss, run }) => [
				shortTitle(title),
				...[range(parameters), range(tokens), significant(ratio.estimate)],
				...[loss ? range(loss) : "", run ? span(run.low, run.high, significant) : ""],
			]);
		return ["", ...table([[`at ${short(at)} FLOP, ${percent}`, "N*", "D*", "D*/N*", "L*", "a run's L"], ...rows])];
	});
}

function range({ estimate, low, high }: Estimate): string {
	const ends = low === null || high === null ? "" : ` (${span(low, high, significant)})`;
	return `${significant(estimate)}${ends}`;
}

function heldOutLines({ heldOut }: PointsAnalysis): string[] {
	if (!heldOut) return [];
	const { reason, from, by, predictedRuns, laws } = heldOut;
	if (reason !== null || from === null) return ["", ...wrapped(`Laws are not compared on held-out runs: ${reason}.`)];
	const rows = laws.map(({ title, error, bias, residual }) => [
		title,
		...[error, bias, residual].map((value) => (value === null ? "not determined" : value.toFixed(4))),
	]);
	const unit = { flops: "FLOP", parameters: "parameters", tokens: "tokens" }[by];
	const what = `fitted below ${short(from)} ${unit}, predicting ${plural(predictedRuns.length, "run")}`;
	return ["", ...table([[what, "error in ln L", "bias", "residual of the fit"], ...rows])];
}

function nextRunLines({ nextRuns }: PointsAnalysis): string[] {
	if (!nextRuns || nextRuns.length === 0) return [];
	const rows = nextRuns.map(({ parameters, tokens, flops, narrowing }) => [
		`N ${short(parameters)}`,
		short(tokens),
		short(flops),
		`${(100 * narrowing).toFixed(1)} %`,
	]);
	return [
		"",
		...table([["runs that would narrow Method 3's a most per FLOP", "D", "FLOP", "narrower by"], ...rows]),
		"",
	];
}

function significant(value: number): string {
	return Math.abs(value) >= 1e5 ? short(value) : value.toPrecision(4);
}
