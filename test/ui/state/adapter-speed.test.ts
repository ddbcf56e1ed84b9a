import { describe, expect, it } from "vitest";
import { presets } from "../../../src/study/presets.ts";
import { initialProgress, reduceProgress } from "../../../src/study/progress.ts";
import { estimateSeconds, rememberSpeed } from "../../../src/ui/state/adapter-speed.ts";
import { fakeLab } from "../fake-lab.ts";

function memoryOf(initial: Record<string, string> = {}) {
	const values = new Map(Object.entries(initial));
	return {
		getItem: (key: string) => values.get(key) ?? null,
		setItem: (key: string, value: string) => values.set(key, value),
	};
}

async function planned() {
	const { plan } = await fakeLab().prepare(presets[0]!.study);
	return reduceProgress(initialProgress, { type: "planned", runs: plan.runs, stored: [], adapter: "A" });
}

describe("the speed of an adapter", () => {
	it("is unknown before its first study", async () => {
		expect(estimateSeconds(memoryOf(), "A", await planned())).toBeNull();
	});

	it("of one study gives the time of the next, on that adapter only", async () => {
		const memory = memoryOf();
		const progress = await planned();
		const trained = { flops: 1e9, dispatches: 1000, seconds: 10 };
		rememberSpeed(memory, "A", { ...progress, trained });
		const seconds = estimateSeconds(memory, "A", progress)!;
		expect(seconds).toBeGreaterThan(0);
		rememberSpeed(memory, "A", { ...progress, trained: { ...trained, flops: 2e9, dispatches: 2000 } });
		expect(estimateSeconds(memory, "A", progress)!).toBeLessThan(seconds);
		expect(estimateSeconds(memory, "B", progress)).toBeNull();
	});

	it("is not judged by a moment's training", async () => {
		const memory = memoryOf();
		const progress = await planned();
		rememberSpeed(memory, "A", { ...progress, trained: { flops: 1e9, dispatches: 10, seconds: 0.5 } });
		expect(estimateSeconds(memory, "A", progress)).toBeNull();
	});

	it.each(["{", "null", "[1]", '{"A":{"flopsPerSecond":-1}}', '{"A":3}'])(
		"ignores stored nonsense: %s",
		async (text) => {
			expect(estimateSeconds(memoryOf({ "isoflop-speed": text }), "A", await planned())).toBeNull();
		},
	);
});
