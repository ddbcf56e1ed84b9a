import { formatRate } from "../../../figures/format.ts";
import type { RunSpec } from "../../../run/run-spec.ts";

/** What is said of a setting that a spec does not have. */
const ABSENT = "–";

const LABELS: Record<string, string> = {
	"optimizer.learningRate": "rate",
	"optimizer.kind": "optimizer",
	"schedule.kind": "schedule",
	"schedule.warmupSteps": "warmup steps",
	"schedule.cooldownSteps": "cooldown steps",
	"schedule.tail.after": "forked after step",
	"schedule.tail.of": "trunk steps",
	"schedule.tail.cooldown": "fork's cooldown",
	"schedule.tail.floor": "fork's floor",
	"corpus.id": "text",
	batchSequences: "batch",
	microBatchSequences: "micro-batch",
	validationSequences: "validation sequences",
	validationEvery: "validation interval",
	initialWeights: "initial weights",
};

/** Follows from another setting, which says it better. */
const IMPLIED: Record<string, string> = { "corpus.hash": "corpus.id" };

const flattened = new WeakMap<RunSpec, ReadonlyMap<string, string>>();

/** Every setting of a spec by its path, as text. */
function settingsOf(spec: RunSpec): ReadonlyMap<string, string> {
	let settings = flattened.get(spec);
	if (!settings) {
		const found = new Map<string, string>();
		const add = (path: string, value: unknown) => {
			if (typeof value === "object" && value !== null && !Array.isArray(value))
				for (const [key, entry] of Object.entries(value)) add(path === "" ? key : `${path}.${key}`, entry);
			else if (value !== undefined) found.set(path, valueText(path, value));
		};
		add("", spec);
		settings = found;
		flattened.set(spec, settings);
	}
	return settings;
}

function valueText(path: string, value: unknown): string {
	if (path === "optimizer.learningRate") return formatRate(value as number);
	if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 12 });
	return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** How a setting is named: "rate", "vocabulary", "optimizer beta1". */
function labelOf(path: string): string {
	const spaced = path.replace(/^model\./, "").replaceAll(".", " ");
	return LABELS[path] ?? spaced.replace(/([a-z])([A-Z])/g, (_, end, start) => `${end} ${start.toLowerCase()}`);
}

/** A setting in which runs differ, with its value for each of them. */
export interface Difference {
	label: string;
	values: readonly string[];
}

/** The settings in which the specs are not all the same, in the order of the specs' fields. */
export function specDifferences(specs: readonly RunSpec[]): Difference[] {
	const settings = specs.map(settingsOf);
	const paths = [...new Set(settings.flatMap((each) => [...each.keys()]))];
	const differing = paths.filter((path) => new Set(settings.map((each) => each.get(path))).size > 1);
	return differing
		.filter((path) => !differing.includes(IMPLIED[path] ?? ""))
		.map((path) => ({ label: labelOf(path), values: settings.map((each) => each.get(path) ?? ABSENT) }));
}

/** What a spec has otherwise than the one before it: "rate 0.01, seed 2"; empty where nothing differs. */
export function changeText(before: RunSpec, spec: RunSpec): string {
	return specDifferences([before, spec])
		.map(({ label, values }) => `${label} ${values[1]}`)
		.join(", ");
}
