import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { fitStudy } from "../src/analysis/fit-study.ts";
import { answer } from "../src/experiments/answers.ts";
import { presetNamed } from "../src/experiments/experiments.ts";
import { readRunLines } from "../src/run/run-lines.ts";
import { planOfRuns } from "../src/study/plan-of-runs.ts";
import { ENDS_MOVE, hasTheirPowers } from "./same-powers.ts";

// docs/findings.md quotes numbers of the runs in docs/findings: those that the analysis makes of them today.

const document = readFileSync("docs/findings.md", "utf8").replaceAll(/\s+/g, " ");
const files = readdirSync("docs/findings").filter((name) => name.endsWith(".jsonl.gz"));

const runsIn = (file: string) => readRunLines(gunzipSync(readFileSync(`docs/findings/${file}`)).toString()).results;

/** "minute-seeds-1-3.jsonl.gz" → "minute" */
const presetOf = (file: string) => presetNamed(file.replace(/(-seeds-[\d-]+)?\.jsonl\.gz$/, ""))!;

/** That the document has the sentence, but for what other powers move. */
function expectNear(sentence: string): void {
	const number = /\d+\.\d+/g;
	const form = sentence.split(number).map((text) => text.replaceAll(/[^\w ]/g, "\\$&"));
	const [found, ...stored] = new RegExp(form.join("(\\d+\\.\\d+)")).exec(document) ?? [];
	expect(found, sentence).toBeDefined();
	for (const [i, value] of sentence.match(number)!.entries())
		expect(Math.abs(Number(value) - Number(stored[i]))).toBeLessThanOrEqual(ENDS_MOVE * Number(value));
}

test.each([
	["minute", 2],
	["reconcile", 2],
])("%s was trained with %i sets of seeds", (preset, sets) => {
	expect(files.filter((file) => presetOf(file).id === preset).length).toBe(sets);
});

test.each(files)("%s holds the finished runs of its preset", async (file) => {
	const runs = runsIn(file);
	const { study } = presetOf(file);
	const seeds = [...new Set(runs.map(({ spec }) => spec.seed))];
	const plan = await planOfRuns({ ...study, seeds }, runs);
	expect(plan.runs.map(({ id }) => id).sort()).toEqual(runs.map(({ id }) => id).sort());
});

test.each(files.filter((file) => presetOf(file).study.experiment === "reconcile"))("the exponents of %s", (file) => {
	const { conventions } = fitStudy(runsIn(file));
	for (const { allocation } of [conventions.total, conventions.nonEmbedding]) {
		const [estimate, low, high] = [allocation.estimate!, allocation.low!, allocation.high!].map((x) => x.toFixed(3));
		expect(document).toContain(`${estimate} (${low} to ${high})`);
	}
});

test.each(files.filter((file) => presetOf(file).study.experiment !== "reconcile"))("the answer of %s", async (file) => {
	const runs = runsIn(file);
	const { sentence } = answer(await planOfRuns(presetOf(file).study, runs), runs)!;
	if (hasTheirPowers()) expect(document).toContain(sentence);
	else expectNear(sentence);
});
