import { afterEach, expect, it, vi } from "vitest";
import { localMemory } from "../../../src/ui/parts/local-memory.ts";

afterEach(() => vi.unstubAllGlobals());

/** The global `localStorage`, or a browser that refuses to name it. */
function stub(storage: Partial<Storage> | null): void {
	vi.unstubAllGlobals();
	if (storage) return void vi.stubGlobal("localStorage", storage);
	vi.stubGlobal("localStorage", undefined);
	Object.defineProperty(globalThis, "localStorage", {
		configurable: true,
		get() {
			throw new DOMException("Access is denied for this document.", "SecurityError");
		},
	});
}

it("is the browser's storage where that works", () => {
	const values = new Map<string, string>();
	stub({
		getItem: (key) => values.get(key) ?? null,
		setItem: (key, value) => void values.set(key, value),
		removeItem: (key) => void values.delete(key),
	});
	localMemory.setItem("a", "1");
	expect([...values]).toEqual([["a", "1"]]);
	expect(localMemory.getItem("a")).toBe("1");
	localMemory.removeItem("a");
	expect(values.size).toBe(0);
	expect(localMemory.getItem("a")).toBeNull();
});

it("lasts as long as the tab where a site's data is blocked", () => {
	stub(null);
	expect(localMemory.getItem("b")).toBeNull();
	localMemory.setItem("b", "2");
	expect(localMemory.getItem("b")).toBe("2");
	localMemory.removeItem("b");
	expect(localMemory.getItem("b")).toBeNull();
});

it("shows the newest value where the storage is full", () => {
	stub({
		getItem: () => "old",
		setItem() {
			throw new DOMException("", "QuotaExceededError");
		},
	});
	localMemory.setItem("c", "new");
	expect(localMemory.getItem("c")).toBe("new");
});
