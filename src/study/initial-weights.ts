import type { ModelConfig } from "../architecture/config.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { quote } from "../run/show.ts";
import type { Study } from "./study.ts";
import { StudyError } from "./study-error.ts";

/** Weights that runs may begin with, as their host read them. */
export interface InitialWeights {
	model: ModelConfig;
	/** SHA-256 of model and weights, in hexadecimal. */
	hash: string;
}

/**
 * Checks that a study's initial weights are there, and fit its models: all choices must agree but for μP, which says
 * how weights change and not what they are, and the context where positions have no weights.
 *
 * @throws StudyError naming what differs
 */
export function checkInitialWeights(
	study: Study,
	specs: readonly RunSpec[],
	weights: InitialWeights | undefined,
): void {
	const { initialWeights } = study;
	if (initialWeights === undefined) return;
	if (!weights)
		throw new StudyError(
			["initialWeights"],
			`is ${quote(initialWeights)}; it must be absent here: only the command line reads weights`,
		);
	for (const { model } of specs)
		for (const key of Object.keys(model) as (keyof ModelConfig)[]) {
			const free = key === "baseWidth" || (key === "context" && model.positions !== "learned");
			if (!free && model[key] !== weights.model[key])
				throw new StudyError(
					["initialWeights"],
					`has ${key} ${weights.model[key]}, a run of the study has ${model[key]}; they must agree`,
				);
		}
}
