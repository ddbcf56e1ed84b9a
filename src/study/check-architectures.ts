import { canonicalJson } from "../run/canonical-json.ts";
import { show } from "../run/show.ts";
import type { Study } from "./study.ts";
import { StudyError } from "./study-error.ts";
import { fieldDefault } from "./study-schema.ts";

/** Settings that only transformers have. */
const TRANSFORMER_ONLY = ["norms", "positions", "activations", "expansion", "qkNorm"] as const;
const SIZE_OF_TRANSFORMER = ["keyValueHeads", "headSize", "hidden"] as const;

/**
 * Refuses settings that no architecture of the study has, and those that an LSTM cannot have.
 *
 * @throws StudyError naming the setting
 */
export function checkArchitectures(study: Study): void {
	if (study.architectures.includes("lstm")) checkLstm(study);
	if (!study.architectures.includes("transformer")) checkWithoutTransformer(study);
}

function checkLstm({ architectures, parametrizations, storage }: Study): void {
	const where = `architectures[${architectures.indexOf("lstm")}] is "lstm"`;
	const mup = parametrizations.indexOf("mup");
	if (mup >= 0)
		throw new StudyError(
			["parametrizations", mup],
			`is "mup", but ${where}; it must be "standard", as μP is defined for transformers alone here`,
		);
	if (storage !== "f32")
		throw new StudyError(["storage"], `is ${show(storage)}, but ${where}; an LSTM needs "f32", 32-bit activations`);
}

function checkWithoutTransformer(study: Study): void {
	const where = 'an LSTM has no such setting, and architectures does not include "transformer"';
	for (const key of TRANSFORMER_ONLY)
		if (canonicalJson(study[key]) !== canonicalJson(fieldDefault(key)))
			throw new StudyError([key], `is ${show(study[key])}, but ${where}; it must be absent`);
	for (const [i, size] of study.sizes.entries()) {
		for (const key of SIZE_OF_TRANSFORMER)
			if (size[key] !== undefined)
				throw new StudyError(["sizes", i, key], `is ${size[key]}, but ${where}; it must be absent`);
		if (size.heads !== 1) throw new StudyError(["sizes", i, "heads"], `is ${size.heads}, but ${where}; it must be 1`);
	}
}
