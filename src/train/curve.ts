import type { LossCurve } from "../study/run-result.ts";

/** A point of the loss curve stands for the steps since the last, at least this much further on. */
const RATIO = 1.06;

/** Gathers a run's loss at every step into about forty points for each tenfold of tokens. */
export class CurveBuilder {
	readonly curve: LossCurve = { tokens: [], loss: [] };
	private steps = 0;
	private edge = 1;
	private sumTokens = 0;
	private sumLoss = 0;
	private count = 0;

	/**
	 * Adds the loss of the next step.
	 *
	 * @param tokens training tokens up to and including that step
	 * @returns the point that this step completes, if it does
	 */
	add(tokens: number, loss: number): { tokens: number; loss: number } | undefined {
		this.steps++;
		this.sumTokens += tokens;
		this.sumLoss += loss;
		this.count++;
		return this.steps >= this.edge ? this.close() : undefined;
	}

	/** Closes the last point, where steps are left for it. */
	close(): { tokens: number; loss: number } | undefined {
		if (this.count === 0) return undefined;
		const point = { tokens: this.sumTokens / this.count, loss: this.sumLoss / this.count };
		this.curve.tokens.push(point.tokens);
		this.curve.loss.push(point.loss);
		this.edge = Math.max(this.steps + 1, Math.ceil(this.steps * RATIO));
		this.sumTokens = 0;
		this.sumLoss = 0;
		this.count = 0;
		return point;
	}
}
