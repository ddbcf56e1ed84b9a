/** Collects items and delivers them in batches, in order, at most once per `interval` milliseconds. */
export class Batcher<T> {
	private items: T[] = [];
	private timer: ReturnType<typeof setTimeout> | null = null;
	private last = Number.NEGATIVE_INFINITY;
	private delivery: unknown;
	private readonly deliver: (items: T[]) => unknown;
	private readonly interval: number;

	/** @param deliver may return a promise that settles once the items have arrived */
	constructor(deliver: (items: T[]) => unknown, interval: number) {
		this.deliver = deliver;
		this.interval = interval;
	}

	push(item: T): void {
		this.items.push(item);
		const wait = this.last + this.interval - performance.now();
		if (wait <= 0) this.send();
		else this.timer ??= setTimeout(() => this.send(), wait);
	}

	/** Delivers pending items immediately, and waits until the last ones have arrived. */
	async flush(): Promise<void> {
		this.send();
		await this.delivery;
	}

	private send(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		if (this.items.length === 0) return;
		const items = this.items;
		this.items = [];
		this.last = performance.now();
		this.delivery = this.deliver(items);
	}
}
