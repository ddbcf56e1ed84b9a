import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ScheduleComparison } from "../../../src/analysis/schedules/compare-schedules.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import type { Study } from "../../../src/study/study.ts";
import { planOf } from "../../experiments/fixtures.ts";
import { resultOf, studyWith } from "../../study/fixtures.ts";
import { isoflop } from "../isoflop.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-anneal-"));
});
afterAll(() => rm(folder, { recursive: true }));

const study = studyWith({
	corpora: ["sotu"],
	sizes: [{ width: 8, layers: 1, heads: 1 }],
	...{ learningRates: [0.01], seeds: [1, 2], ema: 0.99, tokens: [10_000, 20_000] },
	schedules: [{ kind: "constant" }, { kind: "cosine", floor: 0 }],
});

/** A study folder whose cosines end 0.1 lower than its constant rates, with these seeds. */
async function written(name: string, seeds = [1, 2], document: Study = study): Promise<string> {
	const path = join(folder, name);
	const { runs } = await planOf(document);
	const results = runs
		.filter(({ spec }) => seeds.includes(spec.seed))
		.map((run): RunResult => {
			const loss = 3 + 0.02 * run.spec.seed - (run.spec.schedule.kind === "cosine" ? 0.1 + 0.001 * run.spec.seed : 0);
			return { ...resultOf(run), validationLoss: loss, validationLossEma: 2.9 };
		});
	await mkdir(path);
	await writeFile(join(path, "study.json"), JSON.stringify(document));
	await writeFile(join(path, "runs.jsonl"), results.map(runLine).join(""));
	return path;
}

describe("isoflop anneal, of a folder", () => {
	test("prints a ranking for each budget", async () => {
		const { code, printed, said } = await isoflop("anneal", await written("both"));
		expect([code, said]).toEqual([0, []]);
		expect(printed).toEqual([
			"width 8, 1 layer, 1 head, 10.2K tokens of sotu; 90 % intervals, paired by seed:",
			expect.stringMatching(/^schedule +seeds +rank +loss +minus constant +averaged: rank +loss +minus constant$/),
			expect.stringMatching(
				/^cosine to 0 +2 +1 +2\.9285 +−0\.1015 \(−0\.1047 to −0\.0983\) +\d +2\.9000 +0 \(0 to 0\)$/,
			),
			expect.stringMatching(/^constant +2 +2 +3\.0300 +0 \(0 to 0\) +\d +2\.9000 +0 \(0 to 0\)$/),
			"",
			"width 8, 1 layer, 1 head, 20.5K tokens of sotu; 90 % intervals, paired by seed:",
			...Array.from({ length: 3 }, () => expect.any(String)),
		]);
	});

	test("takes another reference, and gives the same numbers as JSON and as a picture", async () => {
		const path = await written("reference");
		const plot = join(folder, "a.svg");
		const { code, json } = await isoflop("anneal", path, "--reference", "cosine to 0", "--json", "--plot", plot);
		expect(code).toBe(0);
		const { comparisons, missing } = json[0] as {
			comparisons: (ScheduleComparison & { tokens: number })[];
			missing: number;
		};
		expect(missing).toBe(0);
		expect(comparisons.map(({ tokens, reference }) => [tokens, reference])).toEqual([
			[10_240, "cosine to 0"],
			[20_480, "cosine to 0"],
		]);
		const constant = comparisons[0]!.standings.find(({ name }) => name === "constant")!;
		expect(constant.raw.difference.estimate).toBeCloseTo(0.1015, 12);
		const svg = await readFile(plot, "utf8");
		expect(svg).toContain("minus that of cosine to 0");
		expect(svg).toContain("width 8, 1 layer, 1 head: schedules compared");
	});

	test("says what one seed cannot tell, and what has not been trained", async () => {
		const { printed, said } = await isoflop("anneal", await written("one", [2]));
		expect(printed[2]).toContain("−0.1020 (no interval: one seed; an interval needs two)");
		expect(said).toEqual(["Note: 4 runs of 8 have not been trained; isoflop run does."]);
	});

	test("refuses what cannot be compared", async () => {
		const path = await written("refused");
		const refusals: [string[], string][] = [
			[["--reference", "linear"], '--reference is "linear"; it must be one of "constant", "cosine to 0"'],
			[["--out", "elsewhere"], `${path} is a folder, whose runs are there already; --out is for a study to train`],
		];
		for (const [options, message] of refusals) {
			const { code, said } = await isoflop("anneal", path, ...options);
			expect([code, said]).toEqual([2, [`isoflop: ${message}`]]);
		}
		const alone = await written("alone", [1], studyWith({ corpora: ["sotu"], learningRates: [0.01] }));
		for (const argument of [alone, join(alone, "study.json")])
			expect((await isoflop("anneal", argument)).said).toEqual([
				'isoflop: the study "test" has one schedule for each model and budget; a comparison needs two',
			]);
		await rm(join(path, "study.json"));
		expect((await isoflop("anneal", path)).said[0]).toContain("has no study.json beside it");
	});
});
