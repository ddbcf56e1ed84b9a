import * as v from "valibot";
import { ACTIVATIONS, NORMS, namesOf, OTHER_STORAGES, POSITIONS } from "../architecture/choices.ts";
import { COOLDOWNS, DECAYS, OPTIMIZERS, OTHER_SAMPLINGS, RUN_STATUSES, SCHEDULES } from "./choices.ts";
import type { RunResult } from "./run-result.ts";
import { pathText, show } from "./show.ts";

/** One line of runs.jsonl. Equal results give equal lines, regardless of the order of their keys. */
export function runLine(result: RunResult): string {
	return `${JSON.stringify(v.parse(runResult, result))}\n`;
}

/** The line that a file of results has for the study of its runs, before them. */
export function studyLine(study: object): string {
	return `${JSON.stringify({ [STUDY]: study })}\n`;
}

/** The one key of a line that holds a study. */
const STUDY = "isoflopStudy";

/** The contents of a runs.jsonl. */
export interface RunLines {
	results: RunResult[];
	/** The study of the runs, as it stands in the file, unchecked; absent if the file has none. */
	study?: unknown;
	/** The number of characters in complete lines. */
	whole: number;
	/** Whether the last line is incomplete, as when its writer was killed. */
	torn: boolean;
}

/** Whether a file holds runs of the lab: its lines have specs, or it is named as such and its first line is not whole. */
export function holdsRuns(name: string, text: string): boolean {
	const first = text.trimStart().split("\n", 1)[0]!;
	try {
		const value: unknown = JSON.parse(first);
		return typeof value === "object" && value !== null && ("spec" in value || STUDY in value);
	} catch {
		return /\.jsonl(\.gz)?$/.test(name);
	}
}

/**
 * Reads the text of a runs.jsonl, also of one with a line for its study. An incomplete last line is ignored. Of several lines with one id the first counts, or the
 * first of a run that was not stopped, if there is one.
 *
 * @throws Error naming the line and the field when any other line is not a run
 */
export function readRunLines(text: string): RunLines {
	const results = new Map<string, RunResult>();
	let study: { study?: unknown } = {};
	const read = (torn: boolean): RunLines => ({ results: [...results.values()], ...study, whole, torn });
	let whole = 0;
	let number = 0;
	while (whole < text.length) {
		number++;
		const end = text.indexOf("\n", whole);
		if (end < 0) return read(true);
		const line = text.slice(whole, end);
		if (line.trim() !== "") {
			const value = parsed(line);
			if (value === undefined && end === text.length - 1) return read(true);
			if (typeof value === "object" && value !== null && STUDY in value) study = { study: value[STUDY] };
			else {
				const result = checked(value, number);
				const earlier = results.get(result.id);
				if (!earlier || (earlier.status === "stopped" && result.status !== "stopped")) results.set(result.id, result);
			}
		}
		whole = end + 1;
	}
	return read(false);
}

function parsed(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}

const finite = v.pipe(v.number(), v.finite());
const amount = v.pipe(finite, v.minValue(0));
const whole = v.pipe(amount, v.integer());
const flops = v.object({ total: amount, nonEmbedding: amount });
const corpusId = { id: v.string(), hash: v.string() };

const commonModel = {
	vocabulary: whole,
	context: whole,
	width: whole,
	layers: whole,
	biases: v.boolean(),
	tied: v.boolean(),
};
const transformer = v.object({
	architecture: v.optional(v.undefined()),
	...commonModel,
	heads: whole,
	keyValueHeads: whole,
	headSize: whole,
	hidden: whole,
	norm: v.picklist(namesOf(NORMS)),
	positions: v.picklist(POSITIONS),
	activation: v.picklist(namesOf(ACTIVATIONS)),
	qkNorm: v.boolean(),
	baseWidth: v.nullable(whole),
});
const lstm = v.object({ architecture: v.literal("lstm"), ...commonModel });

// What the fits and the page rely on. Unknown keys, which later versions may add, are dropped rather than refused.
const runResult: v.GenericSchema<unknown, RunResult> = v.object({
	id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
	spec: v.object({
		model: v.variant("architecture", [transformer, lstm]),
		corpus: v.object({
			...corpusId,
			mix: v.optional(v.array(v.object({ ...corpusId, weight: amount }))),
			uniqueTokens: v.optional(whole),
		}),
		sampling: v.optional(v.picklist(OTHER_SAMPLINGS)),
		evaluations: v.optional(v.array(v.object(corpusId))),
		initialWeights: v.optional(v.string()),
		seed: whole,
		optimizer: v.object({
			kind: v.picklist(namesOf(OPTIMIZERS)),
			learningRate: amount,
			beta1: amount,
			beta2: amount,
			epsilon: amount,
			weightDecay: amount,
			decay: v.picklist(DECAYS),
			clip: amount,
		}),
		schedule: v.object({
			kind: v.picklist(namesOf(SCHEDULES)),
			warmupSteps: whole,
			floor: amount,
			cooldown: v.optional(v.picklist(COOLDOWNS)),
			cooldownSteps: v.optional(whole),
			points: v.optional(v.array(v.tuple([amount, amount]))),
			tail: v.optional(v.object({ after: whole, of: whole, cooldown: v.picklist(COOLDOWNS), floor: amount })),
		}),
		batchSequences: whole,
		microBatchSequences: whole,
		steps: whole,
		validationSequences: whole,
		validationEvery: v.optional(whole),
		ema: v.optional(amount),
		storage: v.optional(v.picklist(OTHER_STORAGES)),
	}),
	status: v.picklist(RUN_STATUSES),
	stopped: v.optional(v.object({ step: whole, bestRate: amount, behind: v.nullable(finite) })),
	divergedAt: v.optional(whole),
	adapter: v.string(),
	variants: v.record(v.string(), v.string()),
	parameters: v.object({ total: whole, nonEmbedding: whole, embedding: whole, head: whole }),
	tokens: whole,
	flops,
	curve: v.pipe(
		v.object({ tokens: v.array(amount), loss: v.array(finite) }),
		v.check(({ tokens, loss }) => tokens.length === loss.length, "tokens and loss must be equally long"),
	),
	measurements: v.object({
		gradientNorm: v.array(amount),
		updateRatio: v.array(amount),
		noiseScale: v.array(v.nullable(amount)),
	}),
	validationLoss: v.nullable(finite),
	validationLossEma: v.optional(v.nullable(finite)),
	validationCurve: v.optional(
		v.object({
			tokens: v.array(amount),
			loss: v.array(v.nullable(finite)),
			lossEma: v.optional(v.array(v.nullable(finite))),
		}),
	),
	evaluations: v.optional(v.record(v.string(), v.nullable(finite))),
});

function checked(value: unknown, line: number): RunResult {
	const result = v.safeParse(runResult, value, { abortEarly: true });
	if (result.success) {
		const { status, stopped } = result.output;
		if ((status === "stopped") === (stopped !== undefined)) return result.output;
		throw new Error(
			`line ${line} is not a run: status is "${status}" and stopped is ${show(stopped)}; stopped runs say why, others do not`,
		);
	}
	const issue = result.issues[0];
	const path = pathText((issue.path ?? []).map((item) => item.key));
	const found = path === "" ? "it is not a JSON object" : `${path} is ${show(issue.input)}`;
	throw new Error(`line ${line} is not a run: ${found} (${issue.message})`);
}
