import type { Estimate, Fit, FitPoint, LeftOut } from "./fit.ts";
import { type Frontier, frontierRuns } from "./frontier.ts";
import type { LawPoints, Laws } from "./laws.ts";
import { centralInterval } from "./quantile.ts";
import type { AnalysisOptions, ConventionFit } from "./study-analysis.ts";

/** What all fits of one frontier share. */
export interface FitContext {
	leftOut: readonly LeftOut[];
	reason: string | null;
	warnings: readonly string[];
	options: Required<AnalysisOptions>;
}

const ENVELOPE = "Method 1: lower envelope of the training curves";

/** The four laws of a convention as `Fit`s: estimates, intervals over the resamples, points, runs and warnings. */
export function describeFits(
	frontier: Frontier,
	laws: Laws | null,
	resampled: readonly Laws[],
	points: LawPoints,
	context: FitContext,
): Pick<ConventionFit, "allocation" | "tokens" | "lossNoOffset" | "lossWithOffset"> {
	const { trimEdges } = context.options;
	const at = trimEdges ? "where two sizes' curves cross, at the geometric mean of the sizes" : "on a grid of compute";
	const there = trimEdges ? "of each size at the compute where N*(C) equals it" : "on a grid of compute";
	const sizePoints = (logY: readonly number[]) =>
		points.optimum.logFlops.map((x, i) => ({
			x: Math.exp(x),
			y: Math.exp(logY[i]!),
			runs: points.optimum.sizes[i]!.flatMap((size) => frontierRuns(frontier, size)),
		}));
	const lossPoints = () =>
		points.loss.logFlops.map((x, i) => ({
			x: Math.exp(x),
			y: Math.exp(points.loss.logLoss[i]!),
			runs: frontierRuns(frontier, points.loss.size[i]!),
		}));
	const power = (law: "allocation" | "tokens" | "lossNoOffset", names: [string, string], sign: 1 | -1) => ({
		value: (of: Laws) => of[law] && { [names[0]]: of[law].coefficient, [names[1]]: sign * of[law].exponent },
		exponent: names[1],
		residual: laws?.[law]?.residual ?? null,
	});
	const finish = (law: LawOutline) => finishFit(frontier, laws, resampled, law, context);
	return {
		allocation: finish({
			...power("allocation", ["kN", "a"], 1),
			method: `${ENVELOPE}; least squares of ln N* on ln C, ${at}`,
			formula: "N* = kN · C^a",
			points: () => sizePoints(points.optimum.logParameters),
			lacking: "the crossings lie at one compute, so that no slope can be drawn through them",
			extra: [],
		}),
		tokens: finish({
			...power("tokens", ["kD", "b"], 1),
			method: `${ENVELOPE}; least squares of ln D* on ln C with D* = C / (6 · N*), ${at}`,
			formula: "D* = kD · C^b",
			points: () => sizePoints(points.optimum.logTokens),
			lacking: "the crossings lie at one compute, so that no slope can be drawn through them",
			extra: [],
		}),
		lossNoOffset: finish({
			...power("lossNoOffset", ["k", "γ"], -1),
			method: `${ENVELOPE}; least squares of ln L* on ln C, ${there}`,
			formula: "L* = k · C^−γ",
			points: lossPoints,
			lacking: `${points.loss.size.length} sizes have data at the compute where they are best; a slope needs 2`,
			extra: [],
		}),
		lossWithOffset: finish({
			value: ({ lossWithOffset: law }) => law && { E: law.offset, k: law.coefficient, γ: law.exponent },
			exponent: "γ",
			residual: laws?.lossWithOffset?.residual ?? null,
			method: `${ENVELOPE}; least squares of L* on C by variable projection, ${there}`,
			formula: "L* = E + k · C^−γ",
			points: lossPoints,
			lacking: `${points.loss.size.length} sizes have data at the compute where they are best; an offset needs 4`,
			extra: offsetWarnings(laws, resampled),
		}),
	};
}

interface LawOutline {
	/** The law's parameters by name. */
	value: (laws: Laws) => Record<string, number> | null;
	exponent: string;
	residual: number | null;
	method: string;
	formula: string;
	points: () => FitPoint[];
	/** Why there is no estimate although there is a frontier. */
	lacking: string;
	extra: string[];
}

function finishFit(
	frontier: Frontier,
	laws: Laws | null,
	all: readonly Laws[],
	law: LawOutline,
	context: FitContext,
): Fit {
	const { options, warnings } = context;
	const estimate = laws && law.value(laws);
	const base = { level: options.interval, method: law.method, formula: law.formula };
	if (!estimate) return undetermined(context.reason ?? law.lacking, context.leftOut, base);
	const draws = all.map(law.value).filter((value) => value !== null);
	const failed = options.resamples - draws.length;
	// An estimate that noise of the size seen would mostly undo is none.
	if (failed > options.resamples / 2)
		return undetermined(
			`too fragile to give a number: moved by as much as the runs scatter, the curves determine no law in ${failed} of ` +
				`${options.resamples} resamples, mostly because too few of them cross; longer runs or sizes further apart would help`,
			context.leftOut,
			base,
		);
	const parameters: Record<string, Estimate> = {};
	for (const [name, value] of Object.entries(estimate)) {
		const values = draws.map((draw) => draw[name]!);
		const interval = centralInterval(values, options.interval);
		parameters[name] = { estimate: value, low: interval?.low ?? null, high: interval?.high ?? null };
	}
	const points = law.points();
	const runs = [...new Set(points.flatMap((point) => point.runs))];
	const about =
		failed > options.resamples * 0.02
			? [
					`${failed} of ${options.resamples} resamples gave no estimate, mostly for want of crossings; they are not in the interval.`,
				]
			: [];
	return {
		...parameters[law.exponent]!,
		...base,
		reason: null,
		parameters,
		residual: law.residual,
		points,
		runs,
		leftOut: [...context.leftOut, ...offFrontier(frontier, runs)],
		warnings: [...warnings, ...law.extra, ...about],
		resamples: draws.length,
	};
}

/** Runs at their size's best rate that the fit still does not rest on. */
function offFrontier({ sizes }: Frontier, runs: readonly string[]): LeftOut[] {
	return sizes
		.flatMap(({ recipes }) => recipes.flatMap((recipe) => recipe.runs))
		.filter((run) => !runs.includes(run))
		.map((run) => ({ run, reason: "it is nowhere on the part of the frontier that the fit rests on" }));
}

function offsetWarnings(laws: Laws | null, resampled: readonly Laws[]): string[] {
	const law = laws?.lossWithOffset;
	if (!law) return [];
	const warnings: string[] = [];
	const share = resampled.filter((each) => each.lossWithOffset?.atBound.includes("E")).length / resampled.length;
	if (law.atBound.includes("E"))
		warnings.push("E is at its bound 0: over this range of compute no offset can be told from a plain power law.");
	else if (share > 0.05)
		warnings.push(
			`E is at its bound 0 in ${Math.round(share * 100)} % of the resamples: the offset is hardly determined.`,
		);
	if (law.atBound.includes("γ"))
		warnings.push("γ is at a bound of its range 0.002 to 2: the frontier is not a power law with an offset.");
	return warnings;
}

function undetermined(
	reason: string,
	leftOut: readonly LeftOut[],
	base: Pick<Fit, "level" | "method" | "formula">,
): Fit {
	return {
		...base,
		...{ estimate: null, low: null, high: null, reason, parameters: {}, residual: null, points: [], runs: [] },
		leftOut: [...leftOut],
		warnings: [],
		resamples: 0,
	};
}

/** The fits of a convention without a frontier. */
export function emptyFit(
	reason: string,
	leftOut: readonly LeftOut[],
	options: Required<AnalysisOptions>,
): ConventionFit {
	const fit = (formula: string) =>
		undetermined(reason, leftOut, { level: options.interval, method: ENVELOPE, formula });
	return {
		allocation: fit("N* = kN · C^a"),
		tokens: fit("D* = kD · C^b"),
		lossNoOffset: fit("L* = k · C^−γ"),
		lossWithOffset: fit("L* = E + k · C^−γ"),
		frontier: [],
		envelope: { flops: [], loss: [] },
	};
}
