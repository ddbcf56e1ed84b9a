import * as v from "valibot";
import type { Activation, ActivationStorage, Norm, Parametrization, Positions } from "../architecture/choices.ts";
import { type ModelConfig, modelConfig } from "../architecture/config.ts";
import { canonicalJson } from "../run/canonical-json.ts";
import type { Decay, OptimizerKind, Sampling } from "../run/choices.ts";
import { count, pathText, quote, show } from "../run/show.ts";
import { jsonErrorPosition } from "./json-error.ts";
import type { CorpusChoice } from "./study-data.ts";
import { StudyError } from "./study-error.ts";
import { completeSchedule, type StudySchedule } from "./study-schedule.ts";
import { MAX_RUNS, MAX_STEPS, studySchema } from "./study-schema.ts";

export { StudyError } from "./study-error.ts";

/** One model size, with a budget of its own if it has `steps` or `tokens`. */
export interface SizeSpec {
	readonly width: number;
	readonly layers: number;
	/** Divides `width`, unless the size has a `headSize`. */
	readonly heads: number;
	/** Heads of keys and values; divides `heads`, which is the default. */
	readonly keyValueHeads?: number;
	/** Default width / heads. */
	readonly headSize?: number;
	/** Width of the feed-forward layer, in place of the study's expansion. */
	readonly hidden?: number;
	/** Optimiser steps of this size, in place of the study's budgets. */
	readonly steps?: number;
	/** Training tokens of this size, in place of the study's budgets. */
	readonly tokens?: number;
}

/**
 * A study: a grid of runs. Plain data; every list is an axis, and the runs are the product of the axes. Budgets are
 * `steps` or `tokens`, one of the two; a run takes as many whole steps as reach its tokens.
 */
export interface Study {
	readonly name: string;
	/** Ids of corpora, or mixes of them. */
	readonly corpora: readonly CorpusChoice[];
	/** How many different tokens of its text a run may read, chosen by its seed; absent: all. */
	readonly uniqueTokens?: readonly number[];
	/** Sequences from random places, or the whole text once in every epoch; see `batchStarts`. */
	readonly sampling: Sampling;
	/** Corpora whose validation losses are measured besides. */
	readonly evaluations?: readonly string[];
	/** 256: bytes. Above: GPT-2's byte-pair encoding cut at that size, the end-of-text token included. */
	readonly vocabularies: readonly number[];
	readonly context: number;
	/** Whether the head shares the token embedding's matrix. */
	readonly tied: boolean;
	readonly norms: readonly Norm[];
	readonly positions: readonly Positions[];
	readonly activations: readonly Activation[];
	/** The feed-forward layer's width is this times the model's, rounded. SwiGLU has three matrices of it, others two. */
	readonly expansion: number;
	readonly qkNorm: boolean;
	/** Of linear layers and layer norms. */
	readonly biases: boolean;
	readonly parametrizations: readonly Parametrization[];
	/** The width at which "mup" is the standard parametrisation but for the scores of attention; needed by it alone. */
	readonly baseWidth?: number;
	readonly sizes: readonly SizeSpec[];
	readonly learningRates: readonly number[];
	/** Path of the weights that runs begin with, on the command line: a model's folder, a weights file. Absent: random. */
	readonly initialWeights?: string;
	readonly seeds: readonly number[];
	readonly schedules: readonly StudySchedule[];
	readonly steps?: readonly number[];
	readonly tokens?: readonly number[];
	/** Sequences per optimiser step. */
	readonly batchSequences: readonly number[];
	/** See `OptimizerSpec`, for what follows too. Default "adamw". */
	readonly optimizer: OptimizerKind;
	/** Default 0.1, as GPT-3 and nanoGPT train with. */
	readonly weightDecay: number;
	/** Default "coupled", as PyTorch's AdamW. */
	readonly decay: Decay;
	readonly beta1: number;
	/** Default 0.95, as GPT-3: short runs with large batches gain from a shorter memory than Adam's 0.999. */
	readonly beta2: number;
	readonly epsilon: number;
	readonly clip: number;
	/** The decay of an average of the weights that is evaluated beside them; absent: none is kept. */
	readonly ema?: number;
	/** Default "f32"; "f16" halves the memory of most activations, on adapters that have 16-bit floats. */
	readonly storage: ActivationStorage;
	readonly validationSequences: number;
	/** Training tokens from one evaluation to the next; absent: only after the last step. */
	readonly validationEvery?: number;
}

/** No study is longer; a longer text is something else. */
const MAX_CHARACTERS = 1_000_000;
/** Evaluations of one run at most. */
const MAX_EVALUATIONS = 1000;

/** Reads a study from JSON. Throws `StudyError`. */
export function parseStudy(text: string): Study {
	if (text.length > MAX_CHARACTERS)
		throw new StudyError(
			`study: the text has ${count(text.length)} characters; it must have at most ${count(MAX_CHARACTERS)}`,
		);
	const json = text.replace(/^\uFEFF/, "");
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		const at = jsonErrorPosition(json);
		const found =
			at &&
			json
				.split("\n")
				[at.line - 1]!.slice(at.column - 1)
				.trim();
		throw new StudyError(
			`study: not valid JSON at ${at ? `line ${at.line}, column ${at.column}` : "an unknown place"}: ` +
				(found ? `unexpected ${quote(found.slice(0, 20))}` : "the text ends too early"),
		);
	}
	return validateStudy(value);
}

/** Checks a study and fills in the defaults. Throws `StudyError`. */
export function validateStudy(value: unknown): Study {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new StudyError(`study: the document is ${show(value)}; it must be an object`);
	const parsed = v.safeParse(studySchema, value, { abortEarly: true });
	if (!parsed.success) throw new StudyError(`study: ${issueText(parsed.issues[0])}`);
	const { schedules, ...rest } = parsed.output;
	const study: Study = { ...rest, schedules: schedules.map(completeSchedule) };
	checkSizes(study);
	checkParametrization(study);
	checkBudgets(study);
	checkEvaluations(study);
	checkRepeats(study);
	const runs = studySize(study);
	if (runs > MAX_RUNS)
		throw new StudyError(`study: the lists multiply to ${count(runs)} runs; it must be at most ${count(MAX_RUNS)}`);
	return study;
}

/** The step counts that a size is trained for with batches of `batchSequences`. */
export function stepsOf(study: Study, size: SizeSpec, batchSequences: number): number[] {
	const stepsFor = (tokens: number) => Math.ceil(tokens / (batchSequences * study.context));
	if (size.steps !== undefined) return [size.steps];
	if (size.tokens !== undefined) return [stepsFor(size.tokens)];
	return study.steps ? [...study.steps] : (study.tokens ?? []).map(stepsFor);
}

/** The models that a size is at a vocabulary: the product of the axes of model choices. */
export function modelsOf(study: Study, size: SizeSpec, vocabulary: number): ModelConfig[] {
	const { context, tied, norms, positions, activations, expansion, qkNorm, biases, parametrizations } = study;
	const { width, layers, heads, keyValueHeads = heads, headSize = width / heads } = size;
	const hidden = size.hidden ?? Math.max(1, Math.round(expansion * width));
	const shape = { vocabulary, context, width, layers, heads, keyValueHeads, headSize, hidden, tied, qkNorm, biases };
	return norms.flatMap((norm) =>
		positions.flatMap((position) =>
			activations.flatMap((activation) =>
				parametrizations.map((parametrization) => {
					const baseWidth = parametrization === "mup" ? study.baseWidth! : null;
					return modelConfig({ ...shape, norm, positions: position, activation, baseWidth });
				}),
			),
		),
	);
}

/** How many runs the axes multiply to. */
export function studySize(study: Study): number {
	const budgets = study.sizes.map((size) => stepsOf(study, size, 1).length).reduce((a, b) => a + b, 0);
	const { norms, positions, activations, parametrizations } = study;
	const models = [norms, positions, activations, parametrizations];
	const axes = [study.corpora, study.vocabularies, study.learningRates, study.seeds, study.schedules, ...models];
	const perSize = budgets * study.batchSequences.length * (study.uniqueTokens?.length ?? 1);
	return axes.reduce((product, axis) => product * axis.length, perSize);
}

function checkSizes(study: Study): void {
	const rotary = study.positions.includes("rotary");
	for (const [i, size] of study.sizes.entries()) {
		const { width, heads, keyValueHeads = heads, headSize = width / heads, steps, tokens } = size;
		if (!Number.isInteger(headSize))
			throw new StudyError(`study: sizes[${i}].heads is ${heads}; it must divide the width, which is ${width}`);
		if (heads % keyValueHeads !== 0)
			throw new StudyError(
				`study: sizes[${i}].keyValueHeads is ${keyValueHeads}; it must divide the heads, which are ${heads}`,
			);
		if (rotary && headSize % 2 !== 0)
			throw new StudyError(
				`study: sizes[${i}] has heads of size ${headSize}; it must be even for "rotary", which turns pairs of entries`,
			);
		if (steps !== undefined && tokens !== undefined)
			throw new StudyError(`study: sizes[${i}] has both steps and tokens; it must have at most one of them`);
	}
}

function checkParametrization({ parametrizations, baseWidth }: Study): void {
	const mup = parametrizations.indexOf("mup");
	if (mup >= 0 && baseWidth === undefined)
		throw new StudyError(`study: baseWidth is missing; it must be given with parametrizations[${mup}], which is "mup"`);
	if (mup < 0 && baseWidth !== undefined)
		throw new StudyError(`study: baseWidth is ${baseWidth}; it must be absent unless parametrizations names "mup"`);
}

function checkBudgets(study: Study): void {
	if (study.steps && study.tokens)
		throw new StudyError("study: both steps and tokens are given; it must be exactly one of them");
	for (const [i, size] of study.sizes.entries()) {
		if (!study.steps && !study.tokens && size.steps === undefined && size.tokens === undefined)
			throw new StudyError(
				"study: steps and tokens are missing; it must be exactly one of them, a list of budgets, " +
					`unless every size has its own (sizes[${i}] has none)`,
			);
		for (const batch of study.batchSequences)
			for (const steps of stepsOf(study, size, batch))
				if (steps > MAX_STEPS)
					throw new StudyError(
						`study: ${size.tokens === undefined ? "tokens" : `sizes[${i}].tokens`} asks for ${count(steps)} steps ` +
							`with batches of ${count(batch)} sequences; it must be at most ${count(MAX_STEPS)}`,
					);
	}
}

/** Training steps from one evaluation to the next, at most one evaluation a step. */
export function validationSteps({ validationEvery, context }: Study, batchSequences: number): number | undefined {
	return validationEvery && Math.max(1, Math.round(validationEvery / (batchSequences * context)));
}

function checkEvaluations(study: Study): void {
	for (const size of study.sizes)
		for (const batch of study.batchSequences)
			for (const steps of stepsOf(study, size, batch)) {
				const evaluations = Math.floor(steps / (validationSteps(study, batch) ?? steps));
				if (evaluations > MAX_EVALUATIONS)
					throw new StudyError(
						`study: validationEvery is ${count(study.validationEvery!)}, which is ${count(evaluations)} evaluations ` +
							`of a run of ${count(steps)} steps; it must be at most ${count(MAX_EVALUATIONS)}`,
					);
			}
}

/** A repeated entry would be the same runs again. */
function checkRepeats(study: Study): void {
	const axes = ["corpora", "vocabularies", "sizes", "learningRates", "seeds", "schedules", "steps", "tokens"] as const;
	const models = ["norms", "positions", "activations", "parametrizations"] as const;
	const data = ["uniqueTokens", "evaluations", "batchSequences"] as const;
	for (const axis of [...axes, ...models, ...data] as const) {
		const seen = new Map<string, number>();
		for (const [i, entry] of (study[axis] ?? []).entries()) {
			const key = canonicalJson(entry);
			const first = seen.get(key);
			if (first !== undefined)
				throw new StudyError(
					`study: ${axis}[${i}] is ${show(entry)}; it must differ from ${axis}[${first}], which is the same`,
				);
			seen.set(key, i);
		}
	}
}

/** "sizes[2].width is -3; it must be a whole number from 1 to 4,096" */
function issueText(issue: v.BaseIssue<unknown>): string {
	const path = (issue.path ?? []).map((item) => item.key);
	if (issue.type === "strict_object" && issue.expected === "never") {
		const parent = pathText(path.slice(0, -1));
		const known = Object.keys(objectSchema(schemaAt(path.slice(0, -1)) as AnySchema).entries).join(", ");
		return `${pathText(path)} is not a known key; it must be one of ${known}${parent ? ` in ${parent}` : ""}`;
	}
	const missing = issue.path?.at(-1)?.origin === "key";
	const rule = v.getDescription(schemaAt(path));
	return `${pathText(path)} is ${missing ? "missing" : show(issue.input)}; it must be ${rule}`;
}

type ObjectSchema = v.GenericSchema & { entries: Record<string, v.GenericSchema> };
type AnySchema = ObjectSchema & {
	item?: v.GenericSchema;
	value?: v.GenericSchema;
	getter?: (input: unknown) => v.GenericSchema;
};

/** The part of the schema that a path leads to. */
function schemaAt(path: readonly unknown[]): v.GenericSchema {
	let schema: v.GenericSchema = studySchema;
	for (const key of path) {
		const parent = objectSchema(schema as AnySchema);
		schema = (typeof key === "number" ? parent.item : (parent.value ?? parent.entries[String(key)]))!;
		if ("wrapped" in schema) schema = schema.wrapped as v.GenericSchema;
	}
	return schema;
}

/** Of a schema that depends on the value, the one for objects. */
function objectSchema(schema: AnySchema): AnySchema {
	return "getter" in schema ? (schema.getter!({}) as AnySchema) : schema;
}
