import type { ModelSize } from "../../../study/study.ts";
import { studySize } from "../../../study/study-axes.ts";
import { validateStudy } from "../../../study/validate-study.ts";
import type { Draft } from "./draft.ts";

/** Something that a click adds to a list of the study: what the button says, and the document with it. */
export interface Addition {
	label: string;
	draft: Draft;
}

/** Of the additions to a valid document, those with which it is valid as well, and larger: an arm may set the same field. */
export function useful(draft: Draft, additions: readonly Addition[]): readonly Addition[] {
	const runs = runsOf(draft);
	return runs === null ? [] : additions.filter((added) => (runsOf(added.draft) ?? 0) > runs);
}

/** How many runs a document comes to; null if it is not valid. */
function runsOf(draft: Draft): number | null {
	try {
		return studySize(validateStudy(draft));
	} catch {
		return null;
	}
}

/** What a list of numbers goes on with at either end, by the ratio of its last two; by 2 where it has one number. */
export function addedNumbers(draft: Draft, key: string, round: (value: number) => number, unit = ""): Addition[] {
	const values = numbersOf(draft[key]);
	return nextBy(values, round).map((value) => ({
		label: `${value}${unit}`,
		draft: { ...draft, [key]: [...values, value].sort((a, b) => a - b) },
	}));
}

/** The next seed. */
export function addedSeed(draft: Draft): Addition[] {
	const seeds = numbersOf(draft.seeds ?? [1]);
	if (seeds.length === 0) return [];
	const seed = Math.max(...seeds) + 1;
	return [{ label: String(seed), draft: { ...draft, seeds: [...seeds, seed] } }];
}

/** Three significant digits hide no step of a list of learning rates. */
export const roundRate = (rate: number) => Number(rate.toPrecision(3));
export const roundWhole = (value: number) => Math.max(1, Math.round(Number(value.toPrecision(3))));

/**
 * The next smaller and larger size, with heads as wide as its neighbor's; as deep, or of the neighbor's shape where depths
 * differ. Where sizes have budgets, it gets the largest.
 */
export function addedSizes(draft: Draft, text: (size: ModelSize) => string): Addition[] {
	const sizes = plainSizes(draft.sizes);
	const byWidth = sizes.toSorted((a, b) => a.width - b.width);
	const widths = [...new Set(byWidth.map(({ width }) => width))];
	const ends = [nextWidth(widths.toReversed(), 1 / 2), nextWidth(widths, 2)];
	return ends.flatMap((width, isLarger) => {
		const neighbor = isLarger ? byWidth.at(-1) : byWidth[0];
		const size = neighbor && width !== null ? resized(neighbor, width, byWidth) : null;
		if (!size || sizes.some((known) => text(known) === text(size))) return [];
		const all = isLarger ? [...sizes, size] : [size, ...sizes];
		return [{ label: text(size), draft: { ...draft, sizes: all } }];
	});
}

/** Every size once more, for twice as long as its longest training, where each has a budget of its own. */
export function addedOwnBudgets(draft: Draft): Addition[] {
	const sizes = plainSizes(draft.sizes);
	if (!sizes.every(hasBudget) || sizes.length === 0) return [];
	const longest = new Map<string, ModelSize>();
	for (const size of sizes) {
		const { steps = 0, tokens = 0, ...shape } = size;
		const known = longest.get(JSON.stringify(shape));
		if (!known || steps + tokens > (known.steps ?? 0) + (known.tokens ?? 0)) longest.set(JSON.stringify(shape), size);
	}
	const doubled = [...longest.values()].map((size) => {
		const { steps, tokens } = size;
		return {
			...size,
			...(steps !== undefined && { steps: 2 * steps }),
			...(tokens !== undefined && { tokens: 2 * tokens }),
		};
	});
	return [{ label: "each size for twice as long", draft: { ...draft, sizes: [...sizes, ...doubled] } }];
}

export function hasBudget({ steps, tokens }: ModelSize): boolean {
	return steps !== undefined || tokens !== undefined;
}

function nextBy(values: readonly number[], round: (value: number) => number): number[] {
	const ascending = [...new Set(values)].filter((value) => value > 0).sort((a, b) => a - b);
	if (ascending.length === 0) return [];
	const [low, afterLow = 2 * low!] = ascending;
	const high = ascending.at(-1)!;
	const beforeHigh = ascending.at(-2) ?? high / 2;
	const next = [low! ** 2 / afterLow, high ** 2 / beforeHigh].map(round);
	return next.filter((value) => value > 0 && !ascending.includes(value));
}

/** What follows the last width: by the same difference where the widths have one, else by the ratio of the last two, or the usual one. */
function nextWidth(widths: readonly number[], usual: number): number | null {
	const last = widths.at(-1);
	if (last === undefined) return null;
	const before = widths.at(-2);
	if (before === undefined) return usual * last;
	const difference = last - before;
	const isEven = widths.length > 2 && widths.every((width, i) => i === 0 || width - widths[i - 1]! === difference);
	return isEven && last + difference > 0 ? last + difference : last ** 2 / before;
}

/** Widths of sizes with one head are multiples of this: no odd ones. */
const SINGLE_HEAD = 4;

function resized(neighbor: ModelSize, width: number, sizes: readonly ModelSize[]): ModelSize | null {
	const { heads } = neighbor;
	const headWidth = heads === 1 ? SINGLE_HEAD : neighbor.width / heads;
	const rounded = headWidth * Math.round(width / headWidth);
	if (!(rounded >= 1) || rounded === neighbor.width) return null;
	const isDeeper = sizes.some(({ layers }) => layers !== neighbor.layers);
	const layers = isDeeper ? Math.max(1, Math.round((neighbor.layers * rounded) / neighbor.width)) : neighbor.layers;
	const longest = sizes.filter(hasBudget).toSorted((a, b) => (b.tokens ?? b.steps!) - (a.tokens ?? a.steps!))[0];
	return {
		...{ width: rounded, layers, heads: heads === 1 ? 1 : rounded / headWidth },
		...(longest?.steps !== undefined && { steps: longest.steps }),
		...(longest?.tokens !== undefined && { tokens: longest.tokens }),
	};
}

/** The numbers of a list, or none where it holds anything else. */
function numbersOf(list: unknown): number[] {
	return Array.isArray(list) && list.every((entry) => typeof entry === "number") ? list : [];
}

/** The sizes of a document, or none where one is not given by numbers. */
function plainSizes(sizes: unknown): ModelSize[] {
	const isSize = (size: unknown) =>
		typeof size === "object" &&
		size !== null &&
		["width", "layers", "heads"].every((key) => typeof size[key as never] === "number");
	return Array.isArray(sizes) && sizes.every(isSize) ? sizes : [];
}
