import type { ModelSize } from "../../../study/study.ts";
import type { StudyPath } from "../../../study/study-error.ts";
import { fieldBounds, rangeText } from "../../../study/study-schema.ts";
import {
	type Addition,
	addedNumbers,
	addedOwnBudgets,
	addedSeed,
	addedSizes,
	hasBudget,
	roundRate,
	roundWhole,
} from "./additions.ts";
import type { Draft } from "./draft.ts";
import { split, value } from "./number-list.ts";

/** One line of the form: how a part of the document reads as text, and how the text becomes that part again. */
export interface StudyField {
	/** Names the field. */
	id: string;
	label: string;
	hint: string;
	/** The document's keys that it edits; errors in one of them stand beside it. */
	paths: readonly string[];
	/** Whether two of its kind fit on one line. */
	short: boolean;
	/** Whether its text is long enough to need several lines. */
	wraps?: boolean;
	/** Whether the form can show this document's value; otherwise only the JSON can. */
	fits: (draft: Draft) => boolean;
	read: (draft: Draft) => string;
	write: (draft: Draft, text: string) => Draft;
	/** What a click can add to it. */
	add?: (draft: Draft) => readonly Addition[];
}

/** The common fields that are typed, in the form's order. */
export const studyFields: readonly StudyField[] = [
	{
		id: "name",
		label: "Name",
		hint: "",
		paths: ["name"],
		short: false,
		fits: () => true,
		read: (draft) => String(draft.name ?? ""),
		write: (draft, text) => ({ ...draft, name: text }),
	},
	list("vocabularies", "Vocabulary size", "256: bytes; up to 50257: GPT-2"),
	{
		id: "context",
		label: "Context",
		hint: `tokens per sequence, ${rangeText(fieldBounds("context")!)}`,
		paths: ["context"],
		short: true,
		fits: () => true,
		read: (draft) => String(draft.context ?? ""),
		write: (draft, text) => ({ ...draft, context: value(text) }),
	},
	{
		id: "sizes",
		label: "Model sizes",
		hint: "width × layers × heads; 32×3×4/2 has 2 key-value heads; @ 500000 sets the tokens of one size, @ 600 steps its steps",
		paths: ["sizes"],
		...{ short: false, wraps: true },
		fits: ({ sizes }) => Array.isArray(sizes),
		read: (draft) => (draft.sizes as unknown[]).map(sizeText).join(", "),
		write: (draft, text) => ({ ...draft, sizes: split(text).map((part) => sizeOf(part, draft.sizes as ModelSize[])) }),
		add: (draft) => addedSizes(draft, sizeText),
	},
	{
		id: "budget",
		label: "Tokens per run",
		hint: "or 600 steps, or 1e11 FLOP; empty where each size has its own",
		paths: ["steps", "tokens", "flops"],
		short: false,
		fits: (draft) => budgetsOf(draft).length === 1 || (budgetsOf(draft).length === 0 && haveOwnBudgets(draft)),
		read: ({ steps, tokens, flops }) =>
			Array.isArray(tokens) ? tokens.join(", ") : withUnit(steps, "steps") || withUnit(flops, "FLOP"),
		write: writeBudget,
		add: addedBudgets,
	},
	{
		...list("learningRates", "Learning rates", "peak values; each size uses its best one"),
		short: false,
		add: (draft) => addedNumbers(draft, "learningRates", roundRate),
	},
	list("batchSequences", "Batch size", "sequences per step"),
	{ ...list("seeds", "Seeds", "every run is repeated with each"), add: addedSeed },
];

/** The field of the form that holds a place in the document: `["sizes", 2, "width"]` → "sizes". Null for the whole. */
export function fieldOfPath([key]: StudyPath): string | null {
	if (key === undefined) return null;
	return studyFields.find((field) => field.paths.includes(String(key)))?.id ?? String(key);
}

function list(key: string, label: string, hint: string): StudyField {
	return {
		id: key,
		label,
		hint,
		paths: [key],
		short: true,
		fits: (draft) => draft[key] === undefined || isPlainList(draft[key]),
		read: (draft) => ((draft[key] ?? []) as unknown[]).join(", "),
		write: (draft, text) => ({ ...draft, [key]: split(text).map(value) }),
	};
}

function isPlainList(list: unknown): boolean {
	return Array.isArray(list) && list.every((entry) => typeof entry !== "object");
}

function sizeText(size: unknown): string {
	if (typeof size !== "object" || size === null) return String(size);
	const { width, layers, heads, keyValueHeads, steps, tokens } = size as Partial<ModelSize>;
	const shape = `${width}×${layers}×${heads}${keyValueHeads === undefined ? "" : `/${keyValueHeads}`}`;
	return steps === undefined ? (tokens === undefined ? shape : `${shape} @ ${tokens}`) : `${shape} @ ${steps} steps`;
}

/**
 * A size from "32×3×4", from "32×3×4/2" with 2 key-value heads, or from "32×3×4 @ 500000" with its own tokens. A size that the
 * study had before keeps what the text does not show.
 */
function sizeOf(text: string, before: readonly ModelSize[]): unknown {
	const [shape, budget, ...others] = text.split("@");
	const parts = shape!.split(/[×x*/]/i).map((part) => value(part.trim()));
	if (parts.length < 3 || parts.length > 4 || others.length > 0) return text;
	const [width, layers, heads, keyValueHeads] = parts;
	const size = {
		...{ width, layers, heads },
		...(keyValueHeads !== undefined && { keyValueHeads }),
		...(budget !== undefined && ownBudget(budget)),
	};
	return before.find((known) => sizeText(known) === sizeText(size)) ?? size;
}

function ownBudget(text: string): { steps?: unknown; tokens?: unknown } {
	const steps = STEPS.test(text);
	return {
		[steps ? "steps" : "tokens"]: value(
			text
				.replace(STEPS, "")
				.replace(/\s*tokens?$/, "")
				.trim(),
		),
	};
}

const STEPS = /\s*steps?$/;

/** The keys of the budgets that all sizes share. */
function budgetsOf(draft: Draft): string[] {
	return ["steps", "tokens", "flops"].filter((key) => Array.isArray(draft[key]));
}

function haveOwnBudgets({ sizes }: Draft): boolean {
	return (
		Array.isArray(sizes) &&
		sizes.length > 0 &&
		sizes.every((size) => typeof size === "object" && size && hasBudget(size))
	);
}

function addedBudgets(draft: Draft): readonly Addition[] {
	const [key] = budgetsOf(draft);
	if (key === undefined) return addedOwnBudgets(draft);
	return addedNumbers(draft, key, roundWhole, { steps: " steps", flops: " FLOP" }[key]);
}

function withUnit(values: unknown, unit: string): string {
	return Array.isArray(values) ? values.map((value) => `${value} ${unit}`).join(", ") : "";
}

/** A budget for all sizes takes the place of their own; nothing leaves those as they are. */
function writeBudget(draft: Draft, text: string): Draft {
	if (text.trim() === "" && haveOwnBudgets(draft)) return draft;
	const { steps: _steps, tokens: _tokens, flops: _flops, ...others } = draft;
	const rest = haveOwnBudgets(draft) ? { ...others, sizes: (draft.sizes as ModelSize[]).map(withoutBudget) } : others;
	const parts = split(text);
	for (const [key, unit] of [
		["steps", STEPS],
		["flops", /\s*flops?$/i],
	] as const)
		if (parts.some((part) => unit.test(part)))
			return { ...rest, [key]: parts.map((part) => value(part.replace(unit, ""))) };
	return { ...rest, tokens: parts.map(value) };
}

function withoutBudget({ steps: _steps, tokens: _tokens, ...size }: ModelSize): Omit<ModelSize, "steps" | "tokens"> {
	return size;
}
