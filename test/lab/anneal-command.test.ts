import "../gpu/compile-faster.ts";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScheduleComparison } from "../../src/analysis/schedules/compare-schedules.ts";
import { readRunLines } from "../../src/run/run-lines.ts";
import { isoflop } from "../node/isoflop.ts";

test("isoflop anneal trains two schedules of one trunk and compares them; again, it trains nothing", async () => {
	const folder = await mkdtemp(join(tmpdir(), "isoflop-anneal-"));
	try {
		const file = join(folder, "study.json");
		await writeFile(
			file,
			JSON.stringify({
				...{ name: "two schedules", corpora: ["sotu"], vocabularies: [256], context: 16, steps: [80] },
				...{ sizes: [{ width: 8, layers: 1, heads: 2 }], learningRates: [0.02], seeds: [1, 2], batchSequences: [32] },
				...{ validationSequences: 64, ema: 0.9 },
				schedules: [{ kind: "constant" }, { kind: "wsd", cooldownShare: 0.5, cooldown: "linear" }],
			}),
		);
		const out = join(folder, "out");
		const first = await isoflop("anneal", file, "--out", out, "--json", "--no-weights");
		expect(first.code).toBe(0);
		const { comparisons } = first.json[0] as { comparisons: ScheduleComparison[] };
		expect(comparisons).toHaveLength(1);
		const [comparison] = comparisons;
		expect(comparison!.reference).toBe("constant");
		for (const { raw, averaged, seeds } of comparison!.standings) {
			expect(seeds).toBe(2);
			expect(raw.loss).toBeLessThan(4.5);
			expect(averaged!.loss).toBeLessThan(4.5);
		}
		const lines = await readFile(join(out, "runs.jsonl"), "utf8");
		const [constant, wsd] = ["constant", "wsd"].map(
			(kind) => readRunLines(lines).results.find(({ spec }) => spec.schedule.kind === kind && spec.seed === 1)!,
		);
		// The trunk is the same run to the last bit until the rate falls.
		const shared = constant!.curve.tokens.filter((tokens) => tokens <= 40 * 512).length;
		expect(shared).toBeGreaterThan(20);
		expect(wsd!.curve.loss.slice(0, shared)).toEqual(constant!.curve.loss.slice(0, shared));
		expect(wsd!.validationLoss).not.toBe(constant!.validationLoss);
		const again = await isoflop("anneal", file, "--out", out, "--json", "--no-weights");
		expect(again.json).toEqual(first.json);
		expect(await readFile(join(out, "runs.jsonl"), "utf8")).toBe(lines);
	} finally {
		await rm(folder, { recursive: true });
	}
});
