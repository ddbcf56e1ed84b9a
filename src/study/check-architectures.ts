import { canonicalJson } from "../run/canonical-json.ts";
import { show } from "../run/show.ts";
import { armStudies, inArm } from "./arms.ts";
import type { Study } from "./study.ts";
import { StudyError } from "./study-error.ts";
import { fieldDefault } from "./study-schema.ts";

/** Settings that only transformers have. */
const TRANSFORMER_ONLY = ["norms", "positions", "activations", "expansion", "qkNorm"] as const;
const SIZE_OF_TRANSFORMER = ["keyValueHeads", "headSize", "hidden"] as const;

/**
 * Refuses settings that no architecture of the study has, and those that an LSTM cannot have. An arm without a transformer may share
 * what is set for the transformers of the other arms.
 *
 * @throws StudyError naming the setting
 */
export function checkArchitectures(study: Study): void {
	const arms = armStudies(study);
	const hasTransformer = ({ architectures }: Study) => architectures.includes("transformer");
	const isShared = arms.some(hasTransformer);
	for (const [i, arm] of arms.entries())
		inArm(study, i, () => {
			if (arm.architectures.includes("lstm")) checkLstm(arm);
			if (!hasTransformer(arm)) checkWithoutTransformer(arm, isShared ? study.arms![i]! : arm);
		});
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

/** @param given the settings that are there for this study's models alone */
function checkWithoutTransformer(study: Study, given: Partial<Study>): void {
	const where = 'an LSTM has no such setting, and architectures does not include "transformer"';
	for (const key of TRANSFORMER_ONLY)
		if (key in given && canonicalJson(study[key]) !== canonicalJson(fieldDefault(key)))
			throw new StudyError([key], `is ${show(study[key])}, but ${where}; it must be absent`);
	for (const [i, size] of (given.sizes ?? []).entries()) {
		for (const key of SIZE_OF_TRANSFORMER)
			if (size[key] !== undefined)
				throw new StudyError(["sizes", i, key], `is ${size[key]}, but ${where}; it must be absent`);
		if (size.heads !== 1) throw new StudyError(["sizes", i, "heads"], `is ${size.heads}, but ${where}; it must be 1`);
	}
}
