import type { Count } from "../../architecture/counting.ts";
import type { Color, FigureAxis, LegendItem } from "../../figures/figure.ts";
import { italic, PARAMETERS, type RichText, rich, TOKEN_COUNT } from "../../figures/rich-text.ts";
import { powerTick } from "../../figures/ticks.ts";
import type { AllocationLaw } from "../published-laws.ts";

/** What of a law tells how it is drawn and named. */
export type NamedLaw = Pick<AllocationLaw, "id" | "label" | "counting">;

/** How a law's line looks: its color says which it is, its dashes how it counts. */
export interface LawStyle {
	readonly color: Color;
	readonly dash: readonly number[] | undefined;
}

const COLORS: Record<string, Color> = {
	kaplan: { group: 1 },
	"kaplan-fixed-batch": { group: 4 },
	"hoffmann-1": { group: 0 },
	"hoffmann-2": { group: 2 },
	"hoffmann-3": { group: 3 },
	epoch: { group: 5 },
	porian: { light: "#6a51a3", dark: "#b9a7ec" },
};
const DASHES: Record<Count, readonly number[] | undefined> = {
	total: undefined,
	nonembedding: [9, 4],
	"nonembedding+head": [2, 3],
};

/** Of the reader's own laws, which are told apart by their method. */
const OWN_COLORS: readonly (readonly [prefix: string, color: Color, short: string])[] = [
	["study-2-", { light: "#8a1f5c", dark: "#f09ac4" }, "Yours, 2"],
	["study-3-", { light: "#7a5b00", dark: "#d9b84a" }, "Yours, 3"],
	["study-rosenfeld-", { light: "#5d6470", dark: "#aab2bf" }, "Yours, Rosenfeld"],
	["study-", "ink", "Yours, 1"],
];

const ownStyle = (id: string) => OWN_COLORS.find(([prefix]) => id.startsWith(prefix));

/** Other laws are drawn in the ink's color. */
export function lawStyle({ id, counting }: NamedLaw): LawStyle {
	return { color: COLORS[id] ?? ownStyle(id)?.[1] ?? "ink", dash: counting === null ? undefined : DASHES[counting] };
}

/** Names short enough to stand at the end of a line on a phone. */
const SHORT: Record<string, string> = {
	kaplan: "Kaplan",
	"kaplan-fixed-batch": "Kaplan, fixed B",
	"hoffmann-1": "Hoffmann 1",
	"hoffmann-2": "Hoffmann 2",
	"hoffmann-3": "Hoffmann 3",
	porian: "Porian",
};

/** What stands at the end of a law's line. */
export function lineLabel({ id, label }: NamedLaw): RichText {
	return rich(SHORT[id] ?? ownStyle(id)?.[2] ?? label);
}

/** Which parameters a law's N counts, as a symbol. */
export const COUNT_SYMBOLS: Record<Count, RichText> = {
	total: PARAMETERS.total,
	nonembedding: PARAMETERS.nonEmbedding,
	"nonembedding+head": rich(PARAMETERS.nonEmbedding, " + head"),
};

/** The symbol for how a law counts, or words where that is unknown. */
export function countText(counting: Count | null): RichText {
	return counting === null ? rich("as fitted") : COUNT_SYMBOLS[counting];
}

/** "Epoch (N_T)". */
export function lawText({ label, counting }: NamedLaw): RichText {
	return rich(label, " (", countText(counting), ")");
}

/** The legend's item that hides and shows a law. */
export function lawLegend(law: NamedLaw): LegendItem {
	const { color, dash } = lawStyle(law);
	return { text: lawText(law), series: law.id, line: { color, width: 2.25, dash } };
}

export function logAxis(label: RichText, pad = 0.04): FigureAxis {
	return { label, scale: "log", tick: powerTick, pad };
}

export const SIZE: RichText = [italic("N")];
export const BEST_SIZE: RichText = rich(SIZE, "*");
export const BEST_TOKENS: RichText = rich(TOKEN_COUNT, "*");
export const COMPUTE_SYMBOL: RichText = [italic("C")];
export const BEST_LOSS: RichText = [italic("L"), { text: "*", style: "normal" }];
