/** What was asked did not answer in time. It may still do so. */
export class NoAnswerError extends Error {
	override name = "NoAnswerError";
	/** Settles when the answer comes after all; never rejects. */
	readonly late: Promise<unknown>;

	constructor(subject: string, milliseconds: number, late: Promise<unknown>) {
		super(`${subject} did not answer within ${milliseconds / 1000} s`);
		this.late = late.catch(() => {});
	}
}

/**
 * Waits for an answer, but not for ever.
 *
 * @param subject what was asked, for the message
 * @throws NoAnswerError when there is none in time
 */
export async function answered<Answer>(asked: Promise<Answer>, subject: string, milliseconds: number): Promise<Answer> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const waited = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new NoAnswerError(subject, milliseconds, asked)), milliseconds);
	});
	try {
		return await Promise.race([asked, waited]);
	} finally {
		clearTimeout(timer);
	}
}

/** Asks something that may be silent: after the first time without an answer, nobody waits again until the answer comes. */
export class Patience {
	private silence: NoAnswerError | null = null;

	constructor(
		private readonly subject: string,
		private readonly milliseconds: number,
	) {}

	async wait<Answer>(asked: Promise<Answer>): Promise<Answer> {
		if (this.silence) {
			asked.catch(() => {});
			throw this.silence;
		}
		try {
			return await answered(asked, this.subject, this.milliseconds);
		} catch (error) {
			if (error instanceof NoAnswerError) {
				this.silence = error;
				void error.late.then(() => {
					this.silence = null;
				});
			}
			throw error;
		}
	}
}
