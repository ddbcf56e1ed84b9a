import type {
	Activation,
	ActivationStorage,
	Architecture,
	Norm,
	Parametrization,
	Positions,
} from "../../../architecture/choices.ts";
import type { Decay, OptimizerKind, Sampling } from "../../../run/choices.ts";
import type { ModelSize } from "../../../study/study.ts";
import { completeSchedule, type StudySchedule } from "../../../study/study-schedule.ts";
import type { Draft } from "./draft.ts";
import { onlySchedule, scheduleDetails } from "./schedule-controls.ts";
import {
	type ChoiceControl,
	type Control,
	choice,
	choices,
	type FlagControl,
	flag,
	labeled,
	number,
	numbers,
	type Options,
	without,
} from "./study-control.ts";

/** Controls that most studies leave at their defaults, folded away under a title. */
export interface ControlGroup {
	title: string;
	controls: readonly Control[];
}

export const controlGroups: readonly ControlGroup[] = [
	{
		title: "Model",
		controls: [
			architectures(),
			...[
				choices("norms", "Norm", labeled<Norm>({ layer: "Layer norm", rms: "RMS norm", none: "No norm" })),
				choices(
					"positions",
					"Positions",
					labeled<Positions>({ learned: "Learned positions", rotary: "Rotary positions", none: "No positions" }),
				),
				choices("activations", "Feed-forward", labeled<Activation>({ gelu: "GELU", relu2: "ReLU²", swiglu: "SwiGLU" })),
				number("expansion", "Feed-forward width", "times the width, "),
			].map(ofTransformers),
			parametrizations(),
			{ ...number("baseWidth", "μP base width"), applies: ({ parametrizations }) => namesMup(parametrizations) },
			flag("tied", "Tied embedding and head"),
			flag("biases", "Biases in linear layers, gates and norms"),
			ofTransformers(flag("qkNorm", "Normalize queries and keys")),
			{
				...choice("storage", "Activation storage", labeled<ActivationStorage>({ f32: "32-bit", f16: "16-bit" })),
				hint: "16-bit takes half the memory and needs a GPU with shader-f16; browsers on Linux hide that of NVIDIA cards",
			},
		],
	},
	{
		title: "Optimizer",
		controls: [
			choice(
				"optimizer",
				"Optimizer",
				labeled<OptimizerKind>({ adamw: "AdamW", sgd: "SGD with momentum", lion: "Lion", muon: "Muon" }),
			),
			number("clip", "Gradient clipping"),
			number("weightDecay", "Weight decay"),
			choice(
				"decay",
				"Decay scales with",
				labeled<Decay>({ coupled: "the learning rate", independent: "the schedule alone" }),
			),
			number("beta1", "β₁"),
			number("beta2", "β₂"),
			number("epsilon", "ε"),
			number("ema", "Weight averaging (EMA)", "decay, "),
			halving(),
		],
	},
	{ title: "Schedule details", controls: scheduleDetails },
	{
		title: "Data and evaluation",
		controls: [
			choice("sampling", "Sampling", labeled<Sampling>({ "with-replacement": "With replacement", epochs: "Epochs" })),
			numbers("uniqueTokens", "Unique tokens", "repeated as needed; empty: the whole text"),
			choices("evaluations", "Also evaluate on", "corpora"),
			number("validationSequences", "Validation sequences"),
			number("validationEvery", "Validate every", "tokens, "),
		],
	},
];

/** Settings that only transformers have, of the study and of a size besides its heads. */
const OF_TRANSFORMERS = ["norms", "positions", "activations", "expansion", "qkNorm"];

function ofTransformers<Kind extends Control>(control: Kind): Kind {
	const applies = ({ architectures }: Draft) => !Array.isArray(architectures) || architectures.includes("transformer");
	return { ...control, applies };
}

/** A study that trains no transformers has none of their settings, and sizes of width and layers alone. */
function architectures(): ChoiceControl {
	const plain = choices(
		"architectures",
		"Architecture",
		labeled<Architecture>({ transformer: "Transformer", lstm: "LSTM" }),
	);
	return {
		...plain,
		write: (draft, chosen) => {
			const written = plain.write(draft, chosen);
			if (chosen.length === 0 || chosen.includes("transformer")) return written;
			const rest = OF_TRANSFORMERS.reduce(without, written);
			return { ...rest, sizes: Array.isArray(rest.sizes) ? rest.sizes.map(withoutHeads) : rest.sizes };
		},
	};
}

function withoutHeads(size: unknown): unknown {
	if (typeof size !== "object" || size === null) return size;
	const { keyValueHeads: _, headSize: _size, hidden: _hidden, ...rest } = size as ModelSize;
	return { ...rest, heads: 1 };
}

/** On is successive halving by its usual rule; other rules are set in the JSON, and kept here. */
function halving(): FlagControl {
	return {
		...flag("halving", "Stop clearly losing learning rates early"),
		fits: () => true,
		read: (draft) => draft.halving !== undefined,
		write: (draft, on) => (on ? { ...draft, halving: draft.halving ?? {} } : without(draft, "halving")),
	};
}

function namesMup(parametrizations: unknown): boolean {
	return Array.isArray(parametrizations) && parametrizations.includes("mup");
}

/** μP needs a base width, by default the smallest model's; without μP there is none. */
function parametrizations(): ChoiceControl {
	const plain = choices(
		"parametrizations",
		"Parametrization",
		labeled<Parametrization>({ standard: "Standard", mup: "μP" }),
	);
	return {
		...plain,
		write: (draft, chosen) => {
			const { baseWidth, ...rest } = plain.write(draft, chosen);
			if (!chosen.includes("mup")) return rest;
			const widths = Array.isArray(draft.sizes) ? draft.sizes.map((size) => size?.width) : [];
			return { ...rest, baseWidth: baseWidth ?? Math.min(...widths) };
		},
	};
}

/** What a folded group says: its values that are not the default. */
export function groupSummary({ controls }: ControlGroup, draft: Draft): string {
	const shown = controls.filter(({ applies, fits }) => (applies?.(draft) ?? true) && fits(draft));
	return shown.flatMap((control) => nonDefault(control, draft)).join(", ");
}

function nonDefault(control: Control, draft: Draft): string[] {
	const defaults = defaultDraft(control.id, draft);
	if (`${control.read(draft)}` === `${control.read(defaults)}`) return [];
	const label = control.label.charAt(0).toLowerCase() + control.label.slice(1);
	if (control.kind === "flag") return [control.read(draft) ? label : `not: ${label}`];
	if (control.kind === "text") return [`${label} ${control.read(draft)}`];
	const { options } = control;
	const labelOf = (chosen: string) => (options as Options).find(([option]) => option === chosen)?.[1] ?? chosen;
	const labels = options === "corpora" ? control.read(draft) : control.read(draft).map(labelOf);
	return [control.multiple ? labels.join(" and ") : `${label} ${labels[0]}`];
}

/** The document with one field at its default. */
function defaultDraft(id: string, draft: Draft): Draft {
	if (id !== "schedules") return without(draft, id);
	const { kind } = onlySchedule(draft) as unknown as StudySchedule;
	return { ...draft, schedules: [kind === "piecewise" ? { kind } : completeSchedule({ kind }, 0)] };
}
