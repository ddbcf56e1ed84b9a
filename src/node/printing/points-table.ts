import type { PointsAnalysis } from "../../analysis/fit-points.ts";
import type { Estimate, Fit } from "../../analysis/fitting/fit.ts";
import type { LawFits } from "../../analysis/power-laws/law-fits.ts";
import type { Prediction } from "../../analysis/power-laws/predict.ts";
import type { FitReport } from "../commands/fit-report.ts";
import { plural, short, table } from "./format.ts";

/** The fits of points as lines for people: a table of exponents, the laws' parameters, what is left out and warned of. */
export function pointsTable({ source, options, experiments }: FitReport): string[] {
	const lines: string[] = [];
	for (const { name, conventions, ...analysis } of experiments) {
		if (lines.length > 0) lines.push("");
		const { total, runs, sizes, budgets } = analysis.points;
		if (name !== null) lines.push(name);
		lines.push(
			`${plural(total, "point")}, ${plural(runs, "run")}, ${plural(sizes, "size")}, ${plural(budgets, "budget")}; ` +
				`N: ${conventions.count}, C: ${conventions.flops}`,
			...exponentTable(analysis, options.interval),
			...parameterLines(analysis),
			...predictionTable(analysis, options.interval),
			...heldOutLines(analysis),
			...nextRunLines(analysis),
			...notes(analysis),
		);
	}
	const { leftOut } = source;
	for (const { line, reason } of leftOut.slice(0, MOST_LINES)) lines.push(`Line ${line} is left out: ${reason}.`);
	if (leftOut.length > MOST_LINES)
		lines.push(`${leftOut.length - MOST_LINES} more lines are left out; --json lists them.`);
	return lines;
}

const MOST_LINES = 5;

function exponentTable(analysis: PointsAnalysis, interval: number): string[] {
	const { method1, method2 } = analysis;
	const rows: string[][] = [];
	const laws = (title: string, fits: LawFits) =>
		rows.push([
			title,
			cell(fits.allocation),
			cell(fits.tokens),
			cell(fits.lossNoOffset),
			cell(fits.lossWithOffset),
			String(fits.allocation.points.length),
		]);
	if (method1) {
		laws("Method 1, crossings", method1);
		laws("Method 1, whole envelope", method1.variants.grid);
		laws("Method 1, convex hull", method1.variants.hull);
	}
	if (method2) {
		laws("Method 2, parabola", method2);
		laws("Method 2, Akima", method2.variants.akima);
		laws("Method 2, noise-and-interpolate", method2.variants.noise);
	}
	for (const [title, fit] of parametric(analysis)) {
		const { a, b, γ } = fit.parameters;
		// Laws name their amplitudes a and b too; the exponent of N* is the one that is the fit's estimate.
		const own = a?.estimate === fit.estimate;
		rows.push([title, cell(fit), own ? text(b) : "", "", text(γ), String(fit.points.length)]);
	}
	const percent = `${Number((100 * interval).toPrecision(3))} % intervals`;
	const header = [`exponents, ${percent}`, "N* ∝ C^a", "D* ∝ C^b", "L* ∝ C^-γ", "L* - E ∝ C^-γ", "points"];
	return table([header, ...rows]);
}

/** Laws of N and D that were fitted. */
function parametric({ method3, kaplan, rosenfeld, dataConstrained }: PointsAnalysis): [string, Fit][] {
	const all: [string, Fit | undefined][] = [
		["Method 3", method3],
		["Kaplan", kaplan],
		["Rosenfeld", rosenfeld],
		["Data-constrained", dataConstrained],
	];
	return all.flatMap(([title, fit]) => (fit ? [[title, fit]] : []));
}

function cell(fit: Fit): string {
	return fit.estimate === null ? "not determined" : text(fit);
}

function text(value: (Pick<Estimate, "low" | "high"> & { estimate: number | null }) | undefined): string {
	if (!value || value.estimate === null) return "";
	const { estimate, low, high } = value;
	return `${estimate.toFixed(3)} (${low === null || high === null ? "no interval" : `${low.toFixed(3)} to ${high.toFixed(3)}`})`;
}

function parameterLines(analysis: PointsAnalysis): string[] {
	return parametric(analysis).flatMap(([title, fit]) => {
		if (fit.estimate === null) return [];
		const parts = Object.entries(fit.parameters).map(([name, { estimate, low, high }]) => {
			const interval = low === null || high === null ? "" : ` (${significant(low)} to ${significant(high)})`;
			return `${name} ${significant(estimate)}${interval}`;
		});
		const { objective, health } = fit;
		const sum = objective ? `; ${objective.loss} ${objective.value.toPrecision(7)}` : "";
		const starts = health ? `, ${Math.round(100 * health.agreement)} % of ${plural(health.starts, "start")} agree` : "";
		return [`${title}: ${parts.join(", ")}${sum}${starts}`];
	});
}

/** What each method says of compute beyond the points. */
function predictionTable(analysis: PointsAnalysis, interval: number): string[] {
	const { method1, method2, method3, kaplan, rosenfeld } = analysis;
	const all: [string, Prediction[] | undefined][] = [
		["Method 1, crossings", method1?.predictions],
		["Method 1, whole envelope", method1?.variants.grid.predictions],
		["Method 1, convex hull", method1?.variants.hull.predictions],
		["Method 2, parabola", method2?.predictions],
		["Method 2, Akima", method2?.variants.akima.predictions],
		["Method 2, noise-and-interpolate", method2?.variants.noise.predictions],
		["Method 3", method3?.predictions],
		["Kaplan", kaplan?.predictions],
		["Rosenfeld", rosenfeld?.predictions],
	];
	const rows = all.flatMap(([title, predictions = []]) =>
		predictions.map(({ flops, parameters, tokens, ratio, loss, run }) => [
			title,
			short(flops),
			range(parameters),
			range(tokens),
			range(ratio),
			loss ? range(loss) : "",
			run ? `${significant(run.low)} to ${significant(run.high)}` : "",
		]),
	);
	if (rows.length === 0) return [];
	const percent = `predictions, ${Number((100 * interval).toPrecision(3))} % intervals`;
	return ["", ...table([[percent, "C", "N*", "D*", "D*/N*", "L*", "loss of a run"], ...rows])];
}

function range({ estimate, low, high }: Estimate): string {
	const ends = low === null || high === null ? "" : ` (${significant(low)} to ${significant(high)})`;
	return `${significant(estimate)}${ends}`;
}

function heldOutLines({ heldOut }: PointsAnalysis): string[] {
	if (!heldOut) return [];
	const { reason, from, by, predictedRuns, laws } = heldOut;
	if (reason !== null || from === null) return ["", `Laws are not compared on held-out runs: ${reason}.`];
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

/** What the fits say besides numbers, each once. */
function notes(analysis: PointsAnalysis): string[] {
	const { method1, method2 } = analysis;
	const lines = [...analysis.notes];
	const said = new Set<string>();
	const say = (title: string, note: string) => {
		if (!said.has(note)) lines.push(`${title}: ${note}`);
		said.add(note);
	};
	const add = (title: string, fits: readonly Fit[]) => {
		for (const fit of fits) {
			for (const note of fit.reason === null ? fit.warnings : [fit.reason]) say(title, note);
			for (const [why, count] of countReasons(fit)) say(title, `${plural(count, "run")} left out: ${why}.`);
		}
	};
	if (method1) {
		add("Method 1", [method1.allocation, method1.lossWithOffset]);
		add("Method 1, hull", [method1.variants.hull.allocation]);
	}
	if (method2) {
		add("Method 2", [method2.allocation, method2.lossWithOffset]);
		add("Method 2, Akima", [method2.variants.akima.allocation]);
		add("Method 2, noise", [method2.variants.noise.allocation]);
	}
	for (const [title, fit] of parametric(analysis)) add(title, [fit]);
	return lines;
}

/** How many runs were left out for each reason. */
function countReasons({ leftOut, leftOutMore = [] }: Fit): Map<string, number> {
	const counts = new Map<string, number>();
	const add = (reason: string, runs: number) => counts.set(reason, (counts.get(reason) ?? 0) + runs);
	for (const { reason } of leftOut) add(reason, 1);
	for (const { reason, runs } of leftOutMore) add(reason, runs);
	return counts;
}
