/** Collects items and delivers them in batches, in order, at most once per `interval` milliseconds. */
export class Batcher<T> {
	private items: T[] = [];
	private timer: ReturnType<typeof setTimeout> | null = null;
	private last = Number.NEGATIVE_INFINITY;
	private readonly deliver: (items: T[]) => void;
	private readonly interval: number;

	constructor(deliver: (items: T[]) => void, interval: number) {
		this.deliver = deliver;
		this.interval = interval;
	}

	push(item: T): void {
		this.items.push(item);
		const wait = this.last + this.interval - performance.now();
		if (wait <= 0) this.flush();
		else this.timer ??= setTimeout(() => this.flush(), wait);
	}

	/** Delivers pending items immediately. */
	flush(): void {
		if (this.timer !== null) clearTimeout(this.timer);
		this.timer = null;
		if (this.items.length === 0) return;
		const items = this.items;
		this.items = [];
		this.last = performance.now();
		this.deliver(items);
	}
}
