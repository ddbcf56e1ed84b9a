import type { Activation, ActivationStorage, Norm, Parametrization, Positions } from "../../../architecture/choices.ts";
import type { Decay, OptimizerKind, Sampling } from "../../../run/choices.ts";
import { completeSchedule, type StudySchedule } from "../../../study/study-schedule.ts";
import { onlySchedule, scheduleDetails } from "./schedule-controls.ts";
import {
	type ChoiceControl,
	type Control,
	choice,
	choices,
	flag,
	labeled,
	number,
	numbers,
	type Options,
	without,
} from "./study-control.ts";
import type { Draft } from "./study-fields.ts";

/** Choices that most studies leave alone, folded away under a title. */
export interface ControlGroup {
	title: string;
	controls: readonly Control[];
}

export const controlGroups: readonly ControlGroup[] = [
	{
		title: "Model",
		controls: [
			choices("norms", "Norm", labeled<Norm>({ layer: "Layer norm", rms: "RMS norm", none: "No norm" })),
			choices(
				"positions",
				"Positions",
				labeled<Positions>({ learned: "Learned positions", rotary: "Rotary positions", none: "No positions" }),
			),
			choices("activations", "Feed-forward", labeled<Activation>({ gelu: "GELU", relu2: "ReLU²", swiglu: "SwiGLU" })),
			number("expansion", "Feed-forward width", "times the width, "),
			parametrizations(),
			{ ...number("baseWidth", "Base width of μP"), applies: ({ parametrizations }) => namesMup(parametrizations) },
			flag("tied", "The head shares the embedding's matrix"),
			flag("biases", "Linear layers and norms have biases"),
			flag("qkNorm", "Queries and keys are normed"),
			{
				...choice(
					"storage",
					"Activations are stored as",
					labeled<ActivationStorage>({ f32: "32-bit floats", f16: "16-bit floats" }),
				),
				hint: "16 bits take half the memory, and need a GPU with shader-f16",
			},
		],
	},
	{
		title: "Optimiser",
		controls: [
			choice(
				"optimizer",
				"Optimiser",
				labeled<OptimizerKind>({ adamw: "AdamW", sgd: "SGD with momentum", lion: "Lion" }),
			),
			number("clip", "Largest gradient norm"),
			number("weightDecay", "Weight decay"),
			choice(
				"decay",
				"Decay is multiplied by",
				labeled<Decay>({ coupled: "the rate", independent: "the rate's share of its peak" }),
			),
			number("beta1", "β₁"),
			number("beta2", "β₂"),
			number("epsilon", "ε"),
			number("ema", "Average of the weights", "its decay, "),
		],
	},
	{ title: "Warm-up and fall of the rate", controls: scheduleDetails },
	{
		title: "Data and evaluation",
		controls: [
			choice("sampling", "Sequences", labeled<Sampling>({ "with-replacement": "At random", epochs: "In epochs" })),
			numbers("uniqueTokens", "Unique tokens", "seen over and over; empty: the whole text"),
			choices("evaluations", "Evaluate on other texts, too", "corpora"),
			number("validationSequences", "Validation sequences"),
			number("validationEvery", "Validate every", "tokens, "),
		],
	},
];

function namesMup(parametrizations: unknown): boolean {
	return Array.isArray(parametrizations) && parametrizations.includes("mup");
}

/** μP needs a base width, of which the smallest model's is a good one; without μP there is none. */
function parametrizations(): ChoiceControl {
	const plain = choices(
		"parametrizations",
		"Parametrisation",
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

/** What a group says while it is folded: the choices in it that are not the usual ones. */
export function groupSummary({ controls }: ControlGroup, draft: Draft): string {
	const shown = controls.filter(({ applies, fits }) => (applies?.(draft) ?? true) && fits(draft));
	return shown.flatMap((control) => unusual(control, draft)).join(", ");
}

function unusual(control: Control, draft: Draft): string[] {
	const usual = usualDraft(control.id, draft);
	if (`${control.read(draft)}` === `${control.read(usual)}`) return [];
	const label = control.label.charAt(0).toLowerCase() + control.label.slice(1);
	if (control.kind === "flag") return [control.read(draft) ? label : `not: ${label}`];
	if (control.kind === "text") return [`${label} ${control.read(draft)}`];
	const { options } = control;
	const labelOf = (chosen: string) => (options as Options).find(([option]) => option === chosen)?.[1] ?? chosen;
	const labels = options === "corpora" ? control.read(draft) : control.read(draft).map(labelOf);
	return [control.multiple ? labels.join(" and ") : `${label} ${labels[0]}`];
}

/** The document with one field as it is when nothing is said. */
function usualDraft(id: string, draft: Draft): Draft {
	if (id !== "schedules") return without(draft, id);
	const { kind } = onlySchedule(draft) as unknown as StudySchedule;
	return { ...draft, schedules: [kind === "piecewise" ? { kind } : completeSchedule({ kind }, 0)] };
}
