import { flopsOf } from "../../architecture/flops.ts";
import { extremes } from "../../maths/extremes.ts";
import { quantileSorted } from "../../maths/quantile.ts";
import type { Conventions } from "./conventions.ts";
import type { Point } from "./point.ts";

/** C may be so many times 6·N·D or a fraction of it: recomputation, attention and other counts of N explain a factor of 2. */
const FLOPS_FACTOR = 5;
/** Usual tokens per parameter, from the far end of over-training to models hardly trained. */
const RATIO = { least: 0.01, most: 1e5 };
/** Usual losses, nats per token. */
const LOSS = { least: 0.3, most: 20 };
/** Epochs up to which repeated text is nearly as good as new (Muennighoff et al. 2023). */
const EPOCHS = 4;

/** What is odd about points as a whole, with the unit that would explain it, one sentence each. */
export function implausible(points: readonly Point[], { flops }: Conventions): string[] {
	if (points.length === 0) return [];
	return [
		...parametersWarning(points),
		...ratioWarning(points),
		...flopsWarning(points, flops),
		...lossWarning(points),
		...repeatWarning(points),
	];
}

function parametersWarning(points: readonly Point[]): string[] {
	const smallest = extremes(points.map(({ parameters }) => parameters)).least;
	if (smallest >= 1) return [];
	return [
		`The smallest N is ${short(smallest)}, less than one parameter: if N is in billions, say --units params=1e9, in millions --units params=1e6.`,
	];
}

function ratioWarning(points: readonly Point[]): string[] {
	const ratio = median(points, ({ parameters, tokens }) => tokens / parameters);
	if (ratio >= RATIO.least && ratio <= RATIO.most) return [];
	const [column, other] = ratio > RATIO.most ? ["params", "N"] : ["tokens", "D"];
	const unit = likelyUnit(ratio > RATIO.most ? ratio / 20 : 20 / ratio);
	return [
		`There are ${short(ratio)} tokens per parameter, where 0.01 to 100,000 are usual` +
			`${unit === null ? "" : `; if ${other} is in units of ${unit}, say --units ${column}=${unit}`}. If a column was taken for another one, --map says which is which.`,
	];
}

function flopsWarning(points: readonly Point[], rule: Conventions["flops"]): string[] {
	if (rule !== "column") return [];
	const factor = median(points, ({ parameters, tokens, flops }) => flops / flopsOf(parameters, tokens));
	if (factor >= 1 / FLOPS_FACTOR && factor <= FLOPS_FACTOR) return [];
	const unit = factor < 1 ? likelyUnit(1 / factor) : null;
	return [
		`C is ${short(factor)} times 6·N·D in the median` +
			`${unit === null ? "" : `; if it is in units of ${unit} FLOP, say --units flops=${unit}`}. --flops 6nd fits 6·N·D instead.`,
	];
}

function lossWarning(points: readonly Point[]): string[] {
	const loss = median(points, (point) => point.loss);
	if (loss >= LOSS.least && loss <= LOSS.most) return [];
	const what = loss > LOSS.most ? "a perplexity (its logarithm is the loss)" : "another measure, such as bits per byte";
	return [`The losses are about ${short(loss)}, where 0.3 to 20 nats per token are usual: it may be ${what}.`];
}

function repeatWarning(points: readonly Point[]): string[] {
	const epochs = points.map(({ tokens, uniqueTokens }) => tokens / (uniqueTokens ?? tokens));
	const many = epochs.filter((each) => each > EPOCHS);
	if (many.length === 0) return [];
	return [
		`${many.length} of ${points.length} points read their text more than ${EPOCHS} times, up to ${short(extremes(many).greatest)}: all methods but the ` +
			"data-constrained law take repeated tokens for new ones.",
	];
}

/** The power of a thousand nearest to a factor; null if none explains it. */
function likelyUnit(factor: number): string | null {
	const power = 3 * Math.round(Math.log10(factor) / 3);
	return power >= 3 && power <= 21 && Math.abs(Math.log10(factor) - power) < 1.6 ? `1e${power}` : null;
}

function median(points: readonly Point[], of: (point: Point) => number): number {
	return quantileSorted(Float64Array.from(points, of).sort(), 0.5);
}

function short(value: number): string {
	return String(Number(value.toPrecision(2)));
}
