import type { Convention } from "../../../architecture/flops.ts";
import { formatCount, formatPower } from "../../../figures/format.ts";
import { COMPUTE, italic, PARAMETERS, type RichText, rich } from "../../../figures/rich-text.ts";
import { EMBEDDING_BOUNDS, type Embedding } from "../../../theory/embedding.ts";
import { type FigureRanges, type Powers, RANGE_BOUNDS } from "../../../theory/figure-ranges.ts";
import type { LossLaw } from "../../../theory/loss-law.ts";
import { LAW_BOUNDS } from "../../../theory/specifications.ts";
import type { TheoryInputs } from "./theory-inputs.ts";

/** A number of the theory, with the slider that moves it. */
export interface NumberControl {
	readonly symbol: RichText;
	/** What it is, in words. */
	readonly name: string;
	/** What can be typed. */
	readonly bounds: readonly [least: number, most: number];
	/** What can be dragged to; powers of ten where the slider is logarithmic. */
	readonly slider: { readonly min: number; readonly max: number; readonly step: number; readonly log: boolean };
	/** What the number comes to, in words; nothing where it speaks for itself. */
	readonly meaning?: (value: number) => string;
	readonly read: (inputs: TheoryInputs) => number;
	readonly write: (inputs: TheoryInputs, value: number) => TheoryInputs;
}

/** The exact number as text, to six digits. */
export function numberText(value: number): string {
	return String(Number(value.toPrecision(6)));
}

/** The number that a text stands for. @throws RangeError saying what it must be */
export function readNumber({ name, bounds: [least, most] }: NumberControl, text: string): number {
	const value = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
	if (value >= least && value <= most) return value;
	const shown = text.trim() === "" ? "empty" : `“${text.trim().slice(0, 20)}”`;
	throw new RangeError(`${name} is ${shown}; it must be a number from ${numberText(least)} to ${numberText(most)}`);
}

function constant(key: keyof LossLaw, symbol: string, name: string, slider: NumberControl["slider"]): NumberControl {
	return {
		...{ symbol: rich(italic(symbol)), name, slider, bounds: LAW_BOUNDS[key] },
		read: ({ law }) => law[key],
		write: (inputs, value) => ({ ...inputs, choice: "own", law: { ...inputs.law, [key]: value } }),
	};
}

function ofEmbedding(
	key: keyof Embedding,
	symbol: string,
	name: string,
	slider: NumberControl["slider"],
): NumberControl {
	return {
		...{ symbol: rich(italic(symbol)), name, slider, bounds: EMBEDDING_BOUNDS[key] },
		read: ({ embedding }) => embedding[key],
		write: (inputs, value) => ({ ...inputs, embedding: { ...inputs.embedding, [key]: value } }),
	};
}

/** "from 10ˣ". */
function powerSymbol(end: keyof Powers): RichText {
	return rich(`${end} 10`, { text: "x", style: "sup" });
}

/** One end of the sizes, as a power of ten. */
function sizes(end: keyof Powers, name: string): NumberControl {
	return {
		...{ symbol: powerSymbol(end), name, meaning: (power) => formatCount(10 ** power) },
		bounds: [RANGE_BOUNDS.sizes.from, RANGE_BOUNDS.sizes.to],
		slider: { min: 1, max: 13, step: 0.1, log: false },
		read: ({ ranges }) => ranges.sizes[end],
		write: (inputs, power) => ({
			...inputs,
			ranges: { ...inputs.ranges, sizes: { ...inputs.ranges.sizes, [end]: power } },
		}),
	};
}

/** One end of the budgets in C_\E, as a power of ten; those in C_T keep their distance from it. */
function budgets(end: keyof Powers, name: string): NumberControl {
	return {
		...{
			symbol: powerSymbol(end),
			name,
			meaning: (power) => `${formatPower(10 ** power)} FLOP`,
		},
		bounds: [RANGE_BOUNDS.flops.from, RANGE_BOUNDS.flops.to],
		slider: { min: 5, max: 28, step: 0.1, log: false },
		read: ({ ranges }) => ranges.flops.nonEmbedding[end],
		write: (inputs, power) => ({
			...inputs,
			ranges: { ...inputs.ranges, flops: moved(inputs.ranges.flops, end, power) },
		}),
	};
}

function moved(flops: FigureRanges["flops"], end: keyof Powers, power: number): Record<Convention, Powers> {
	const distance = flops.total[end] - flops.nonEmbedding[end];
	const total = Number((power + distance).toFixed(6));
	return { nonEmbedding: { ...flops.nonEmbedding, [end]: power }, total: { ...flops.total, [end]: total } };
}

/** Numbers that belong together. */
export interface ControlSection {
	readonly title: string;
	readonly note: (inputs: TheoryInputs) => RichText;
	readonly controls: readonly NumberControl[];
}

export const EXPONENT_CONTROLS: readonly NumberControl[] = [
	constant("alpha", "α", "The exponent of parameters α", { min: 0.05, max: 1, step: 0.005, log: false }),
	constant("beta", "β", "The exponent of tokens β", { min: 0.05, max: 1, step: 0.005, log: false }),
	constant("A", "A", "The scale of parameters A", { min: 0, max: 6, step: 0.05, log: true }),
	constant("B", "B", "The scale of tokens B", { min: 0, max: 6, step: 0.05, log: true }),
	constant("E", "E", "The irreducible loss E", { min: 0, max: 4, step: 0.02, log: false }),
];

export const SECTIONS: readonly ControlSection[] = [
	{
		title: "Embeddings",
		note: () =>
			rich(...[PARAMETERS.total, " = ", PARAMETERS.nonEmbedding, " + ", italic("ω"), " · ", PARAMETERS.nonEmbedding], {
				text: "δ",
				style: "sup",
			}),
		controls: [
			ofEmbedding("omega", "ω", "The weight of embeddings ω", { min: 0, max: 8, step: 0.05, log: true }),
			ofEmbedding("delta", "δ", "The exponent of embeddings δ", { min: 0, max: 0.95, step: 0.01, log: false }),
		],
	},
	{
		title: "Sizes simulated",
		note: ({ ranges: { sizes } }) =>
			rich(PARAMETERS.nonEmbedding, ` from ${formatCount(10 ** sizes.from)} to ${formatCount(10 ** sizes.to)}`),
		controls: [
			sizes("from", "The smallest size, as a power of ten,"),
			sizes("to", "The largest size, as a power of ten,"),
		],
	},
	{
		title: "Budgets simulated",
		note: ({ ranges: { flops } }) =>
			rich(...[COMPUTE.nonEmbedding, ", FLOP; ", COMPUTE.total, " from 10"], {
				text: numberText(flops.total.from),
				style: "sup",
			}),
		controls: [
			budgets("from", "The smallest budget, as a power of ten,"),
			budgets("to", "The largest budget, as a power of ten,"),
		],
	},
];
