import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import type { Convention } from "../../../architecture/flops.ts";
import type { Plan } from "../../../study/plan.ts";
import { analyticExponent } from "../../../theory/analytic-frontier.ts";
import type { StudyOverlay } from "../../../theory/charts/overlay.ts";
import { EMBEDDING_BOUNDS } from "../../../theory/embedding.ts";
import { type EmbeddingFit, fitEmbedding, type ModelCounts } from "../../../theory/embedding-fit.ts";
import { designWithin, type FigureRanges, type Powers } from "../../../theory/figure-ranges.ts";
import { allocationExponent, type LossLaw } from "../../../theory/loss-law.ts";
import { simulateStudy } from "../../../theory/synthetic-study.ts";

/** What the theory needs to know of a study: its embeddings and its ranges. */
export interface StudyReading {
	readonly name: string;
	readonly vocabulary: number;
	/** Tokens per sequence. */
	readonly context: number;
	/** Its distinct sizes, ascending. */
	readonly sizes: readonly ModelCounts[];
	readonly embedding: EmbeddingFit;
	readonly ranges: FigureRanges;
}

/** With fewer sizes a free δ would follow every whim of two counts. */
const SIZES_FOR_DELTA = 3;
/** Budgets that are all one are widened by so many powers of ten to either side. */
const WIDER = 0.5;

/**
 * Reads a study's plan: ω, and δ where there are sizes enough to tell it, from ln N_T of the runs that share a vocabulary and
 * context, those of most sizes where there are several; its sizes; and the compute of its cheapest to its dearest run.
 *
 * @throws RangeError when it has too few sizes
 */
export function readStudy(plan: Plan): StudyReading {
	const groups = new Map<string, { vocabulary: number; context: number; runs: Plan["perRun"][string][] }>();
	for (const { id, spec } of plan.runs) {
		const { vocabulary, context } = spec.model;
		const key = `${vocabulary} ${context}`;
		const group = groups.get(key) ?? { vocabulary, context, runs: [] };
		group.runs.push(plan.perRun[id]!);
		groups.set(key, group);
	}
	const read = [...groups.values()].map(({ runs, ...rest }) => ({ ...rest, runs, sizes: distinct(runs) }));
	const most = read.reduce((best, group) => (group.sizes.length > best.sizes.length ? group : best), read[0]!);
	const { vocabulary, context, runs, sizes } = most;
	if (sizes.length < 2) throw new RangeError(`this study has ${sizes.length} size; a range of sizes needs two`);
	const budgets = (count: Convention) => powers(runs.map(({ flops }) => flops[count]));
	return {
		...{ name: plan.study.name, vocabulary, context, sizes, embedding: embeddingOf(sizes) },
		ranges: {
			sizes: powers(sizes.map(({ nonEmbedding }) => nonEmbedding)),
			flops: { nonEmbedding: budgets("nonEmbedding"), total: budgets("total") },
		},
	};
}

function distinct(runs: readonly { parameters: ModelCounts }[]): ModelCounts[] {
	const bySize = new Map(
		runs.map(({ parameters: { total, nonEmbedding } }) => [nonEmbedding, { total, nonEmbedding }]),
	);
	return [...bySize.values()].sort((a, b) => a.nonEmbedding - b.nonEmbedding);
}

function embeddingOf(sizes: readonly ModelCounts[]): EmbeddingFit {
	const [least, most] = EMBEDDING_BOUNDS.delta;
	const free = sizes.length >= SIZES_FOR_DELTA ? fitEmbedding(sizes, "log-total") : null;
	return free && free.delta >= least && free.delta <= most ? free : fitEmbedding(sizes, "log-total", 1 / 3);
}

function powers(values: readonly number[]): Powers {
	const power = (value: number) => Number(Math.log10(value).toFixed(3));
	const [from, to] = [power(Math.min(...values)), power(Math.max(...values))];
	return from < to ? { from, to } : { from: from - WIDER, to: to + WIDER };
}

/** What a law says of a study's exponents. */
export interface StudyExpectation {
	/** a of a simulated study over the study's sizes and budgets; null where it cannot be simulated. */
	readonly simulated: number | null;
	/** a along the frontier from its smallest to its largest size, whatever the budget; null where there is none. */
	readonly unlimited: number | null;
}

/** What a law says of a study, by each way of counting. */
export function expectationOf(
	law: LossLaw,
	{ embedding, ranges, sizes }: StudyReading,
): Record<Convention, StudyExpectation> {
	const simulated = (count: Convention) =>
		orNull(() => simulateStudy(law, embedding, count, designWithin(ranges, embedding, count)).allocation.slope);
	const ends = { smallest: sizes[0]!.nonEmbedding, largest: sizes.at(-1)!.nonEmbedding };
	return {
		total: { simulated: simulated("total"), unlimited: allocationExponent(law) },
		nonEmbedding: {
			simulated: simulated("nonEmbedding"),
			unlimited: orNull(() => analyticExponent(law, embedding, ends)),
		},
	};
}

/** A number, unless it is none or cannot be had. */
function orNull(compute: () => number): number | null {
	try {
		const value = compute();
		return Number.isFinite(value) ? value : null;
	} catch (error) {
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/** What a study found, to be laid over the figures; null before there is a frontier. */
export function overlayOf(plan: Plan, analysis: StudyAnalysis): StudyOverlay | null {
	const { conventions } = analysis;
	if (conventions.total.frontier.length === 0 && conventions.nonEmbedding.frontier.length === 0) return null;
	const frontier = (count: Convention) => ({
		flops: conventions[count].frontier.map(({ flops }) => flops),
		parameters: conventions[count].frontier.map(({ parameters }) => parameters),
	});
	return {
		...{ name: plan.study.name, sizes: distinct(Object.values(plan.perRun)) },
		frontier: { total: frontier("total"), nonEmbedding: frontier("nonEmbedding") },
		envelope: { total: conventions.total.envelope, nonEmbedding: conventions.nonEmbedding.envelope },
	};
}
