import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StudyAnalysis } from "../../../src/analysis/method1/study-analysis.ts";
import { dataConstrainedLaw } from "../../../src/analysis/parametric-laws/data-constrained-law.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { runCommandLine } from "../../../src/node/command-line.ts";
import { folderNames } from "../../../src/node/commands/fit-figures.ts";
import type { FitReport } from "../../../src/node/commands/fit-report.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { bestAllocation, lossAt } from "../../../src/theory/loss-law.ts";
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

/**
 * Two experiments as other people's files have them: five budgets with nine sizes each, a factor 1.6 apart, of laws with
 * exponents a of 0.514 and 0.4, with noise of 0.2 %.
 */
async function writeStages(): Promise<string> {
	const rows = ["experiment,budget,C,N,loss"];
	for (const [stage, beta] of [
		["first", 0.367],
		["second", 0.2313],
	] as const)
		for (let b = 0; b < 5; b++)
			for (let i = 0; i < 9; i++) {
				const flops = 1e18 * 4 ** b;
				const law = { E: 1.8, A: 480, B: stage === "first" ? 2100 : 150, alpha: 0.347, beta };
				const N = 1.6 ** (i - 4) * bestAllocation(law, flops).parameters;
				const noise = 0.002 * normal(randomKey(1, stage), 9 * b + i);
				rows.push([stage, flops, flops, N, lossAt(law, N, flops / 6 / N) * Math.exp(noise)].join());
			}
	const file = join(folder, "stages.csv");
	await writeFile(file, rows.join("\n"));
	return file;
}

describe("a file of points", () => {
	let stages: string;
	beforeAll(async () => {
		stages = await writeStages();
	});

	test("every experiment of the file by all ways to a valley's minimum", async () => {
		const { json } = await isoflop("fit", stages, "--method", "2", "--interval", "0.95", "--json");
		expect(json.experiments.map(({ name }) => name)).toEqual(["first", "second"]);
		for (const [i, truth] of [0.514, 0.4].entries()) {
			const { points, method2, conventions } = json.experiments[i]!;
			expect(points).toMatchObject({ total: 45, budgets: 5 });
			expect(conventions).toEqual({ count: "total", flops: "column" });
			const { akima, noise } = method2!.variants;
			for (const { allocation } of [method2!, akima, noise])
				expect(Math.abs(allocation.estimate! - truth)).toBeLessThan(0.05);
			expect(noise.allocation.low!).toBeLessThan(truth);
			expect(noise.allocation.high!).toBeGreaterThan(truth);
		}
	});

	test("one experiment without its highest losses, with the bootstrap's spread and a prediction", async () => {
		const argv = ["--method", "3", "--where", "experiment=first", "--drop-highest", "3", "--at", "1e23", "--json"];
		const { json } = await isoflop("fit", stages, ...argv);
		expect(json.experiments).toHaveLength(1);
		const { method3, nextRuns, points } = json.experiments[0]!;
		expect(points.total).toBe(42);
		const { a } = method3!.parameters;
		expect(a!.low!).toBeLessThan(0.514);
		expect(a!.high!).toBeGreaterThan(0.514);
		expect(method3!.bootstrap).toMatchObject({ kind: "runs drawn with replacement", runs: 42 });
		const bca = method3!.bootstrap!.bca!.a!;
		expect(bca.low).toBeLessThan(a!.estimate);
		expect(bca.high).toBeGreaterThan(a!.estimate);
		const [at] = method3!.predictions;
		expect(at!.flops).toBe(1e23);
		expect(at!.run!.high - at!.run!.low).toBeGreaterThan(at!.loss!.high! - at!.loss!.low!);
		expect(at!.ratio.low!).toBeLessThan(at!.ratio.high!);
		expect(nextRuns![0]!.narrowing).toBeGreaterThan(0);
	});

	test("runs that see tokens again", async () => {
		const base = { E: 1.9, A: 520, B: 1490, alpha: 0.353, beta: 0.353 };
		const law = dataConstrainedLaw(base);
		const rows = [1e8, 4e8, 1.6e9, 6.4e9].flatMap((N) =>
			[1e9, 8e9].flatMap((U) =>
				[1, 3, 10, 40].map((epochs) => {
					const point = { run: "", parameters: N, tokens: epochs * U, uniqueTokens: U, flops: 0, loss: 0 };
					return [N, epochs * U, U, law.loss({ "R_D*": 12, "R_N*": 5 }, point), epochs > 1 ? 1 : 0].join();
				}),
			),
		);
		const file = join(folder, "repeated.csv");
		await writeFile(file, `N,D,U,loss,again\n${rows.join("\n")}`);
		const argv = ["--method", "data-constrained", "--where", "again=1", "--json"];
		const { json, code } = await isoflop("fit", file, ...argv);
		expect(code).toBe(0);
		expect(json.experiments[0]!.points.total).toBe(24);
		const { parameters } = json.experiments[0]!.dataConstrained!;
		expect(Math.abs(parameters["R_D*"]!.estimate / 12 - 1)).toBeLessThan(0.2);
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
		const rows = (await readFile(await writeStages(), "utf8")).split("\n").filter((row) => !row.startsWith("second"));
		// Of the third budget the upper half alone: its minimum lies below the smallest size.
		const file = join(folder, "cut.csv");
		await writeFile(file, rows.toSpliced(19, 5).join("\n"));
		const { printed } = await isoflop("fit", file, "--resamples", "50");
		const text = printed.join("\n");
		expect(printed).toContain("40 points, 40 runs, 40 sizes, 5 budgets; N: total, C: column");
		expect(text).toMatch(/^Method 2, parabola +0\.\d+ \(0\.\d+–0\.\d+\)/m);
		expect(text).toMatch(/^at \S+ FLOP, 90 % +N\* +D\*/m);
		expect(text).toMatch(/^Method 2: The budget of 1\.60e\+19 FLOP is left out: the minimum lies at or beyond/m);
		expect(text).not.toMatch(/NaN|undefined|Infinity/);
		expect(printed.filter((line) => line.length > 120)).toEqual([]);
		expect(new Set(printed.filter((line) => line !== "")).size).toBe(printed.filter((line) => line !== "").length);
		const [table, columns] = [text.indexOf("Method 1, crossings"), text.indexOf("Columns: ")];
		expect(table).toBeLessThan(columns);
	});
});

describe("arguments that cannot be: one line, exit code 2", () => {
	test.each([
		[
			["--method", "4"],
			'--method is "4"; it must be one of 1, 2, 3, kaplan, rosenfeld, data-constrained, all, or several with commas',
		],
		[["--count", "all"], '--count is "all"; it must be one of total, nonembedding, nonembedding+head'],
		[["--flops", "7nd"], '--flops is "7nd"; it must be one of 6nd, exact, '],
		[["--loss", "l2"], '--loss is "l2"; it must be one of huber, lad, log-mse, mse'],
		[["--delta", "0"], '--delta is "0"; it must be a number above 0 and at most 1000'],
		[["--resamples", "1.5"], '--resamples is "1.5"; it must be a whole number from 0 to 1,000,000'],
		[["--seed", "x"], '--seed is "x"; it must be a whole number from 0 to 4,294,967,295'],
		[["--interval", "1"], '--interval is "1"; it must be a number between 0 and 1'],
		[["--at", "1e20,lots"], '--at has "lots"; it must be FLOPs'],
		[["--where", "stage"], '--where has "stage"; it must be column=text, column!=text or column<number'],
		[["--map", "size=N"], '--map has "size=N"; it must be column=value, the column one of run, experiment, params,'],
		[["--units", "params=big"], '--units has "big"; it must be a number above 0, such as 1e9 for billions'],
		[["--tolerance", "2"], '--tolerance is "2"; it must be a number from 0 to 1, a share of the compute'],
		[["--base", "1,2"], '--base: "1,2" is not a law; it must be joint, published or five numbers E,A,B,alpha,beta'],
		[["--curve-points", "annealed"], '--curve-points is "annealed", but no row says that it is; a column annealed'],
		[["--drop-highest=-1"], '--drop-highest is "-1"; it must be a whole number'],
		[["--count", "nonembedding"], "--count nonembedding needs params_nonembedding, which line 2 does not have"],
	])("%j", async (argv, message) => {
		const { code, said } = await isoflop("fit", await writeStages(), ...argv);
		expect(said).toEqual([expect.stringContaining(message)]);
		expect(said[0]).not.toContain("\n");
		expect(code).toBe(2);
	});

	test("several files, several methods, conditions, other names and units", async () => {
		const rows = (await readFile(await writeStages(), "utf8")).trim().split("\n");
		const [header, ...all] = rows;
		const [one, two] = [join(folder, "one.csv"), join(folder, "two.csv")];
		const half = Math.floor(all.length / 2);
		await writeFile(one, [header, ...all.slice(0, half)].join("\n"));
		await writeFile(two, [header, ...all.slice(half)].join("\n"));
		const argv = ["--method", "2,3", "--count", "total", "--resamples", "0", "--json"];
		const [together, apart] = [
			await isoflop("fit", await writeStages(), ...argv),
			await isoflop("fit", one, two, ...argv),
		];
		expect(Object.keys(apart.json.experiments[0]!)).toEqual(expect.arrayContaining(["method2", "method3"]));
		expect(apart.json.experiments[0]).not.toHaveProperty("method1");
		expect(apart.json.experiments.map(({ method3 }) => method3!.estimate)).toEqual(
			together.json.experiments.map(({ method3 }) => method3!.estimate),
		);
		expect(apart.json.source.file).toBe(`${one}, ${two}`);
	});

	test("files of two kinds are not fitted together", async () => {
		const runs = join(folder, "kinds.jsonl");
		await writeFile(runs, `${JSON.stringify({ spec: {} })}\n`);
		expect(await isoflop("fit", runs, await writeStages())).toMatchObject({
			code: 2,
			said: ["isoflop: fit: some of the files hold runs and others points; give files of one kind"],
		});
	});

	test("a file with a fault is a failure that names it", async () => {
		const file = join(folder, "odd.csv");
		await writeFile(file, "N,D,loss\n1e6,1e8,3\n2e6,-1,2.9\n");
		const message = `${file}: line 3, column D: "-1" is not a positive number; it must be a number above 0 and at most 1e100`;
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

interface CsvRow {
	experiment: string;
	method: string;
	parameter: string;
	estimate: string;
	reason: string;
}

test("says how a file was read that is not plain UTF-8", async () => {
	const file = join(folder, "utf-16.csv");
	await writeFile(file, `\ufeff${await readFile(await writeStages(), "utf8")}`, "utf16le");
	const { json, said } = await isoflop("fit", file, "--resamples", "0", "--json");
	expect(json.source.rows).toBe(90);
	expect(said.join("\n")).toMatch(/utf-16\.csv: .*UTF-16/);
});

describe("a range of compute", () => {
	test("leaves out what lies outside, and says so", async () => {
		const stages = await writeStages();
		const { json } = await isoflop("fit", stages, "--resamples", "0", "--range", "1e18,2e19", "--json");
		const [first] = json.experiments;
		expect([first!.points.total, first!.points.budgets]).toEqual([27, 3]);
		expect(first!.notes).toContain("18 of 45 points are outside of the range of compute, and left out.");
	});

	test.each(["1e18;1e21", "2,1", "1,2,3", ",5", "a,b"])("refuses %s", async (range) => {
		const { code, said } = await isoflop("fit", await writeStages(), "--range", range);
		expect(code).toBe(2);
		expect(said.join()).toContain(`--range is "${range}"; it must be two FLOPs, the lower first`);
	});
});

describe("figures and CSV", () => {
	test("each experiment has a folder of its figures, and a line of every exponent", async () => {
		const stages = await writeStages();
		const [plot, csv] = [join(folder, "figures"), join(folder, "exponents.csv")];
		const { json } = await isoflop("fit", stages, "--resamples", "20", "--plot", plot, "--csv", csv, "--json");
		expect((await readdir(plot)).sort()).toEqual(["first", "second"]);
		// Without a crossing, there is no frontier whose loss could be drawn.
		const names = ["contours", "measured-losses", "parameters-by-method", "residuals"];
		expect((await readdir(join(plot, "first"))).sort()).toEqual(
			[...names, "tokens-by-method", "valleys"].map((name) => `${name}.svg`),
		);
		expect(await readFile(join(plot, "second", "valleys.svg"), "utf8")).toContain("5 of 5 budgets have a minimum");
		const { data } = Papa.parse<CsvRow>((await readFile(csv, "utf8")).trim(), { header: true });
		const { estimate } = json.experiments[1]!.method3!;
		const [row] = data.filter((row) => row.experiment === "second" && row.method === "Method 3");
		expect([row!.parameter, Number(row!.estimate)]).toEqual(["a", estimate]);
		const parameters = data.filter((row) => row.method === "Method 3").map((row) => row.parameter);
		expect(parameters).toContain("law α");
		// Whatever has no estimate says why.
		expect(data.filter(({ parameter, reason }) => (parameter === "") !== (reason !== ""))).toEqual([]);
		expect(data.some(({ method, parameter }) => method === "Method 1, crossings" && parameter === "")).toBe(true);
	});

	test("of runs, in both ways of counting", async () => {
		const plot = join(folder, "of-runs");
		const [runs, csv] = ["docs/findings/reconcile-seeds-4-6.jsonl.gz", join(folder, "fits.csv")];
		await isoflop("fit", runs, "--resamples", "20", "--plot", plot, "--csv", csv);
		expect((await readdir(plot)).sort()).toEqual(["frontier.svg", "rates.svg"]);
		expect(await readFile(csv, "utf8")).toMatch(/^rates,count,law,parameter/);
	});

	test("experiments whose names differ only in signs get folders of their own", () => {
		expect(folderNames(["a b", "a/b", "A-b", "..", null])).toEqual(["a-b", "a-b-2", "A-b-3", "experiment", ""]);
	});
});
