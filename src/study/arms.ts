import type { Arm, Study } from "./study.ts";
import { StudyError } from "./study-error.ts";

/** What gives a study its budgets; one that an arm gives replaces the study's, whichever it is. */
export const BUDGETS = ["steps", "tokens", "flops"] as const;

/** A study's arms as studies without arms; a study without arms is its own and only one, with its own name. */
export function armStudies({ arms, ...study }: Study): Study[] {
	return arms ? arms.map((arm) => withArm(study, arm)) : [study];
}

function withArm(study: Study, arm: Arm): Study {
	const base = { ...study };
	if (BUDGETS.some((budget) => arm[budget] !== undefined)) for (const budget of BUDGETS) delete base[budget];
	return { ...base, ...arm };
}

/** Makes an error of `check`, or of its promise, name the arm that sets what is at fault. */
export function inArm<Result>(study: { readonly arms?: readonly object[] }, i: number, check: () => Result): Result {
	const name = (error: unknown): never => {
		const arm = study.arms?.[i];
		if (!(arm && error instanceof StudyError)) throw error;
		const [key] = error.path;
		throw key !== undefined && !(key in arm) ? error : new StudyError(["arms", i, ...error.path], error.problem);
	};
	try {
		const result = check();
		return result instanceof Promise ? (result.catch(name) as Result) : result;
	} catch (error) {
		return name(error);
	}
}
