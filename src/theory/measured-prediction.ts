import { type Convention, tokensOf } from "../architecture/flops.ts";
import { mean } from "../maths/least-squares.ts";
import type { MeasuredLaw, MeasuredStudy } from "./measured-laws.ts";
import type { StudySize } from "./prediction.ts";

/** Where a larger size should overtake a smaller one, by the studies trained here. */
export interface MeasuredCrossing {
	/** √(N₁·N₂), in the convention's count. */
	parameters: number;
	/** The smaller and the larger size, in the same count. */
	sizes: [number, number];
	/** C = 6·N·D, in the same count; null far from what was measured. */
	flops: number | null;
	/** Tokens that the smaller and the larger size need to get there; null far from what was measured. */
	tokens: [number, number] | null;
	/** The smaller of both sizes' shares of budget to need: 1 just reaches the crossing. Null if that is not known. */
	room: number | null;
	/** Whether both budgets reach it; `barely` with less room than such crossings scatter. */
	reached: "yes" | "barely" | "no" | "unknown";
}

/** What studies at this scale showed before, in one convention. */
export interface MeasuredConvention {
	exponents: { source: string; exponent: number; low: number; high: number }[];
	/** One for each pair of neighboring sizes. */
	crossings: MeasuredCrossing[];
}

export interface MeasuredPrediction {
	total: MeasuredConvention;
	nonEmbedding: MeasuredConvention;
}

/** What a planned study must share with a measured one for its laws to apply. */
export interface Setting {
	vocabulary: number;
	/** Tokens per sequence. */
	context: number;
	/** Whether its models are transformers, as the measured ones are. */
	transformer: boolean;
	/** Whether it reads the texts that the measured ones read. */
	corpora: readonly string[];
}

/** Crossings between sizes this far outside the measured ones are unknown: a power law may bend. */
const FACTOR = 2;
/** Least room that crossings of other seeds do not use up: they scatter by about a tenth in compute. */
const ROOM = 1.15;

/** The measured studies whose laws apply to a setting, or why there is none. */
export function studiesLike(
	studies: readonly MeasuredStudy[],
	{ vocabulary, context, transformer, corpora }: Setting,
): { found: MeasuredStudy[]; reason: string | null } {
	const found = studies.filter(
		(study) =>
			transformer &&
			study.vocabulary === vocabulary &&
			study.context === context &&
			corpora.every((corpus) => corpus === study.corpus),
	);
	if (found.length > 0) return { found, reason: null };
	const known = studies.map((study) => `${study.vocabulary} tokens of context ${study.context} on ${study.corpus}`);
	const what = `${vocabulary} tokens of context ${context} on ${corpora.join(", ")}`;
	return {
		found,
		reason:
			"no study like it was trained here: its " +
			`${transformer ? "" : "models are no transformers; its "}vocabulary has ${what}, those measured ${[...new Set(known)].join("; ")}`,
	};
}

/** Where neighboring sizes should cross and whether their budgets reach that, by measured laws. */
export function predictByMeasured(studies: readonly MeasuredStudy[], sizes: readonly StudySize[]): MeasuredPrediction {
	return { total: convention(studies, sizes, "total"), nonEmbedding: convention(studies, sizes, "nonEmbedding") };
}

function convention(
	studies: readonly MeasuredStudy[],
	sizes: readonly StudySize[],
	count: Convention,
): MeasuredConvention {
	const ordered = [...sizes].sort((p, q) => p[count] - q[count]);
	return {
		exponents: studies.map(({ source, laws }) => {
			const { exponent, low, high } = laws[count];
			return { source, exponent, low, high };
		}),
		crossings: ordered.slice(1).flatMap((larger, i) => {
			const smaller = ordered[i]!;
			return smaller[count] === larger[count] ? [] : [crossing(studies, smaller, larger, count)];
		}),
	};
}

function crossing(
	studies: readonly MeasuredStudy[],
	smaller: StudySize,
	larger: StudySize,
	count: Convention,
): MeasuredCrossing {
	const pair: [number, number] = [smaller[count], larger[count]];
	const base = { parameters: Math.sqrt(pair[0] * pair[1]), sizes: pair };
	const total = Math.sqrt(smaller.total * larger.total);
	const near = studies.filter(({ parameters }) => total >= parameters.from / FACTOR && total <= parameters.to * FACTOR);
	if (near.length === 0) return { ...base, flops: null, tokens: null, room: null, reached: "unknown" };
	const flops = Math.exp(mean(near.map(({ laws }) => logFlopsAt(laws[count], base.parameters))));
	const tokens: [number, number] = [tokensOf(flops, pair[0]), tokensOf(flops, pair[1])];
	const room = Math.min(smaller.tokens / tokens[0], larger.tokens / tokens[1]);
	return { ...base, flops, tokens, room, reached: room < 1 ? "no" : room < ROOM ? "barely" : "yes" };
}

/** ln C at which a law's best size is N. */
function logFlopsAt({ coefficient, exponent }: MeasuredLaw, parameters: number): number {
	return Math.log(parameters / coefficient) / exponent;
}
