/** Seconds since it was started, pauses left out. */
export class Stopwatch {
	private readonly now: () => number;
	private begin: number;
	private pausedAt: number | null = null;

	/** @param now milliseconds since any moment */
	constructor(now: () => number = () => performance.now()) {
		this.now = now;
		this.begin = now();
	}

	get seconds(): number {
		return ((this.pausedAt ?? this.now()) - this.begin) / 1000;
	}

	pause(): void {
		this.pausedAt ??= this.now();
	}

	resume(): void {
		if (this.pausedAt !== null) this.begin += this.now() - this.pausedAt;
		this.pausedAt = null;
	}
}
