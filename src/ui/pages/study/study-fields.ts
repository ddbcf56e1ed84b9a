import type { ModelSize } from "../../../study/study.ts";
import type { StudyPath } from "../../../study/study-error.ts";
import { fieldBounds, rangeText } from "../../../study/study-schema.ts";
import { split, value } from "./number-list.ts";

/** A study document while it is edited: anything may be in it. */
export type Draft = Record<string, unknown>;

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
	/** Whether the form can show this document's value; otherwise only the JSON can. */
	fits: (draft: Draft) => boolean;
	read: (draft: Draft) => string;
	write: (draft: Draft, text: string) => Draft;
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
	{
		id: "sizes",
		label: "Model sizes",
		hint: "width × layers × heads, such as 16×2×2; 32×3×4/2 has 2 key-value heads",
		paths: ["sizes"],
		short: false,
		fits: ({ sizes }) => Array.isArray(sizes),
		read: (draft) => (draft.sizes as unknown[]).map(sizeText).join(", "),
		write: (draft, text) => ({ ...draft, sizes: split(text).map((part) => sizeOf(part, draft.sizes as ModelSize[])) }),
	},
	list("learningRates", "Learning rates", "peak values; each size uses its best one"),
	list("seeds", "Seeds", "every run is repeated with each"),
	{
		id: "budget",
		label: "Tokens per run",
		hint: "or steps, such as 600 steps, or 1e11 FLOP",
		paths: ["steps", "tokens", "flops"],
		short: true,
		fits: ({ steps, tokens, flops }) => [steps, tokens, flops].filter(Array.isArray).length === 1,
		read: ({ steps, tokens, flops }) =>
			Array.isArray(tokens) ? tokens.join(", ") : withUnit(steps, "steps") || withUnit(flops, "FLOP"),
		write: writeBudget,
	},
	list("batchSequences", "Batch size", "sequences per step"),
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
	const { width, layers, heads, keyValueHeads } = size as Partial<ModelSize>;
	return `${width}×${layers}×${heads}${keyValueHeads === undefined ? "" : `/${keyValueHeads}`}`;
}

/** A size from "32×3×4", or "32×3×4/2" with 2 key-value heads. A size that the study had before keeps its own budget. */
function sizeOf(text: string, before: readonly ModelSize[]): unknown {
	const parts = text.split(/[×x*/]/i).map((part) => value(part.trim()));
	if (parts.length < 3 || parts.length > 4) return text;
	const [width, layers, heads, keyValueHeads] = parts;
	const size = { width, layers, heads, ...(keyValueHeads !== undefined && { keyValueHeads }) };
	return before.find((known) => sizeText(known) === sizeText(size)) ?? size;
}

function withUnit(values: unknown, unit: string): string {
	return Array.isArray(values) ? values.map((value) => `${value} ${unit}`).join(", ") : "";
}

function writeBudget(draft: Draft, text: string): Draft {
	const { steps: _steps, tokens: _tokens, flops: _flops, ...rest } = draft;
	const parts = split(text);
	for (const [key, unit] of [
		["steps", /\s*steps?$/],
		["flops", /\s*flops?$/i],
	] as const)
		if (parts.some((part) => unit.test(part)))
			return { ...rest, [key]: parts.map((part) => value(part.replace(unit, ""))) };
	return { ...rest, tokens: parts.map(value) };
}
