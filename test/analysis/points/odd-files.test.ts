import { describe, expect, test } from "vitest";
import { type FitPointsOptions, fitPoints } from "../../../src/analysis/fit-points.ts";
import type { Column } from "../../../src/analysis/points/column-names.ts";
import { parseCondition } from "../../../src/analysis/points/conditions.ts";
import { countPoints, defaultConventions } from "../../../src/analysis/points/conventions.ts";
import { implausible } from "../../../src/analysis/points/plausibility.ts";
import { type ReadOptions, readPoints } from "../../../src/analysis/points/points-file.ts";
import { preparePoints } from "../../../src/analysis/points/prepare-points.ts";

const LAW = { E: 1.8, A: 480, B: 2100, alpha: 0.35, beta: 0.37 };
const TRUTH = LAW.beta / (LAW.alpha + LAW.beta);
const options: FitPointsOptions = {
	...{ methods: ["3"], loss: "huber", delta: 1e-3, resamples: 0, seed: 42, interval: 0.9, noise: null },
	...{ vocabulary: 32_000, at: [] },
};

/** An exact grid of runs, which any right reading gives the exponent of. */
const runs = [1e8, 3e8, 1e9, 3e9, 1e10].flatMap((N) =>
	[1e9, 4e9, 1.6e10, 6.4e10].map((D) => ({ N, D, L: LAW.E + LAW.A * N ** -LAW.alpha + LAW.B * D ** -LAW.beta })),
);
type Run = (typeof runs)[number];

const lines = (row: (run: Run, i: number) => string) => runs.map(row).join("\n");
const csv = (header: string, row: (run: Run, i: number) => string) => `${header}\n${lines(row)}`;
const german = (value: number) => String(value).replace(".", ",");
const grouped = (value: number) => `"${value.toLocaleString("en-US")}"`;
const json = (run: Run) => ({ config: { n_params: run.N }, tokens: run.D, "val/loss": run.L });

/** Each odd file, and the options it needs. */
const RIGHT: [string, string, ReadOptions?][] = [
	["plain", csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L}`)],
	["semicolons and decimal commas", csv("params;tokens;loss", ({ N, D, L }) => `${N};${D};${german(L)}`)],
	["Excel's sep=", `sep=;\n${csv("params;tokens;loss", ({ N, D, L }) => `${N};${D};${L}`)}`],
	["tabs", csv("params\ttokens\tloss", ({ N, D, L }) => `${N}\t${D}\t${L}`)],
	["bars", csv("params | tokens | loss", ({ N, D, L }) => `${N} | ${D} | ${L}`)],
	[
		"comments and blank lines",
		`# from a paper\n\n# N, D, L\n${csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L}`)}\n\n`,
	],
	["Windows line ends", csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L}`).replaceAll("\n", "\r\n")],
	["a byte order mark", `\uFEFF${csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L}`)}`],
	["suffixes", csv("model_size,tokens,loss", ({ N, D, L }) => `${N / 1e6}M,${D / 1e9}B,${L}`)],
	["commas between thousands", csv("params,tokens,loss", ({ N, D, L }) => `${grouped(N)},${grouped(D)},${L}`)],
	["units in names", csv("params (B),Training Tokens (billions),loss", ({ N, D, L }) => `${N / 1e9},${D / 1e9},${L}`)],
	[
		"units given",
		csv("N,D,loss", ({ N, D, L }) => `${N / 1e9},${D / 1e6},${L}`),
		{ units: { params: 1e9, tokens: 1e6 } },
	],
	["exaFLOP", csv("N,compute [EFLOP],loss", ({ N, D, L }) => `${N},${(6 * N * D) / 1e18},${L}`)],
	["bits per token", csv("N,D,loss (bits)", ({ N, D, L }) => `${N},${D},${L / Math.LN2}`)],
	["FLOPs per token", csv("N_total,tokens,flops_per_token,loss", ({ N, D, L }) => `${N},${D},${6 * N},${L}`)],
	["names of other projects", csv("num_params,tokens_seen,eval/loss", ({ N, D, L }) => `${N},${D},${L}`)],
	[
		"wandb's history",
		csv("Name,_step,config.size,val/loss", ({ N, D, L }, i) => `r${i},${D / 65536},${N},${L}`),
		{
			map: { params: "config.size", tokens: "_step" },
			units: { tokens: 65536 },
		},
	],
	["a mapped name in other case", csv("Size,D,loss", ({ N, D, L }) => `${N},${D},${L}`), { map: { params: "size" } }],
	["a JSON array", JSON.stringify(runs.map(json)), { map: { params: "config.n_params" } }],
	["JSON lines", lines((run) => JSON.stringify(json(run))), { map: { params: "config.n_params" } }],
	["a row of 0 tokens", `${csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L}`)}\n1e8,0,11`],
	["rows without a loss", `${csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L}`)}\n1e8,1e9,NaN\n1e8,1e9,`],
	[
		"conditions",
		`${csv("Stage,N,D,loss", ({ N, D, L }) => `main,${N},${D},${L}`)}\npilot,1e8,1e9,9\nmain,1e8,1e9,8.5`,
		{ where: [parseCondition("stage!=pilot")!, parseCondition("loss<8")!, parseCondition("N>=1E8")!] },
	],
	[
		"two losses, one of them chosen",
		csv("N,D,loss,val_loss", ({ N, D, L }) => `${N},${D},1,${L}`),
		{ map: { loss: "val_loss" } },
	],
	["quoted cells with line breaks", csv("run,N,D,loss", ({ N, D, L }, i) => `"run\n${i}",${N},${D},${L}`)],
];

test.each(RIGHT)("%s: gives the right exponent", (_, text, how = {}) => {
	const { rows } = readPoints(text, how).experiments[0]!;
	expect(rows).toHaveLength(runs.length);
	const points = countPoints(rows, defaultConventions(rows));
	expect(implausible(points, defaultConventions(rows))).toEqual([]);
	expect(fitPoints(preparePoints(points), options).method3!.parameters.a!.estimate).toBeCloseTo(TRUTH, 4);
});

test.each([
	["UTF-16", "N\0,\0D\0", {}, "the file is no text, or UTF-16; save it as UTF-8"],
	["raw bytes", "\x89PNG\r\n\0\x01\x02", {}, "the file is no text, or UTF-16"],
	["comments alone", "# a\n# b", {}, "the file has comments and no header"],
	["TensorBoard's export", "Wall time,Step,Value\n1,2,3", {}, "this is an export of TensorBoard"],
	[
		"a wide export",
		'Step,"a - val/loss","a - val/loss__MIN"\n1,3,3',
		{},
		"an export of a chart with a column for each run",
	],
	["broken JSON", "[{", {}, "begins like a JSON array of rows, but is no valid JSON"],
	["JSON of numbers", "[1,2]", {}, "row 1 is no object; each row must be one, such as"],
	["a broken line", '{"N":1}\n{"N"', {}, "line 2 is no valid JSON; each line must be one object"],
	[
		"a mapped name that is not there",
		"N,D,loss\n1,2,3",
		{ map: { loss: "val" } },
		'--map loss=val: there is no column "val"',
	],
	[
		"a unit of no column",
		"N,D,loss\n1,2,3",
		{ units: { flops: 1e18 } },
		"--units names flops, but the file has no such column",
	],
	[
		"a long cell",
		`N,D,loss\n${"x".repeat(5000)},2,3`,
		{},
		`line 2, column N: "${"x".repeat(40)}…" is not a positive number`,
	],
	["control characters", "N,D,loss\n\x1b[31m9,2,3", {}, 'line 2, column N: " [31m9" is not a positive number'],
] as [string, string, ReadOptions, string][])("%s: is refused in one line", (_, text, how, message) => {
	let said = "";
	try {
		readPoints(text, how);
	} catch (error) {
		said = (error as Error).message;
	}
	expect(said).toContain(message);
	expect(said).not.toMatch(/\p{Cc}/u);
	expect(said.length).toBeLessThan(900);
});

describe("what is not plausible is said, with the likely unit", () => {
	const warnings = (text: string) => {
		const { rows } = readPoints(text).experiments[0]!;
		return implausible(countPoints(rows, defaultConventions(rows)), defaultConventions(rows)).join(" ");
	};

	test.each([
		["sizes in billions", csv("N,D,loss", ({ N, D, L }) => `${N / 1e9},${D},${L}`), /--units params=1e9/],
		["sizes in millions", csv("N,D,loss", ({ N, D, L }) => `${N / 1e6},${D},${L}`), /--units params=1e6/],
		[
			"tokens in billions",
			csv("N,D,loss", ({ N, D, L }) => `${N},${D / 1e9},${L}`),
			/tokens per parameter.*--units tokens=1e9/,
		],
		[
			"d is a width",
			csv("N,d,c,loss", ({ N, D, L }) => `${N},512,${6 * N * D},${L}`),
			/tokens per parameter.*--map says which is which/,
		],
		[
			"FLOPs in exaFLOP",
			csv("N,D,C,loss", ({ N, D, L }) => `${N},${D},${(6 * N * D) / 1e18},${L}`),
			/--units flops=1e18/,
		],
		["perplexities", csv("N,D,loss", ({ N, D, L }) => `${N},${D},${30 * Math.exp(L)}`), /may be a perplexity/],
		[
			"bits per byte",
			csv("N,D,loss", ({ N, D, L }) => `${N},${D},${L / 20}`),
			/another measure, such as bits per byte/,
		],
		[
			"repeated text",
			csv("N,D,U,loss", ({ N, D, L }) => `${N},${D},1e9,${L}`),
			/10 of 20 points read their text more than 4 times, up to 64/,
		],
	])("%s", (_, text, message) => {
		expect(warnings(text)).toMatch(message);
	});
});

test("which column was taken, and which others could have been", () => {
	const { columns } = readPoints("Params (M),D,val_loss,loss,train_loss\n1,2,3,4,5");
	const pick = (column: Column) => columns[column]!;
	expect(pick("params")).toMatchObject({ name: "Params (M)", unit: 1e6, others: [] });
	expect(pick("loss")).toMatchObject({ name: "loss", others: ["val_loss", "train_loss"] });
});

test("a million points, all of repeated text, are judged too", () => {
	const each = { run: "", parameters: 1e6, tokens: 1e8, flops: 6e14, loss: 3, uniqueTokens: 1e7 };
	const points = new Array<typeof each>(1e6).fill(each);
	expect(implausible(points, { count: "total", flops: "6nd" }).join()).toMatch(
		/1000000 of 1000000 points read their text/,
	);
});
