import { describe, expect, it, vi } from "vitest";
import { memoized } from "../../../src/ui/state/memoized.ts";
import { Store } from "../../../src/ui/state/store.ts";

describe("a store", () => {
	it("tells its listeners of changes, and of nothing else", () => {
		const store = new Store(1, (state, add: number) => state + add);
		const listener = vi.fn();
		const unsubscribe = store.subscribe(listener);
		store.dispatch(2);
		expect(store.state).toBe(3);
		store.dispatch(0);
		expect(listener).toHaveBeenCalledTimes(1);
		unsubscribe();
		store.dispatch(1);
		expect(listener).toHaveBeenCalledTimes(1);
	});

	it("survives a listener that leaves while it is told", () => {
		const store = new Store(0, (_, next: number) => next);
		const second = vi.fn();
		const leave = store.subscribe(() => leave());
		store.subscribe(second);
		store.dispatch(1);
		store.dispatch(2);
		expect(second).toHaveBeenCalledTimes(2);
	});
});

describe("a memoized function", () => {
	it("computes again when an argument is a different value", () => {
		const compute = vi.fn((a: number, b: object) => ({ a, b }));
		const selector = memoized(compute);
		const object = {};
		expect(selector(1, object)).toBe(selector(1, object));
		expect(selector(Number.NaN, object)).toBe(selector(Number.NaN, object));
		expect(selector(1, {})).toEqual({ a: 1, b: {} });
		expect(compute).toHaveBeenCalledTimes(3);
	});
});
