import { fieldBounds, fieldDefault, rangeText } from "../../../study/study-schema.ts";
import type { Draft } from "./draft.ts";
import { split, value } from "./number-list.ts";

interface ControlBase {
	/** The document's key that it edits; errors in it are shown beside the control. */
	id: string;
	label: string;
	hint: string;
	/** Whether it can show this document's value; if not, only the JSON can. */
	fits: (draft: Draft) => boolean;
	/** Whether the document has any use for it; always, unless given. */
	applies?: (draft: Draft) => boolean;
}

export interface TextControl extends ControlBase {
	kind: "text";
	read: (draft: Draft) => string;
	write: (draft: Draft, text: string) => Draft;
}

/** Values with their labels. */
export type Options = readonly (readonly [value: string, label: string])[];

/** Options in the order of their labels; a choice without a label is a type error. */
export function labeled<Choice extends string>(labels: Readonly<Record<Choice, string>>): Options {
	return Object.entries<string>(labels);
}

/** One option of several, or any number of them where `multiple`. */
export interface ChoiceControl extends ControlBase {
	kind: "choice";
	multiple: boolean;
	/** "corpora": the texts that are available. */
	options: Options | "corpora";
	read: (draft: Draft) => string[];
	write: (draft: Draft, chosen: string[]) => Draft;
}

export interface FlagControl extends ControlBase {
	kind: "flag";
	read: (draft: Draft) => boolean;
	write: (draft: Draft, on: boolean) => Draft;
}

export type Control = TextControl | ChoiceControl | FlagControl;

type Key = Parameters<typeof fieldDefault>[0];

/** A number, whose hint is its bounds; empty is the usual one. */
export function number(id: Key, label: string, unit = ""): TextControl {
	return {
		...{ kind: "text", id, label, hint: `${unit}${rangeText(fieldBounds(id)!)}` },
		fits: (draft) => typeof draft[id] !== "object",
		read: (draft) => String(draft[id] ?? fieldDefault(id) ?? ""),
		write: (draft, text) => (text.trim() === "" ? without(draft, id) : { ...draft, [id]: value(text) }),
	};
}

/** An axis of numbers that may be absent. */
export function numbers(id: Key, label: string, hint: string): TextControl {
	return {
		...{ kind: "text", id, label, hint },
		fits: (draft) => draft[id] === undefined || Array.isArray(draft[id]),
		read: (draft) => ((draft[id] ?? []) as unknown[]).join(", "),
		write: (draft, text) => (text.trim() === "" ? without(draft, id) : { ...draft, [id]: split(text).map(value) }),
	};
}

export function flag(id: Key, label: string): FlagControl {
	return {
		...{ kind: "flag", id, label, hint: "" },
		fits: (draft) => draft[id] === undefined || typeof draft[id] === "boolean",
		read: (draft) => (draft[id] ?? fieldDefault(id)) === true,
		write: (draft, on) => ({ ...draft, [id]: on }),
	};
}

export function choice(id: Key, label: string, options: Options): ChoiceControl {
	return {
		...{ kind: "choice", multiple: false, id, label, hint: "", options },
		fits: (draft) => draft[id] === undefined || typeof draft[id] === "string",
		read: (draft) => [String(draft[id] ?? fieldDefault(id))],
		write: (draft, [chosen]) => ({ ...draft, [id]: chosen }),
	};
}

/** Several at once are an axis of the study; none is the default. */
export function choices(id: Key, label: string, options: Options | "corpora"): ChoiceControl {
	return {
		...{ kind: "choice", multiple: true, id, label, hint: "", options },
		fits: (draft) => draft[id] === undefined || Array.isArray(draft[id]),
		read: (draft) => ((draft[id] ?? fieldDefault(id) ?? []) as unknown[]).map(String),
		write: (draft, chosen) => (chosen.length === 0 ? without(draft, id) : { ...draft, [id]: chosen }),
	};
}

/** A document without one of its keys. */
export function without(draft: Draft, key: string): Draft {
	const { [key]: _, ...rest } = draft;
	return rest;
}
