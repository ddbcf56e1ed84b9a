import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StudyAnalysis } from "../../../src/analysis/method1/study-analysis.ts";
import { runCommandLine } from "../../../src/node/command-line.ts";
import type { FitReport } from "../../../src/node/commands/fit-report.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { expected } from "../../analysis/reference-data.ts";
import { geometricSizes, LAW, syntheticRuns } from "../../analysis/synthetic-study.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-fit-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function isoflop(...argv: string[]) {
	const said: string[] = [];
	const printed: string[] = [];
	const json: unknown[] = [];
	const terminal = {
		json: (value: unknown) => json.push(value),
		print: (line: string) => printed.push(line),
		say: (line: string) => said.push(line),
		screen: null,
	};
	return { code: await runCommandLine(argv, terminal), said, printed, json: json[0] as FitReport };
}

const data = (name: string) => fileURLToPath(new URL(`../../../../shared/reference/data/${name}`, import.meta.url));

describe("published points, through the command line", () => {
	test("porian_rw: every stage of the file by noise-and-interpolate and by Akima's curve", async () => {
		const { json } = await isoflop(
			"fit",
			data("porian_isoflop_rw.csv"),
			"--method",
			"2",
			"--interval",
			"0.95",
			"--json",
		);
		const { stages } = expected("porian_rw");
		expect(json.experiments.map(({ name }) => name).sort()).toEqual(Object.keys(stages).sort());
		for (const { name, method2 } of json.experiments) {
			const { mine } = stages[name!];
			const { akima, noise } = method2!.variants;
			expect(Math.abs(akima.allocation.estimate! - mine.akima_argmin_OLS.a)).toBeLessThan(5e-4);
			expect(Math.abs(noise.allocation.estimate! - mine.noise_interp_bootstrap_weighted.a)).toBeLessThan(0.004);
			const [low, high] = mine.noise_interp_bootstrap_weighted.CI95;
			expect(Math.abs(noise.allocation.low! - low)).toBeLessThan(0.006);
			expect(Math.abs(noise.allocation.high! - high)).toBeLessThan(0.006);
		}
	});

	test("method3_epoch: the 240 points, with the bootstrap's spread", async () => {
		const argv = ["--method", "3", "--drop-highest", "5", "--interval", "0.8", "--at", "5.88e23", "--json"];
		const { json } = await isoflop("fit", data("epoch_chinchilla_points.csv"), ...argv);
		const { method3, nextRuns } = json.experiments[0]!;
		const { a } = method3!.parameters;
		expect(Math.abs(a!.estimate - 0.5139)).toBeLessThan(2e-5 + 5e-5);
		expect(Math.abs(method3!.objective!.value / 1.018274018e-3 - 1)).toBeLessThan(1e-6);
		// Published: an 80 % interval of width 0.0514.
		expect(Math.abs((a!.high! - a!.low!) / 0.0514 - 1)).toBeLessThan(0.1);
		expect(method3!.bootstrap).toMatchObject({ kind: "runs drawn with replacement", runs: 240 });
		const bca = method3!.bootstrap!.bca!.a!;
		expect(bca.low).toBeLessThan(a!.estimate);
		expect(bca.high).toBeGreaterThan(a!.estimate);
		const [at] = method3!.predictions;
		expect(at!.parameters.estimate / 7.302e10).toBeCloseTo(1, 1);
		expect(at!.run!.high - at!.run!.low).toBeGreaterThan(at!.loss!.high! - at!.loss!.low!);
		expect(at!.ratio.low!).toBeLessThan(at!.ratio.high!);
		expect(nextRuns![0]!.narrowing).toBeGreaterThan(0);
	});

	test("muennighoff: the 182 runs of the published fit", async () => {
		const argv = ["--method", "data-constrained", "--where", "in_fit_182=1", "--json"];
		const { json, code } = await isoflop("fit", data("muennighoff_runs.csv"), ...argv);
		expect(code).toBe(0);
		expect(json.experiments[0]!.points.total).toBe(182);
		expect(json.experiments[0]!.dataConstrained!.objective!.value).toBeLessThan(0.0158259353 * 1.0001);
	});
});

describe("the lab's runs", () => {
	const runs = syntheticRuns({ sizes: geometricSizes(5), seeds: 3, curveNoise: 0.003, pointNoise: 0.003, points: 60 });
	let file: string;
	beforeAll(async () => {
		file = join(folder, "runs.jsonl");
		await writeFile(file, runs.map((run, i) => runLine(resultOf(run, i))).join(""));
	});

	test("without further options: both conventions, as on the page", async () => {
		const { json, printed } = await isoflop("fit", file, "--json", "--resamples", "100");
		expect(printed).toEqual([]);
		expect((json as unknown as StudyAnalysis).conventions.total.allocation.resamples).toBeGreaterThan(90);
		expect((await isoflop("fit", file)).printed.join("\n")).toMatch(/^N\* ∝ C\^a/m);
	});

	test("by every method, from the runs and from the points of their curves alike", async () => {
		const truth = LAW.beta / (LAW.alpha + LAW.beta);
		const ofRuns = (await isoflop("fit", file, "--method", "all", "--resamples", "200", "--json")).json;
		const { method1, method2, method3 } = ofRuns.experiments[0]!;
		for (const fit of [method1!.allocation, method2!.allocation, method3!.parameters.a!]) {
			expect(fit.low!).toBeLessThan(truth);
			expect(fit.high!).toBeGreaterThan(truth);
		}
		const csv = join(folder, "curves.csv");
		const rows = runs.flatMap((run, i) =>
			run.curve.tokens.map((D, p) => [id(i), run.parameters.total, D, run.curve.loss[p]].join()),
		);
		await writeFile(csv, `run,params,tokens,loss\n${rows.join("\n")}`);
		const ofPoints = (await isoflop("fit", csv, "--resamples", "0", "--json")).json.experiments[0]!;
		expect(ofPoints.method1!.allocation.estimate).toBe(method1!.allocation.estimate);
		expect(ofPoints.method2!.allocation.estimate).toBe(method2!.allocation.estimate);
		expect(ofPoints.method3!.estimate).toBe(method3!.estimate);
		expect(ofPoints.method3!.low).toBeNull();
	});

	test("counted in other ways", async () => {
		for (const [count, flops] of [
			["nonembedding", "6nd"],
			["nonembedding+head", "exact"],
			["total", "exact-no-attention"],
		]) {
			const argv = ["--method", "1", "--count", count!, "--flops", flops!, "--resamples", "0", "--json"];
			const { json } = await isoflop("fit", file, ...argv);
			expect(json.experiments[0]!.conventions).toEqual({ count, flops });
			expect(json.experiments[0]!.method1!.allocation.estimate).toBeGreaterThan(0.3);
		}
		expect(await isoflop("fit", file, "--flops", "column")).toMatchObject({
			code: 2,
			said: [expect.stringContaining("--flops column needs flops")],
		});
	});
});

describe("as text", () => {
	test("a table of exponents, predictions, and what is left out", async () => {
		const { printed } = await isoflop("fit", data("epoch_isoflop_subset.csv"), "--resamples", "50");
		const text = printed.join("\n");
		expect(printed[0]).toBe("116 points, 116 runs, 81 sizes, 9 budgets; N: total, C: column");
		expect(text).toMatch(/^Method 2, parabola +0\.494 \(0\.\d+ to 0\.\d+\)/m);
		expect(text).toMatch(/^predictions, 90 % intervals +C +N\* +D\*/m);
		expect(text).toMatch(/^Method 2: The budget of 1\.00e\+20 FLOP is left out: the minimum lies at or beyond/m);
		expect(text).not.toMatch(/NaN|undefined|Infinity/);
	});
});

describe("arguments that cannot be: one line, exit code 2", () => {
	test.each([
		[["--method", "4"], '--method is "4"; it must be one of 1, 2, 3, kaplan, rosenfeld, data-constrained, all'],
		[["--count", "all"], '--count is "all"; it must be one of total, nonembedding, nonembedding+head'],
		[["--flops", "7nd"], '--flops is "7nd"; it must be one of 6nd, exact, '],
		[["--loss", "l2"], '--loss is "l2"; it must be one of huber, lad, log-mse, mse'],
		[["--delta", "0"], '--delta is "0"; it must be a number above 0 and at most 1000'],
		[["--resamples", "1.5"], '--resamples is "1.5"; it must be a whole number from 0 to 1,000,000'],
		[["--seed", "x"], '--seed is "x"; it must be a whole number from 0 to 4,294,967,295'],
		[["--interval", "1"], '--interval is "1"; it must be a number between 0 and 1'],
		[["--at", "1e20,lots"], '--at has "lots"; it must be FLOPs'],
		[["--where", "stage"], '--where has "stage"; it must be column=text'],
		[["--drop-highest=-1"], '--drop-highest is "-1"; it must be a whole number'],
		[["--count", "nonembedding"], "--count nonembedding needs params_nonembedding, which line 2 does not have"],
	])("%j", async (argv, message) => {
		const { code, said } = await isoflop("fit", data("epoch_isoflop_subset.csv"), ...argv);
		expect(said).toEqual([expect.stringContaining(message)]);
		expect(said[0]).not.toContain("\n");
		expect(code).toBe(2);
	});

	test("a file with a fault is a failure that names it", async () => {
		const file = join(folder, "odd.csv");
		await writeFile(file, "N,D,loss\n1e6,1e8,3\n2e6,-1,2.9\n");
		const message = `${file}: line 3, column D: "-1" is no positive number; it must be a number above 0 and at most 1e100`;
		expect(await isoflop("fit", file)).toMatchObject({ code: 1, said: [`isoflop: ${message}`] });
	});
});

const id = (i: number) => i.toString(16).padStart(16, "0");

function resultOf(run: ReturnType<typeof syntheticRuns>[number], i: number): RunResult {
	const tokens = Math.round(run.curve.tokens.at(-1)!);
	const ones = run.curve.tokens.map(() => 1);
	return {
		...run,
		id: id(i),
		status: "finished",
		spec: { ...run.spec, microBatchSequences: 64, validationSequences: 64 },
		adapter: "none",
		variants: {},
		tokens,
		flops: { total: 6 * run.parameters.total * tokens, nonEmbedding: 6 * run.parameters.nonEmbedding * tokens },
		measurements: { gradientNorm: ones, updateRatio: ones, noiseScale: [] },
		validationLoss: run.curve.loss.at(-1)!,
	};
}
