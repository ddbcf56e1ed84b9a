import * as v from "valibot";
import { canonicalJson } from "../run/canonical-json.ts";
import { count, show } from "../run/show.ts";
import { schemaError } from "./schema-error.ts";
import type { Study } from "./study.ts";
import { evaluationInterval, stepsOf, studySize } from "./study-axes.ts";
import { StudyError } from "./study-error.ts";
import { completeSchedule } from "./study-schedule.ts";
import { MAX_RUNS, MAX_STEPS, studySchema } from "./study-schema.ts";

/** Most evaluations of one run. */
const MAX_EVALUATIONS = 1000;

/** Checks a study and fills in the defaults. Throws `StudyError`. */
export function validateStudy(value: unknown): Study {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new StudyError([], `the document is ${show(value)}; it must be an object`);
	const parsed = v.safeParse(studySchema, value, { abortEarly: true });
	if (!parsed.success) throw schemaError(parsed.issues[0]);
	const { schedules, ...rest } = parsed.output;
	const study: Study = { ...rest, schedules: schedules.map(completeSchedule) };
	checkSizes(study);
	checkParametrization(study);
	checkBudgets(study);
	checkEvaluations(study);
	checkRepeats(study);
	const runs = studySize(study);
	if (runs > MAX_RUNS)
		throw new StudyError([], `the lists multiply to ${count(runs)} runs; the maximum is ${count(MAX_RUNS)}`);
	return study;
}

function checkSizes(study: Study): void {
	const rotary = study.positions.includes("rotary");
	for (const [i, size] of study.sizes.entries()) {
		const { width, heads, keyValueHeads = heads, headSize = width / heads, steps, tokens } = size;
		if (!Number.isInteger(headSize))
			throw new StudyError(["sizes", i, "heads"], `is ${heads}; it must divide width, which is ${width}`);
		if (heads % keyValueHeads !== 0)
			throw new StudyError(
				["sizes", i, "keyValueHeads"],
				`is ${keyValueHeads}; it must divide heads, which is ${heads}`,
			);
		if (rotary && headSize % 2 !== 0)
			throw new StudyError(["sizes", i], `has a head size of ${headSize}; it must be even with "rotary" positions`);
		if (steps !== undefined && tokens !== undefined)
			throw new StudyError(["sizes", i], `has both steps and tokens; it must have at most one of them`);
	}
}

function checkParametrization({ parametrizations, baseWidth }: Study): void {
	const mup = parametrizations.indexOf("mup");
	if (mup >= 0 && baseWidth === undefined)
		throw new StudyError(["baseWidth"], `is missing; parametrizations[${mup}] is "mup", which needs it`);
	if (mup < 0 && baseWidth !== undefined)
		throw new StudyError(["baseWidth"], `is ${baseWidth}; it must be absent unless parametrizations includes "mup"`);
}

function checkBudgets(study: Study): void {
	if (study.steps && study.tokens)
		throw new StudyError(["steps"], "is given, and so is tokens; a study has one or the other");
	for (const [i, size] of study.sizes.entries()) {
		if (!study.steps && !study.tokens && size.steps === undefined && size.tokens === undefined)
			throw new StudyError(
				["steps"],
				"is missing, and so is tokens; one of them must list the budgets, " +
					`unless every size has its own (sizes[${i}] has none)`,
			);
		for (const batch of study.batchSequences)
			for (const steps of stepsOf(study, size, batch))
				if (steps > MAX_STEPS)
					throw new StudyError(
						size.tokens === undefined ? ["tokens"] : ["sizes", i, "tokens"],
						`asks for ${count(steps)} steps ` +
							`with batches of ${count(batch)} sequences; the maximum is ${count(MAX_STEPS)}`,
					);
	}
}

function checkEvaluations(study: Study): void {
	for (const size of study.sizes)
		for (const batch of study.batchSequences)
			for (const steps of stepsOf(study, size, batch)) {
				const evaluations = Math.floor(steps / (evaluationInterval(study, batch) ?? steps));
				if (evaluations > MAX_EVALUATIONS)
					throw new StudyError(
						["validationEvery"],
						`is ${count(study.validationEvery!)}, so a run of ${count(steps)} steps has ` +
							`${count(evaluations)} evaluations; the maximum is ${count(MAX_EVALUATIONS)}`,
					);
			}
}

/** A repeated entry would only repeat runs. */
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
				throw new StudyError([axis, i], `is ${show(entry)}, the same as ${axis}[${first}]; entries must differ`);
			seen.set(key, i);
		}
	}
}
