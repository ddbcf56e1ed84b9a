import { describe, expect, it } from "vitest";
import { initialProgress } from "../../../src/study/progress.ts";
import { rememberedSpeed, rememberSpeed } from "../../../src/ui/state/adapter-speed.ts";

function memoryOf(initial: Record<string, string> = {}) {
	const values = new Map(Object.entries(initial));
	return {
		getItem: (key: string) => values.get(key) ?? null,
		setItem: (key: string, value: string) => values.set(key, value),
	};
}

const trained = { flops: 1e9, dispatches: 1000, seconds: 10 };

describe("the speed of an adapter", () => {
	it("is unknown before its first study", () => {
		expect(rememberedSpeed(memoryOf(), "A")).toBeNull();
	});

	it("is that of its last study", () => {
		const memory = memoryOf();
		rememberSpeed(memory, "A", { ...initialProgress, trained });
		const { flopsPerSecond } = rememberedSpeed(memory, "A")!;
		expect(flopsPerSecond).toBeGreaterThan(0);
		rememberSpeed(memory, "A", { ...initialProgress, trained: { ...trained, flops: 2e9, dispatches: 2000 } });
		expect(rememberedSpeed(memory, "A")!.flopsPerSecond).toBeGreaterThan(flopsPerSecond);
		expect(rememberedSpeed(memory, "B")).toBeNull();
	});

	it("is not judged by a moment's training", () => {
		const memory = memoryOf();
		rememberSpeed(memory, "A", { ...initialProgress, trained: { flops: 1e9, dispatches: 10, seconds: 0.5 } });
		expect(rememberedSpeed(memory, "A")).toBeNull();
	});

	it.each(["{", "null", "[1]", '{"A":{"flopsPerSecond":-1}}', '{"A":3}'])("ignores stored nonsense: %s", (text) => {
		expect(rememberedSpeed(memoryOf({ "isoflop-speed": text }), "A")).toBeNull();
	});
});
