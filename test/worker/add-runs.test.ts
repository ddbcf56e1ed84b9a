import { describe, expect, it } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import { runLine } from "../../src/run/run-lines.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import { addRuns } from "../../src/worker/add-runs.ts";
import { fakeLab } from "../ui/fake-lab.ts";

const { training } = fakeLab({ stored: 3 });
const { runs } = await training.plan(presets[0]!.study);
const stored = await training.stored(runs.map(({ id }) => id));
const text = stored.map(runLine).join("");

function emptyStore() {
	const saved: RunResult[] = [];
	return {
		saved,
		load: async () => saved,
		async saveAll(results: readonly RunResult[]) {
			saved.push(...results);
		},
	};
}

describe("addRuns", () => {
	it("stores the runs of a file", async () => {
		const store = emptyStore();
		expect((await addRuns(store, text)).results).toEqual(stored);
		expect(store.saved).toEqual(stored);
	});

	it("refuses a run whose id is not the hash of its spec, and stores none", async () => {
		const store = emptyStore();
		const forged = text.replaceAll('"seed":1,', '"seed":2,');
		await expect(addRuns(store, forged)).rejects.toThrow(/^runs: run [0-9a-f]{16} has a spec whose hash is/);
		expect(store.saved).toEqual([]);
	});

	it("does not put a run that was stopped in the place of one that was not", async () => {
		const store = emptyStore();
		await addRuns(store, text);
		const why = { step: 1, bestRate: 0.1, behind: 1 };
		const stopped: RunResult = { ...stored[0]!, status: "stopped", validationLoss: null, stopped: why };
		await addRuns(store, runLine(stopped));
		expect(store.saved).toEqual(stored);
	});

	it("refuses files that hold no runs", async () => {
		await expect(addRuns(emptyStore(), "")).rejects.toThrow("runs: the file has no finished runs");
		await expect(addRuns(emptyStore(), '{"a":1}\n{"b":2}\n')).rejects.toThrow(/^line 1 is not a run/);
	});
});
