/** A submit should keep the GPU busy about this long: long enough to pay for itself, short enough for the desktop. */
export const TARGET_MILLISECONDS = 40;

/** Micro-steps that one submit holds: at most, and at least where their tokens take much memory. */
const MOST_SLOTS = 128;
const LEAST_SLOTS = 8;

/** Tokens in all slots together, where that leaves enough of these. */
const SLOT_TOKENS = 2 ** 18;

/** A software adapter on a slow day, FLOP per millisecond: what is assumed before anything is measured. */
const FIRST_SPEED = 1e6;

/** Micro-steps that one submit can hold, which read `tokens` tokens each. */
export function slotsFor(tokens: number): number {
	return Math.max(LEAST_SLOTS, Math.min(MOST_SLOTS, Math.floor(SLOT_TOKENS / tokens)));
}

/** Decides how much work one submit holds. Work is counted in micro-steps, of which a submit may hold a part. */
export class Pace {
	private millisecondsPerMicroStep: number;
	/** What was done since the last estimate: parts of a micro-step take unequal times. */
	private sum = { work: 0, milliseconds: 0 };

	/** @param flops of a micro-step */
	constructor(flops: number) {
		this.millisecondsPerMicroStep = flops / FIRST_SPEED;
	}

	/** Work for the next submit, in micro-steps. */
	get work(): number {
		return TARGET_MILLISECONDS / this.millisecondsPerMicroStep;
	}

	/** Takes in how long work took. Slower than thought counts at once, faster by at most a factor of four. */
	measured(work: number, milliseconds: number): void {
		this.sum.work += work;
		this.sum.milliseconds += milliseconds;
		if (this.sum.work < 0.999) return;
		const measured = this.sum.milliseconds / this.sum.work;
		this.millisecondsPerMicroStep = Math.max(measured, this.millisecondsPerMicroStep / 4, 1e-3);
		this.sum = { work: 0, milliseconds: 0 };
	}
}
