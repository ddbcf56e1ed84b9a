import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Batcher } from "../../src/worker/batcher.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

describe("Batcher", () => {
	it("delivers the first item at once, then at most one batch per interval, in order", () => {
		const batches: number[][] = [];
		const batcher = new Batcher<number>((items) => batches.push(items), 100);
		for (let i = 0; i < 30; i++) {
			batcher.push(i);
			vi.advanceTimersByTime(10);
		}
		vi.advanceTimersByTime(100);
		expect(batches[0]).toEqual([0]);
		expect(batches.length).toBeLessThanOrEqual(5);
		expect(batches.flat()).toEqual(Array.from({ length: 30 }, (_, i) => i));
	});

	it("delivers what waits when flushed, once", () => {
		const batches: string[][] = [];
		const batcher = new Batcher<string>((items) => batches.push(items), 100);
		batcher.push("a");
		batcher.push("b");
		void batcher.flush();
		void batcher.flush();
		vi.advanceTimersByTime(1000);
		expect(batches).toEqual([["a"], ["b"]]);
	});

	it("waits in a flush until what was delivered last has arrived", async () => {
		let arrive = () => {};
		const batcher = new Batcher<string>(() => new Promise<void>((resolve) => (arrive = resolve)), 100);
		batcher.push("a");
		let isOver = false;
		const flushed = batcher.flush().then(() => {
			isOver = true;
		});
		await vi.advanceTimersByTimeAsync(1000);
		expect(isOver).toBe(false);
		arrive();
		await flushed;
	});
});
