import { describe, expect, test } from "vitest";
import { type FitPointsOptions, fitPoints } from "../../../src/analysis/fit-points.ts";
import { METHOD_IDS } from "../../../src/analysis/methods/registry.ts";
import { parseCondition } from "../../../src/analysis/points/conditions.ts";
import { countPoints, defaultConventions } from "../../../src/analysis/points/conventions.ts";
import { readPoints } from "../../../src/analysis/points/points-file.ts";
import { preparePoints } from "../../../src/analysis/points/prepare-points.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";

const HEADER = "run,params,params_nonembedding,tokens,flops,loss";
const read = (...lines: string[]) => readPoints([HEADER, ...lines].join("\n"));

describe("a file that cannot be", () => {
	test.each([
		["nothing", "", "the file is empty; it needs a header line and a row for each point"],
		["a header alone", HEADER, "the file has a header and no rows; it needs a row for each point"],
		[
			"no loss",
			"run,params,tokens\na,1,2",
			"there is no column of losses (loss, validation_loss, val_loss, eval_loss,",
		],
		[
			"no parameters",
			"tokens,loss\n1,2",
			"there is no column of parameters (params, parameters, params_total, total_params,",
		],
		["neither tokens nor compute", "N,loss\n1,2", "there is no column of tokens or compute (tokens, training_tokens,"],
		[
			"one column twice",
			"N,N,D,loss\n1,1,1,2",
			'the header has two columns of params, "N" and "N"; each may appear once',
		],
		["a short row", `${HEADER}\na,1,1,2`, "line 2 has 4 cells; the header has 6"],
		[
			"negative tokens",
			`${HEADER}\na,1,1,5,6,2\na,1,1,-5,6,2`,
			'line 3, column tokens: "-5" is not a positive number; it must',
		],
		[
			"NaN parameters",
			"N,D,loss\nNaN,1,2",
			'line 2, column N: "NaN" is not a positive number; it must be a number above 0',
		],
		["words", `${HEADER}\na,big,1,2,3,4`, 'line 2, column params: "big" is not a positive number'],
		["a negative loss", `${HEADER}\na,1,1,2,3,-4`, 'line 2, column loss: "-4" is not a positive number'],
		[
			"no parameters in a row",
			`${HEADER}\na,,,2,3,4`,
			"line 2, column params: the cell is empty; each row needs its parameters",
		],
		["an open quote", `${HEADER}\n"a,1,1,2,3,4`, "a quoted field is not closed"],
	])("%s", (_, text, message) => {
		expect(() => readPoints(text)).toThrow(message);
	});

	test("a condition on no column, or on none of its texts", () => {
		expect(() => readPoints("N,D,loss\n1,2,3", { where: [parseCondition("stage=1")!] })).toThrow(
			'there is no column "stage"; the columns are N, D, loss',
		);
		expect(() => readPoints("N,D,loss,stage\n1,2,3,2", { where: [parseCondition("stage=1")!] })).toThrow(
			"no row has stage = 1",
		);
	});
});

describe("a file of points", () => {
	test("D or C is filled in; rows group by run, or stand alone", () => {
		const { rows } = read("a,10,4,100,,3", "a,10,4,,1200,2.5").experiments[0]!;
		expect(rows.map(({ run, tokens, flops }) => [run, tokens, flops])).toEqual([
			["a", 100, null],
			["a", 20, 1200],
		]);
		expect(countPoints(rows, { count: "total", flops: "6nd" }).map(({ flops }) => flops)).toEqual([6000, 1200]);
		expect(readPoints("N,D,loss\n1,2,3").experiments[0]!.rows[0]!.run).toBe("line 2");
	});

	test("rows without a loss and repeated rows are left out and said to be", () => {
		const file = read(
			"a,10,4,100,6000,3",
			"a,10,4,200,12000,NaN",
			"b,10,4,100,6000,3",
			"a,10,4,100,6000,3",
			"",
			"c,1,1,1,6,",
		);
		expect(file.rows).toBe(5);
		expect(file.experiments[0]!.rows).toHaveLength(2);
		expect(file.leftOut).toEqual([
			{ line: 3, reason: "it has no loss: the run diverged, or was not measured" },
			{ line: 5, reason: "it repeats line 2, which counts once" },
			{ line: 7, reason: "it has no loss: the run diverged, or was not measured" },
		]);
	});

	test("columns by the names that other people's files give them; experiments, conditions and the highest losses", () => {
		const epoch = readPoints("N,C,loss,svg_x\n1e8,6e18,3.5,0\n2e8,6e18,5,1\n4e8,6e18,3.25,2\n8e8,6e18,4,3", {
			dropHighest: 2,
		});
		expect(Object.entries(epoch.columns).map(([column, { name }]) => [column, name])).toEqual([
			["params", "N"],
			["flops", "C"],
			["loss", "loss"],
		]);
		expect(epoch.experiments[0]!.rows.map(({ line, total, flops }) => [line, total, flops])).toEqual([
			[2, 1e8, 6e18],
			[4, 4e8, 6e18],
		]);
		expect(epoch.leftOut.map(({ line }) => line)).toEqual([3, 5]);
		const stages = readPoints(
			"dataset,experiment,flops,n,tokens,loss\nrw,1_a,6,1,1,4\nrw,2_b,12,2,1,3\nrw,1_a,24,4,1,3.5",
		);
		expect(stages.experiments.map(({ name, rows }) => [name, rows.map(({ line }) => line)])).toEqual([
			["1_a", [2, 4]],
			["2_b", [3]],
		]);
		const repeated = "run,N,D,U,loss,in_fit\na,1e9,3.2e10,4e9,2.7,1\nb,1e9,4e10,4e9,2.6,0\nc,2e9,4e10,8e9,2.5,1";
		const chosen = readPoints(repeated, { where: [parseCondition("in_fit=1")!] });
		expect(chosen.experiments[0]!.rows.map(({ run }) => run)).toEqual(["a", "c"]);
		expect(chosen.experiments[0]!.rows[0]).toMatchObject({ total: 1e9, tokens: 3.2e10, uniqueTokens: 4e9, loss: 2.7 });
	});

	test("semicolons, quotes with line ends, and a byte order mark", () => {
		const file = readPoints('\uFEFFrun;N;D;loss\n"a\nb";1;2;3\nc;4;5;6\n');
		expect(file.experiments[0]!.rows.map(({ line, run }) => [line, run])).toEqual([
			[2, "a\nb"],
			[4, "c"],
		]);
	});
});

describe("conventions", () => {
	const shape = "params,params_nonembedding,tokens,flops,loss,width,layers,vocabulary,context";
	const { rows } = readPoints(`${shape}\n1000,400,50,7e5,3,8,2,50,16`).experiments[0]!;
	const flops = (count: "total" | "nonembedding" | "nonembedding+head", rule: never) =>
		countPoints(rows, { count, flops: rule })[0]!;

	test.each([
		["total", "6nd", 1000, 6 * 1000 * 50],
		["nonembedding", "6nd", 400, 6 * 400 * 50],
		["nonembedding+head", "6nd", 800, 6 * 800 * 50],
		["total", "column", 1000, 7e5],
		["nonembedding", "exact", 400, 50 * 3 * (2 * 24 * 64 + 2 * 2 * 8 * 17 + 2 * 8 * 50)],
		["nonembedding", "exact-no-attention", 400, 50 * 3 * (2 * 24 * 64 + 2 * 8 * 50)],
		["nonembedding", "exact-no-head", 400, 50 * 3 * (2 * 24 * 64 + 2 * 2 * 8 * 17)],
		["nonembedding", "exact-no-attention-no-head", 400, 50 * 3 * 2 * 24 * 64],
	] as const)("%s, %s", (count, rule, parameters, expected) => {
		expect(flops(count, rule as never)).toMatchObject({ parameters, tokens: 50, flops: expected });
	});

	test("the file's own compute goes with its own count", () => {
		expect(defaultConventions(rows)).toEqual({ count: "total", flops: "column" });
		expect(defaultConventions(rows, { count: "nonembedding" })).toEqual({ count: "nonembedding", flops: "6nd" });
		const own = readPoints("params_nonembedding,flops,loss\n1,2,3").experiments[0]!.rows;
		expect(defaultConventions(own)).toEqual({ count: "nonembedding", flops: "column" });
	});

	test("what a row lacks is named", () => {
		const plain = readPoints("N,D,loss\n1,2,3").experiments[0]!.rows;
		const count = (conventions: Parameters<typeof countPoints>[1]) => () => countPoints(plain, conventions);
		expect(count({ count: "nonembedding", flops: "6nd" })).toThrow(
			"--count nonembedding needs params_nonembedding, which line 2",
		);
		expect(count({ count: "total", flops: "exact" })).toThrow(
			"--flops exact needs width, layers, vocabulary and context",
		);
		expect(count({ count: "total", flops: "column" })).toThrow(
			"--flops column needs flops, which line 2 does not have",
		);
	});
});

describe("fits of odd points: no NaN, and reasons", () => {
	const options = {
		...({
			methods: METHOD_IDS,
			loss: "huber",
			delta: 1e-3,
			resamples: 20,
			seed: 1,
			interval: 0.9,
			noise: 0.002,
		} as const),
		...{ vocabulary: 256, at: [] },
	};
	const fit = (text: string, more: Partial<FitPointsOptions> = {}) => {
		const { rows } = readPoints(text).experiments[0]!;
		return fitPoints(preparePoints(countPoints(rows, defaultConventions(rows))), { ...options, ...more });
	};
	const finite = (value: unknown) =>
		JSON.stringify(value, (_, v) => {
			if (typeof v === "number" && !Number.isFinite(v)) throw new Error(`${v} in the output`);
			return v;
		});

	test.each([
		["one point", "N,D,loss\n1e6,1e8,3"],
		["two points", "N,D,loss\n1e6,1e8,3\n2e6,1e8,2.9"],
		[
			"one size",
			`run,N,D,loss\n${Array.from({ length: 20 }, (_, i) => `a,1e6,${1e6 * (i + 1)},${3 + 1 / (i + 1)}`).join("\n")}`,
		],
		[
			"equal losses",
			`N,D,loss\n${Array.from({ length: 30 }, (_, i) => `${1e6 * ((i % 5) + 1)},${1e8 * (i + 1)},3`).join("\n")}`,
		],
		[
			"huge and tiny",
			`N,D,loss\n${Array.from({ length: 30 }, (_, i) => `1e${i},1e${60 - i},${1e-50 * (i + 1)}`).join("\n")}`,
		],
	])("%s", (_, text) => {
		const analysis = fit(text);
		finite(analysis);
		for (const each of [analysis.method1!.allocation, analysis.method2!.allocation])
			if (each.estimate === null) expect(each.reason).not.toBe("");
	});

	test("two points determine nothing, and say what they lack", () => {
		const { method1, method2, method3, kaplan } = fit("N,D,loss\n1e6,1e8,3\n2e6,1e8,2.9");
		for (const each of [method1!.allocation, method2!.allocation, method3!, kaplan!]) {
			expect(each.estimate).toBeNull();
			expect(each.reason).toMatch(/\d|no/);
		}
	});

	test("a million rows", { timeout: 120_000 }, () => {
		const key = randomKey(1, "rows");
		const lines = Array.from({ length: 1e6 }, (_, i) => {
			const N = 1e6 * 1.0001 ** (i % 50_000);
			const D = 1e8 * 1.4 ** (i % 21);
			return `${N},${D},${(1.7 + 400 * N ** -0.34 + 400 * D ** -0.28) * (1 + 0.01 * normal(key, i))}`;
		});
		const analysis = fit(`N,D,loss\n${lines.join("\n")}`, { methods: ["1", "2", "3"], resamples: 3 });
		finite(analysis);
		expect(analysis.method3!.parameters.a!.estimate).toBeCloseTo(0.28 / 0.62, 1);
		expect(JSON.stringify(analysis).length).toBeLessThan(2e7);
	});
});
