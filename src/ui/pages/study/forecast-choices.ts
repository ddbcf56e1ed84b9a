import { checkUnseen } from "../../../study/check-unseen.ts";
import { HOLD_OUT_WORDS, HOLD_OUTS, type HoldOut, heldOutRuns } from "../../../study/hold-out.ts";
import type { Plan } from "../../../study/plan.ts";

/** One way to set runs aside. */
export interface Choice {
	by: HoldOut;
	/** Such as "largest size". */
	title: string;
	/** How many runs. */
	aside: number;
	kept: number;
	/** Why it cannot be; null where it can. */
	reason: string | null;
}

/**
 * What can be set aside of a study, and why the rest cannot.
 *
 * @param ended runs that have a result
 */
export function choicesOf(plan: Plan, ended: readonly { id: string }[]): Choice[] {
	const known = new Set(ended.map(({ id }) => id));
	return HOLD_OUTS.map((by): Choice => {
		const title = HOLD_OUT_WORDS[by];
		try {
			const heldOut = heldOutRuns(plan, by);
			const about = { by, title, aside: heldOut.length, kept: plan.runs.length - heldOut.length };
			const reason = reasonOf(() => checkUnseen(plan, heldOut, known));
			return { ...about, reason };
		} catch (error) {
			return { by, title, aside: 0, kept: plan.runs.length, reason: textOf(error) };
		}
	});
}

function reasonOf(check: () => void): string | null {
	try {
		check();
		return null;
	} catch (error) {
		return textOf(error);
	}
}

const textOf = (error: unknown) => (error as Error).message.replace(/^study: /, "");
