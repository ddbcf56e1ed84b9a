import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MEASURED } from "../../src/lessons/measured.ts";
import { planOfRuns } from "../../src/study/plan-of-runs.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { MEASURED_STUDIES } from "../../src/theory/measured-laws.ts";
import { makeMeasured, runsIn } from "./make-measured.ts";
import { bigramLoss, unigramLoss } from "./token-statistics.ts";

test("what lessons show is what the runs in docs say", async () => {
	const parts = Object.entries(await makeMeasured());
	// A line for each part: the numbers are not for reading.
	const text = `{\n${parts.map(([name, part]) => `"${name}": ${JSON.stringify(part)}`).join(",\n")}\n}\n`;
	await expect(text).toMatchFileSnapshot("../../src/lessons/measured.json");
});

test.each(["phases", "annealing"])("the runs of %s are those of its study", async (name) => {
	const runs = runsIn(`lessons/${name}`);
	const study = validateStudy(JSON.parse(readFileSync(`docs/lessons/${name}.study.json`, "utf8")));
	const plan = await planOfRuns(study, runs);
	expect(plan.runs.map(({ id }) => id).sort()).toEqual(runs.map(({ id }) => id).sort());
	if (name !== "phases") return;
	const samples: object = JSON.parse(readFileSync("docs/lessons/samples.json", "utf8"));
	expect(Object.keys(samples).sort()).toEqual(runs.map(({ id }) => id).sort());
});

test("the exponents are those that the lab plans with", () => {
	for (const { seeds, fits } of MEASURED.counting) {
		const { laws } = MEASURED_STUDIES.find(({ source }) =>
			source.endsWith(`reconcile-seeds-${seeds.replace(" to ", "-")}.jsonl.gz`),
		)!;
		for (const convention of ["total", "nonEmbedding"] as const) {
			const { exponent, low, high } = laws[convention];
			expect(fits[convention]).toMatchObject({ exponent, low, high });
		}
	}
});

test("counting single tokens and pairs gives the entropies of a text without surprises", () => {
	const train = Uint16Array.from({ length: 60_000 }, (_, i) => i % 3);
	expect(unigramLoss(train, train, 3)).toBeCloseTo(Math.log(3), 3);
	expect(bigramLoss(train, train, 3)).toBeCloseTo(0, 2);
	const coins = Uint16Array.from({ length: 4096 }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 17) & 1);
	expect(bigramLoss(coins, coins, 2)).toBeLessThan(unigramLoss(coins, coins, 2) + 0.01);
});
