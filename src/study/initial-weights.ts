import { DEFAULT_ARCHITECTURE } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { quote } from "../run/show.ts";
import type { Study } from "./study.ts";
import { StudyError } from "./study-error.ts";

/** Weights to initialize runs with, as the host read them. */
export interface InitialWeights {
	model: ModelConfig;
	/** SHA-256 of model and weights, in hexadecimal. */
	hash: string;
}

/**
 * Checks that a study's initial weights are given and fit its models. Every model choice must agree, except for μP's base
 * width, which affects training but not the weights, and the context when positions have no weights.
 *
 * @throws StudyError naming the choice that differs
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
			`is ${quote(initialWeights)}; only the command line can load initial weights`,
		);
	for (const { model } of specs) {
		const [of, needed] = [choicesOf(weights.model), choicesOf(model)];
		for (const [key, value] of Object.entries(needed)) {
			const free = key === "baseWidth" || (key === "context" && needed.positions !== "learned");
			if (!free && value !== of[key])
				throw new StudyError(["initialWeights"], `has ${key} ${of[key]}, but a run has ${value}; they must agree`);
		}
	}
}

/** A model's choices by name, its architecture first. */
function choicesOf(model: ModelConfig): Record<string, unknown> {
	return { architecture: DEFAULT_ARCHITECTURE, ...model };
}
