/** How long a submit should keep the GPU busy: long enough to amortize it, short enough to keep the desktop responsive. */
export const TARGET_MILLISECONDS = 40;

/** Maximum number of micro-steps in one submit, and the number always allowed, however much memory their tokens take. */
const MOST_SLOTS = 128;
const LEAST_SLOTS = 8;

/** Tokens in all slots together, unless this gives too few slots. */
const SLOT_TOKENS = 2 ** 18;

/** The speed assumed before the first measurement: a slow software adapter's. Unit: FLOP per millisecond. */
const FIRST_SPEED = 1e6;

/** Maximum number of micro-steps in one submit if each reads `tokens` tokens. */
export function slotsFor(tokens: number): number {
	return Math.max(LEAST_SLOTS, Math.min(MOST_SLOTS, Math.floor(SLOT_TOKENS / tokens)));
}

/** Decides how much work goes into one submit. The unit of work is a micro-step; a submit may hold a fraction of one. */
export class Pace {
	private millisecondsPerMicroStep: number;
	/** Work since the last estimate. Fractions of a micro-step vary too much in speed for an estimate. */
	private sum = { work: 0, milliseconds: 0 };

	/** @param flops of a micro-step */
	constructor(flops: number) {
		this.millisecondsPerMicroStep = flops / FIRST_SPEED;
	}

	/** Work for the next submit, in micro-steps. */
	get work(): number {
		return TARGET_MILLISECONDS / this.millisecondsPerMicroStep;
	}

	/** Records how long work took. A slowdown counts at once, a speedup by at most a factor of four. */
	measured(work: number, milliseconds: number): void {
		this.sum.work += work;
		this.sum.milliseconds += milliseconds;
		if (this.sum.work < 0.999) return;
		const measured = this.sum.milliseconds / this.sum.work;
		this.millisecondsPerMicroStep = Math.max(measured, this.millisecondsPerMicroStep / 4, 1e-3);
		this.sum = { work: 0, milliseconds: 0 };
	}
}
