import { expect } from "vitest";
import { trainingFlops } from "../../src/architecture/flops.ts";
import { parameterCounts } from "../../src/architecture/size.ts";
import type { CorpusInfo } from "../../src/data/corpus.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import { tokensPerStep } from "../../src/study/cost.ts";
import type { Study } from "../../src/study/study.ts";
import { StudyError } from "../../src/study/study-error.ts";
import { validateStudy } from "../../src/study/validate-study.ts";

export const corpora: CorpusInfo[] = [
	{ id: "speeches", title: "Speeches", hash: "a".repeat(64), trainBytes: 10_000_000, bytes: 10_600_000 },
	{ id: "novel", title: "A novel", hash: "b".repeat(64), trainBytes: 1_000_000, bytes: 1_060_000 },
];

/** A valid study document without optional fields. */
export const studyDocument = () => ({
	name: "a study",
	corpora: ["sotu"],
	vocabularies: [256, 2048],
	context: 16,
	sizes: [
		{ width: 8, layers: 1, heads: 1 },
		{ width: 16, layers: 2, heads: 4, steps: 50 },
	],
	learningRates: [0.003, 0.01],
	seeds: [1, 2, 3],
	schedules: [{ kind: "constant", warmupSteps: 10 }, { kind: "cosine" }],
	steps: [100, 200],
	batchSequences: [32],
});

/** A small valid study with some fields replaced. */
export function studyWith(fields: Partial<Record<keyof Study, unknown>> = {}): Study {
	return validateStudy({
		name: "test",
		corpora: ["speeches"],
		vocabularies: [256],
		context: 16,
		sizes: [
			{ width: 8, layers: 1, heads: 1 },
			{ width: 16, layers: 1, heads: 2 },
			{ width: 24, layers: 2, heads: 2 },
		],
		learningRates: [0.003, 0.01],
		...("steps" in fields || "tokens" in fields || "flops" in fields ? {} : { steps: [40] }),
		batchSequences: [32],
		...fields,
	});
}

/** A finished run with a curve that falls. */
export function resultOf({ id, spec }: PlannedRun, status: RunResult["status"] = "finished"): RunResult {
	const parameters = parameterCounts(spec.model);
	const tokens = spec.steps * tokensPerStep(spec);
	const shares = [0.25, 0.5, 0.75, 1];
	return {
		id,
		spec,
		status,
		adapter: "a test",
		variants: {},
		parameters,
		tokens,
		flops: trainingFlops(parameters, tokens),
		curve: { tokens: shares.map((share) => share * tokens), loss: shares.map((share) => 4 - share) },
		measurements: { gradientNorm: shares.map(() => 1), updateRatio: shares.map(() => 0.01), noiseScale: [] },
		validationLoss: status === "finished" ? 3.1 : null,
	};
}

/** The `StudyError` that `act` throws. */
export const errorOf = (act: () => unknown): StudyError => {
	try {
		act();
	} catch (error) {
		expect(error).toBeInstanceOf(StudyError);
		return error as StudyError;
	}
	throw new Error("expected an error");
};
