import { namesOf } from "../../../architecture/choices.ts";
import { type Cooldown, DEFAULT_COOLDOWN, SCHEDULES as KINDS, type ScheduleKind } from "../../../run/choices.ts";
import type { Draft } from "./draft.ts";
import { split, value } from "./number-list.ts";
import { type ChoiceControl, type Control, labeled, type Options, type TextControl } from "./study-control.ts";

type Schedule = Record<string, unknown>;

export const SCHEDULES: Options = labeled<ScheduleKind>({
	constant: "Constant",
	linear: "Linear",
	cosine: "Cosine",
	"inverse-sqrt": "Inverse square root",
	wsd: "Warmup, stable, decay (WSD)",
	piecewise: "Piecewise linear",
});

/** The keys that set the length of the warmup, with their units. */
const WARMUPS: Options = [
	["warmupSteps", "steps"],
	["warmupTokens", "tokens"],
	["warmupShare", "fraction of the run"],
];

/** A study's schedule, if it has just one: the form shows no more. */
export function onlySchedule({ schedules }: Draft): Schedule | null {
	if (schedules === undefined) return { kind: "constant" };
	const [only, ...others] = Array.isArray(schedules) ? schedules : [];
	return others.length === 0 && typeof only === "object" ? (only as Schedule | null) : null;
}

/** Changes a study's only schedule; undefined entries are removed. */
function withSchedule(draft: Draft, change: Schedule): Draft {
	const entries = Object.entries({ ...onlySchedule(draft), ...change }).filter(([, entry]) => entry !== undefined);
	return { ...draft, schedules: [Object.fromEntries(entries)] };
}

const fits = (draft: Draft) => onlySchedule(draft) !== null;
const isKind = (...kinds: string[]) => ({
	applies: (draft: Draft) => kinds.includes(String(onlySchedule(draft)?.kind)),
});

/** Another kind keeps the warmup; everything else begins at its default. */
export const scheduleKind: ChoiceControl = {
	...{
		kind: "choice",
		multiple: false,
		id: "schedules",
		label: "Learning-rate schedule",
		hint: "",
		options: SCHEDULES,
		fits,
	},
	read: (draft) => [String(onlySchedule(draft)?.kind ?? "")],
	write: (draft, [kind]) => {
		if (kind === onlySchedule(draft)?.kind) return draft;
		const points =
			kind === "piecewise"
				? [
						[0, 1],
						[1, 0],
					]
				: undefined;
		return withSchedule(draft, { kind, points, floor: undefined, cooldown: undefined, cooldownShare: undefined });
	},
};

function warmupKey(draft: Draft): string {
	const schedule = onlySchedule(draft);
	return WARMUPS.find(([key]) => schedule?.[key] !== undefined)?.[0] ?? "warmupSteps";
}

/** The unit of the warmup, for its label. */
export function warmupUnitOf(draft: Draft): string {
	return WARMUPS.find(([key]) => key === warmupKey(draft))![1];
}

export const warmup: TextControl = {
	...{ kind: "text", id: "schedules", label: "Warmup", hint: "", fits },
	read: (draft) => String(onlySchedule(draft)?.[warmupKey(draft)] ?? 0),
	write: (draft, text) => withSchedule(draft, { [warmupKey(draft)]: text.trim() === "" ? 0 : value(text) }),
};

const warmupUnit: ChoiceControl = {
	...{ kind: "choice", multiple: false, id: "schedules", label: "Warmup unit", hint: "", options: WARMUPS, fits },
	read: (draft) => [warmupKey(draft)],
	write: (draft, [key]) => {
		const cleared = Object.fromEntries(WARMUPS.map(([other]) => [other, undefined]));
		return key === warmupKey(draft) ? draft : withSchedule(draft, { ...cleared, [key!]: 0 });
	},
};

function scheduleText(key: string, label: string, hint: string): TextControl {
	return {
		...{ kind: "text", id: "schedules", label, hint, fits },
		read: (draft) => String(onlySchedule(draft)?.[key] ?? ""),
		write: (draft, text) => withSchedule(draft, { [key]: text.trim() === "" ? undefined : value(text) }),
	};
}

const cooldown: ChoiceControl = {
	...{ kind: "choice", multiple: false, id: "schedules", label: "Cooldown shape", hint: "", fits },
	options: labeled<Cooldown>({ "1-sqrt": "1 − √", linear: "Linear" }),
	read: (draft) => [String(onlySchedule(draft)?.cooldown ?? DEFAULT_COOLDOWN)],
	write: (draft, [chosen]) => withSchedule(draft, { cooldown: chosen }),
};

const points: TextControl = {
	...scheduleText("points", "Points", "fraction of the run: fraction of the peak, such as 0:1, 0.8:1, 1:0"),
	read: (draft) => {
		const given = onlySchedule(draft)?.points;
		return Array.isArray(given)
			? given.map((point) => (Array.isArray(point) ? point.join(":") : point)).join(", ")
			: "";
	},
	write: (draft, text) =>
		withSchedule(draft, { points: split(text).map((point) => point.split(":").map((share) => value(share.trim()))) }),
};

/** Controls that most schedules leave at their defaults. */
export const scheduleDetails: readonly Control[] = [
	warmupUnit,
	{
		...scheduleText("floor", "Final rate", "fraction of the peak, 0 to 1"),
		...isKind(...namesOf(KINDS).filter((kind) => KINDS[kind].falls)),
	},
	{ ...scheduleText("cooldownShare", "Cooldown", "fraction of the run, up to 1"), ...isKind("wsd") },
	{ ...cooldown, ...isKind("wsd") },
	{ ...points, ...isKind("piecewise") },
];
