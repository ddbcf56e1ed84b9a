import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runsToSetAside } from "../../../src/node/commands/hold-out-option.ts";
import { readForecast, writeForecast } from "../../../src/node/files/forecast-file.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { type Forecast, sealForecast } from "../../../src/study/forecast.ts";
import { heldOutRuns } from "../../../src/study/hold-out.ts";
import type { Plan } from "../../../src/study/plan.ts";
import { planStudy } from "../../../src/study/planner.ts";
import { lawRuns } from "../../experiments/law-runs.ts";
import { corpora, studyWith } from "../../study/fixtures.ts";
import { isoflop } from "../isoflop.ts";

const sizes = [8, 12, 16, 24, 32].map((width) => ({ width, layers: 2, heads: 2 }));

let folder: string;
let plan: Plan;
let results: RunResult[];
let heldOut: string[];
let forecast: Forecast;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-forecast-"));
	plan = await planStudy(studyWith({ sizes, steps: [1000], seeds: [1, 2], learningRates: [0.01] }), corpora);
	results = lawRuns(plan, { noise: 0.003 });
	heldOut = heldOutRuns(plan, "largest");
	const kept = results.filter(({ id }) => !heldOut.includes(id));
	forecast = await sealForecast(plan, "largest", kept, { now: new Date("2026-11-30T17:20:00Z"), resamples: 100 });
	await writeFile(join(folder, "study.json"), JSON.stringify(plan.study));
	await writeRuns(kept);
	await writeForecast(folder, forecast);
});
afterAll(() => rm(folder, { recursive: true }));

const writeRuns = (runs: readonly RunResult[]) => writeFile(join(folder, "runs.jsonl"), runs.map(runLine).join(""));

describe("isoflop forecast", () => {
	test("prints the sealed forecast, and judges it once the runs are there", async () => {
		const before = await isoflop("forecast", folder);
		expect(before).toMatchObject({ code: 0, said: [] });
		expect(before.printed[0]).toBe(
			"Sealed 30 Nov 2026, 17:20 UTC: 2 runs of the largest size set aside, predicted from 8 runs of the rest.",
		);
		const text = before.printed.join("\n");
		expect(text).toMatch(/N 34\.2K, D 512K +\d\.\d{3} \(\d\.\d{3}–\d\.\d{3}\)/);
		expect(text).toMatch(/lowest of all runs +\d\.\d{3} \(\d\.\d{3}–\d\.\d{3}\)/);
		expect(before.printed.at(-1)).toBe("None of the 2 runs set aside has finished yet.");

		await writeRuns(results);
		const { printed } = await isoflop("forecast", folder);
		expect(printed.slice(0, before.printed.length - 1)).toEqual(before.printed.slice(0, -1));
		const judged = printed.slice(before.printed.length - 1).join("\n");
		expect(judged).toMatch(/Closest over 2 runs is /);
		expect(judged.match(/, (inside|outside)/g)!.length).toBeGreaterThanOrEqual(9);
	});

	test("as JSON has every number, and as a picture the laws", async () => {
		await writeRuns(results);
		const plot = join(folder, "forecast.svg");
		const { json, code } = await isoflop("forecast", folder, "--json", "--plot", plot);
		expect(code).toBe(0);
		const { forecast: found, judgement } = json[0] as { forecast: Forecast; judgement: { runs: { run: string }[] } };
		expect(found.usedHash).toBe(forecast.usedHash);
		expect(found.laws.map(({ targets }) => targets)).toEqual(forecast.laws.map(({ targets }) => targets));
		expect(judgement.runs.map(({ run }) => run)).toEqual(heldOut);
		expect(await readFile(plot, "utf8")).toMatch(/<svg[\s\S]*Rosenfeld[\s\S]*came out/);
	});

	test("refuses other results, another study, a broken file and a folder without a forecast", async () => {
		await writeRuns(results.map((run) => ({ ...run, adapter: "another" })));
		expect(await isoflop("forecast", folder)).toMatchObject({
			code: 1,
			said: [expect.stringContaining("it belongs to other results")],
		});
		await writeRuns(results);
		await writeFile(join(folder, "study.json"), JSON.stringify({ ...plan.study, name: "other" }));
		expect(await isoflop("forecast", folder)).toMatchObject({
			code: 1,
			said: [expect.stringContaining('was sealed for another study, "test", than that of its folder, "other"')],
		});
		await writeFile(join(folder, "study.json"), JSON.stringify(plan.study));
		const bare = await mkdtemp(join(tmpdir(), "isoflop-no-forecast-"));
		await writeFile(join(bare, "runs.jsonl"), results.map(runLine).join(""));
		expect(await isoflop("forecast", bare)).toMatchObject({
			code: 2,
			said: [expect.stringContaining("has no forecast.json beside it; isoflop run with --hold-out seals one")],
		});
		await writeFile(join(bare, "forecast.json"), "{}");
		expect(await isoflop("forecast", bare)).toMatchObject({
			code: 1,
			said: [expect.stringMatching(/forecast\.json: the forecast's field "study" is not as it was sealed/)],
		});
		await rm(bare, { recursive: true });
	});

	test("a sealed file is read back as it was and never replaced", async () => {
		expect(await readForecast(folder, plan.study)).toEqual(forecast);
		await expect(writeForecast(folder, { ...forecast, sealedAt: "2027-01-01T00:00:00.000Z" })).rejects.toThrow(
			"forecast.json is there already; a sealed forecast is not replaced",
		);
		expect(await readForecast(folder, plan.study)).toEqual(forecast);
	});
});

describe("isoflop run --hold-out", () => {
	test("sets runs aside only while none of them has a result and nothing is sealed", () => {
		const kept = results.filter(({ id }) => !heldOut.includes(id));
		expect(runsToSetAside(plan, "largest", null, kept)).toEqual(heldOut);
		expect(runsToSetAside(plan, "largest", forecast, results)).toBeNull();
		expect(runsToSetAside(plan, null, null, results)).toBeNull();
		expect(() => runsToSetAside(plan, "largest", null, results)).toThrow("have their results already");
		expect(() => runsToSetAside(plan, "budget", forecast, results)).toThrow(
			"has a forecast sealed with --hold-out largest, and --hold-out is budget",
		);
	});

	test("names what it can be, and refuses a study that leaves too little before it opens a device", async () => {
		expect(await isoflop("run", "minute", "--hold-out", "some", "--out", join(folder, "none"))).toMatchObject({
			code: 2,
			said: ['isoflop: --hold-out is "some"; it must be one of largest, budget'],
		});
		expect(await isoflop("run", "smoke", "--hold-out", "largest", "--out", join(folder, "none"))).toMatchObject({
			code: 2,
			said: [expect.stringContaining("a law of parameters and tokens needs 3")],
		});
	});
});
