import "../gpu/compile-faster.ts";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ScheduleComparison } from "../../src/analysis/schedules/compare-schedules.ts";
import { readRunLines } from "../../src/run/run-lines.ts";
import { isoflop } from "../node/isoflop.ts";

test("isoflop anneal trains schedules of shared trunks, a fork too, and compares them; again, it trains nothing", async () => {
	const folder = await mkdtemp(join(tmpdir(), "isoflop-anneal-"));
	try {
		const file = join(folder, "study.json");
		await writeFile(
			file,
			JSON.stringify({
				...{ name: "two schedules", corpora: ["sotu"], vocabularies: [256], context: 16, steps: [80] },
				...{ sizes: [{ width: 8, layers: 1, heads: 2 }], learningRates: [0.02], seeds: [1, 2], batchSequences: [32] },
				...{ validationSequences: 64, ema: 0.9 },
				schedules: [
					{ kind: "constant" },
					{ kind: "wsd", cooldownShare: 0.5, cooldown: "linear" },
					{ kind: "cosine", floor: 0.1 },
					{ kind: "cosine", floor: 0.1, tail: { afterShare: 0.5, cooldown: "1-sqrt" } },
				],
			}),
		);
		const out = join(folder, "out");
		const first = await isoflop("anneal", file, "--out", out, "--json", "--no-weights");
		expect(first.code).toBe(0);
		const { comparisons } = first.json[0] as { comparisons: ScheduleComparison[] };
		expect(comparisons).toHaveLength(1);
		const [comparison] = comparisons;
		expect(comparison!.reference).toBe("constant");
		expect(comparison!.standings.map(({ name }) => name).sort()).toEqual([
			...["WSD, last 50 % linear to 0", "constant", "cosine to 10 %", "cosine to 10 %, forked at 50 %, 1−√ to 0"],
		]);
		for (const { raw, averaged, seeds } of comparison!.standings) {
			expect(seeds).toBe(2);
			expect(raw.loss).toBeLessThan(4.5);
			expect(averaged!.loss).toBeLessThan(4.5);
		}
		const lines = await readFile(join(out, "runs.jsonl"), "utf8");
		const [constant, wsd, cosine, fork] = ["constant", "wsd", "cosine", "fork"].map(
			(name) =>
				readRunLines(lines).results.find(
					({ spec: { seed, schedule } }) => seed === 1 && (schedule.tail ? "fork" : schedule.kind) === name,
				)!,
		);
		// The trunk is the same run to the last bit until the rate falls otherwise.
		const shared = constant!.curve.tokens.filter((tokens) => tokens <= 40 * 512).length;
		expect(shared).toBeGreaterThan(20);
		for (const [branch, trunk] of [
			[wsd, constant],
			[fork, cosine],
		]) {
			expect(branch!.curve.loss.slice(0, shared)).toEqual(trunk!.curve.loss.slice(0, shared));
			expect(branch!.validationLoss).not.toBe(trunk!.validationLoss);
		}
		const again = await isoflop("anneal", file, "--out", out, "--json", "--no-weights");
		expect(again.json).toEqual(first.json);
		expect(await readFile(join(out, "runs.jsonl"), "utf8")).toBe(lines);
	} finally {
		await rm(folder, { recursive: true });
	}
});
