import { COUNTINGS, type Counting } from "../../architecture/counting.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { FitsAnswer, FitsApi } from "../../worker/protocol.ts";

/** Bootstrap resamples while runs are still training, and at rest. */
const RESAMPLES = { quick: 200, final: 1000 } as const;
/** While training, fits may take a fifth of one processor, and start this often at most, in milliseconds. */
const REST = 4;
const INTERVAL = 3000;

type Effort = keyof typeof RESAMPLES;

interface Request {
	results: readonly RunResult[];
	effort: Effort;
}

/**
 * Fits the finished runs by every method in every way of counting, the one that is shown first. Works on the latest request only;
 * what has been delivered before stays until it is replaced.
 */
export class FitsLoop {
	private readonly api: FitsApi;
	private readonly deliver: (answer: FitsAnswer) => void;
	private readonly interval: number;
	private waiting: Request | null = null;
	/** The last that was asked for. */
	private asked: Request | null = null;
	private shown: Counting = "total";
	private busy = false;
	private resets = 0;
	private wake = () => {};

	constructor(api: FitsApi, deliver: (answer: FitsAnswer) => void, interval = INTERVAL) {
		this.api = api;
		this.deliver = deliver;
		this.interval = interval;
	}

	/** Asks for the fits of these runs; the same array is taken to hold the same runs. Does nothing without runs. */
	request(results: readonly RunResult[], effort: Effort): void {
		const { asked } = this;
		if (results.length === 0) return;
		if (asked?.results === results && (asked.effort === effort || effort === "quick")) return;
		this.asked = { results, effort };
		this.waiting = this.asked;
		if (effort === "final") this.wake();
		if (!this.busy) void this.work();
	}

	/** What is shown is fitted first. */
	show(counting: Counting): void {
		this.shown = counting;
	}

	/** Drops what is under way or waiting. */
	reset(): void {
		this.resets++;
		this.waiting = null;
		this.asked = null;
		this.wake();
	}

	private async work(): Promise<void> {
		this.busy = true;
		while (this.waiting) {
			const { results, effort } = this.waiting;
			this.waiting = null;
			const start = performance.now();
			await this.fitAll(results, RESAMPLES[effort]);
			if (effort === "quick") await this.rest(Math.max(this.interval, REST * (performance.now() - start)));
		}
		this.busy = false;
	}

	/** Ends early where a newer request waits, but for what is shown. */
	private async fitAll(results: readonly RunResult[], resamples: number): Promise<void> {
		const { resets } = this;
		const left = new Set<Counting>(COUNTINGS);
		while (left.size > 0) {
			const counting = left.has(this.shown) ? this.shown : [...left][0]!;
			left.delete(counting);
			try {
				const answer = await this.api.fit([...results], counting, resamples);
				if (resets === this.resets) this.deliver(answer);
			} catch (error) {
				console.error("fits:", error);
			}
			if (this.waiting || resets !== this.resets) return;
		}
	}

	private rest(milliseconds: number): Promise<void> {
		if (this.waiting?.effort === "final") return Promise.resolve();
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, milliseconds);
			this.wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	}
}
