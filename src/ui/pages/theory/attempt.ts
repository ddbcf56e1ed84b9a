import type { Plan } from "../../../study/plan.ts";
import type { StudyOverlay } from "../../../theory/charts/overlay.ts";
import { readStudy, type StudyReading } from "./study-reading.ts";
import type { TheoryInputs } from "./theory-inputs.ts";
import { type TheoryValues, theoryValues } from "./theory-values.ts";

/** What is computed, or why it cannot be. */
export interface Attempt<Value> {
	readonly value: Value | null;
	readonly problem: string;
}

/** The figures of some inputs, with a study that will lie over them. */
export function valuesOrProblem(inputs: TheoryInputs, overlay: StudyOverlay | null): Attempt<TheoryValues> {
	return attempt(() => theoryValues(inputs, overlay?.sizes));
}

/** What the theory needs of the study that is planned. */
export function readingOrProblem(plan: Plan | null): Attempt<StudyReading> {
	return plan
		? attempt(() => readStudy(plan))
		: { value: null, problem: "There is no study yet: choose one on the Study page." };
}

function attempt<Value>(compute: () => Value): Attempt<Value> {
	try {
		return { value: compute(), problem: "" };
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
		const { message } = error;
		return { value: null, problem: `${message.charAt(0).toUpperCase()}${message.slice(1)}.` };
	}
}
