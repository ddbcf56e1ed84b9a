import * as v from "valibot";
import { canonicalJson } from "../run/canonical-json.ts";
import { count, show } from "../run/show.ts";
import { armStudies, BUDGETS, inArm } from "./arms.ts";
import { checkArchitectures } from "./check-architectures.ts";
import { schemaError } from "./schema-error.ts";
import type { Arm, Study } from "./study.ts";
import { batchFor, budgetCount, evaluationInterval, modelsOf, stepsOf, studySize } from "./study-axes.ts";
import { StudyError } from "./study-error.ts";
import { checkTail, completeSchedule } from "./study-schedule.ts";
import { MAX_BATCH, MAX_RUNS, MAX_STEPS, studySchema } from "./study-schema.ts";

/** Most evaluations of one run. */
const MAX_EVALUATIONS = 1000;

/** Checks a study and fills in the defaults. Throws `StudyError`. */
export function validateStudy(value: unknown): Study {
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw new StudyError([], `the document is ${show(value)}; it must be an object`);
	const parsed = v.safeParse(studySchema, withoutSchema(value), { abortEarly: true });
	if (!parsed.success) throw schemaError(parsed.issues[0]);
	const study = complete(parsed.output);
	checkArmNames(study);
	checkHalving(study);
	checkArchitectures(study);
	for (const [i, arm] of armStudies(study).entries()) inArm(study, i, () => checkSettings(arm));
	const runs = studySize(study);
	if (runs > MAX_RUNS)
		throw new StudyError([], `the lists multiply to ${count(runs)} runs; the maximum is ${count(MAX_RUNS)}`);
	return study;
}

/** Editors complete a document by the schema that it names; it is no part of the study. */
function withoutSchema(value: object): object {
	if (!Object.hasOwn(value, "$schema")) return value;
	const { $schema, ...study } = value as { $schema: unknown };
	if (typeof $schema !== "string")
		throw new StudyError(["$schema"], `is ${show($schema)}; it must be an address or a path`);
	return study;
}

type Parsed = v.InferOutput<typeof studySchema>;

function complete({ schedules, arms, ...rest }: Parsed): Study {
	const completed = arms?.map((arm, i) => inArm({ arms }, i, () => withSchedules(arm)));
	return { ...rest, schedules: schedules.map(completeSchedule), ...(completed && { arms: completed }) };
}

function withSchedules({ schedules, ...arm }: NonNullable<Parsed["arms"]>[number]): Arm {
	return { ...arm, ...(schedules && { schedules: schedules.map(completeSchedule) }) };
}

function checkArmNames({ arms = [] }: Study): void {
	for (const [i, { name }] of arms.entries()) {
		const first = arms.findIndex((arm) => arm.name === name);
		if (first < i)
			throw new StudyError(
				["arms", i, "name"],
				`is ${show(name)}, the same as that of arms[${first}]; names must differ`,
			);
	}
}

function checkHalving({ halving }: Study): void {
	for (const [i, share] of (halving?.at ?? []).entries()) {
		const before = halving?.at[i - 1];
		if (before !== undefined && share <= before)
			throw new StudyError(["halving", "at", i], `is ${share}, after ${before}; shares must ascend`);
	}
}

function checkSettings(study: Study): void {
	checkSizes(study);
	checkParametrization(study);
	checkBudgets(study);
	checkRuns(study);
	checkRepeats(study);
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
	const given = BUDGETS.filter((budget) => study[budget] !== undefined);
	if (given.length > 1)
		throw new StudyError([given[0]!], `is given, and so is ${given[1]}; a study has one of ${BUDGETS.join(", ")}`);
	const without = study.sizes.findIndex((size) => budgetCount(study, size) === 0);
	if (without >= 0)
		throw new StudyError(
			["steps"],
			"is missing, and so are tokens and flops; one of them must list the budgets, " +
				`unless every size has its own (sizes[${without}] has none)`,
		);
}

/** Checks the batch size and the lengths of every model's runs. */
function checkRuns(study: Study): void {
	for (const [i, size] of study.sizes.entries())
		for (const vocabulary of study.vocabularies)
			for (const model of modelsOf(study, size, vocabulary))
				for (const [j, choice] of study.batchSequences.entries()) {
					const batch = batchFor(choice, model);
					if (batch > MAX_BATCH)
						throw new StudyError(
							["batchSequences", j],
							`gives sizes[${i}] batches of ${count(batch)} sequences; the maximum is ${count(MAX_BATCH)}`,
						);
					for (const steps of stepsOf(study, size, model, batch)) {
						checkSteps(study, i, batch, steps);
						for (const [k, schedule] of study.schedules.entries()) checkTail(schedule, k, steps, batch * study.context);
					}
				}
}

function checkSteps(study: Study, i: number, batch: number, steps: number): void {
	const ownBudget = study.sizes[i]!.tokens !== undefined;
	const path = ownBudget ? ["sizes", i, "tokens"] : [BUDGETS.find((budget) => study[budget] !== undefined)!];
	const asks = `asks for ${count(steps)} steps with batches of ${count(batch)} sequences`;
	if (steps > MAX_STEPS) throw new StudyError(path, `${asks}; the maximum is ${count(MAX_STEPS)}`);
	if (steps < 1) throw new StudyError(path, `${asks} for sizes[${i}]; the minimum is 1`);
	const evaluations = Math.floor(steps / (evaluationInterval(study, batch) ?? steps));
	if (evaluations > MAX_EVALUATIONS)
		throw new StudyError(
			["validationEvery"],
			`is ${count(study.validationEvery!)}, so a run of ${count(steps)} steps has ` +
				`${count(evaluations)} evaluations; the maximum is ${count(MAX_EVALUATIONS)}`,
		);
}

/** A repeated entry would only repeat runs. */
function checkRepeats(study: Study): void {
	const axes = [
		"corpora",
		"vocabularies",
		"sizes",
		"learningRates",
		"seeds",
		"schedules",
		"steps",
		"tokens",
		"flops",
	] as const;
	const models = ["architectures", "norms", "positions", "activations", "parametrizations"] as const;
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
