import { estimatesOf } from "../analysis/fitting/fit.ts";
import { fitParametricLaw } from "../analysis/fitting/fit-parametric-law.ts";
import { METHOD_3 } from "../analysis/parametric-laws/method3.ts";
import { suggestNextRun } from "../analysis/parametric-laws/next-run.ts";
import { parameterCounts } from "../architecture/size.ts";
import type { RunResult } from "../run/run-result.ts";
import { pointsOfRuns } from "./forecast.ts";
import { IncomparableRuns } from "./run-points.ts";
import type { ModelSize, Study } from "./study.ts";
import { modelsOf } from "./study-axes.ts";
import { validateStudy } from "./validate-study.ts";

/** The parameters of Method 3 whose interval a run may narrow. */
export const NEXT_RUN_PARAMETERS = ["a", "γ", "α", "β", "E"] as const;
export type NextRunParameter = (typeof NEXT_RUN_PARAMETERS)[number];

export interface NextRunsRequest {
	study: Study;
	/** Finished runs of the study. */
	results: RunResult[];
	parameter: NextRunParameter;
}

/** A run that may be added to a study. */
export interface SuggestedRun {
	/** For the study's `sizes`: with its own tokens. */
	size: ModelSize;
	/** N_T. */
	parameters: number;
	/** D. */
	tokens: number;
	/** 6·N_T·D, FLOP. */
	flops: number;
	/** By how much the interval would be narrower, in (0, 1). */
	narrowing: number;
	/** narrowing / flops, relative to the best of the table. */
	gain: number;
}

export interface NextRunsTable {
	/** Why nothing is suggested; null where something is. */
	reason: string | null;
	/** The parameter's present value; null without one. */
	estimate: number | null;
	/** Most gain per FLOP first. */
	runs: SuggestedRun[];
}

const MOST = 8;
/** Suggested runs must narrow the interval by at least this share of what the best one achieves. */
const WORTHWHILE = 0.25;

/**
 * The runs that would narrow an interval of Method 3 most per FLOP (`suggestNextRun`), among those that the study can have: its
 * sizes, one below and two above, each at lengths up to four times the longest.
 */
export function nextRunsOf({ study, results, parameter }: NextRunsRequest): NextRunsTable {
	const none = (reason: string): NextRunsTable => ({ reason, estimate: null, runs: [] });
	if (study.arms) return none("a study with arms has several sets of sizes; add the run to its document");
	try {
		const { points } = pointsOfRuns(results);
		const fit = fitParametricLaw(METHOD_3, points);
		if (fit.reason !== null) return none(fit.reason);
		const parameters = estimatesOf(fit);
		const candidates = candidatesOf(study, results);
		const found = suggestNextRun(METHOD_3, points, parameters, { parameter, candidates });
		const most = found.reduce((best, { narrowing }) => Math.max(best, narrowing), 0);
		const runs = found.filter(({ narrowing }) => narrowing >= WORTHWHILE * most).slice(0, MOST);
		const reason = runs.length > 0 ? null : `no run that the study can have would narrow the interval of ${parameter}`;
		return {
			...{ reason, estimate: parameters[parameter]! },
			runs: runs.map(({ perFlop, ...run }) => ({
				...candidates.find(({ parameters, tokens }) => parameters === run.parameters && tokens === run.tokens)!,
				...{ flops: run.flops, narrowing: run.narrowing, gain: perFlop / runs[0]!.perFlop },
			})),
		};
	} catch (error) {
		if (error instanceof IncomparableRuns) return none(error.message);
		throw error;
	}
}

type Candidate = Pick<SuggestedRun, "size" | "parameters" | "tokens">;

/** Lengths from the shortest to beyond the longest, in this ratio. */
const RATIO = 2;
const BEYOND = 4;
/** Runs closer than this in tokens are the same. */
const SAME = 1.05;

function candidatesOf(study: Study, results: readonly RunResult[]): Candidate[] {
	const lengths = results.map(({ tokens }) => tokens);
	const longest = BEYOND * Math.max(...lengths);
	const steps = Math.floor(Math.log(longest / Math.min(...lengths)) / Math.log(RATIO) + 1e-9);
	const wanted = Array.from({ length: steps + 1 }, (_, i) => roundTokens(longest / RATIO ** i));
	const trained = (parameters: number, tokens: number) =>
		results.some(
			(run) => run.parameters.total === parameters && Math.abs(Math.log(run.tokens / tokens)) < Math.log(SAME),
		);
	const parametersOf = (size: ModelSize) => parameterCounts(modelsOf(study, size, study.vocabularies[0]!)[0]!).total;
	return shapesOf(study).flatMap((shape) => {
		const parameters = parametersOf(shape);
		return wanted
			.map((tokens) => ({ size: { ...shape, tokens }, parameters, tokens }))
			.filter(({ size, tokens }) => !trained(parameters, tokens) && withSize(study, size) !== null);
	});
}

/** The study with one more size; null if it cannot have it. */
export function withSize(study: Study, size: ModelSize): Study | null {
	try {
		return validateStudy({ ...study, sizes: [...study.sizes, size] });
	} catch {
		return null;
	}
}

/** The study's shapes without budgets of their own, and some like its smallest and largest. */
function shapesOf({ sizes }: Study): ModelSize[] {
	const shapes = sizes.map(({ steps: _, tokens: __, ...shape }) => shape).sort((p, q) => p.width - q.width);
	const scaled = (shape: ModelSize, factor: number): ModelSize => {
		const unit = 2 * shape.heads;
		const { headSize: _, hidden: __, ...rest } = shape;
		return { ...rest, width: Math.max(unit, unit * Math.round((factor * shape.width) / unit)) };
	};
	const [smallest, largest] = [shapes[0]!, shapes.at(-1)!];
	const all = [...shapes, scaled(smallest, 1 / 1.5), scaled(largest, 1.5), scaled(largest, 2)];
	return [...new Map(all.map((shape) => [JSON.stringify(Object.entries(shape).sort()), shape])).values()];
}

/** Two significant digits: what a person would write. */
const roundTokens = (tokens: number) => Number(tokens.toPrecision(2));
