import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readingsOf } from "../../src/analysis/fit-points.ts";
import { drawPoints, type SyntheticStudy, syntheticCsv } from "../../src/analysis/points/synthetic-points.ts";
import { fitSettings } from "../../src/node/commands/fit-options.ts";
import { pointsReport, runsReport } from "../../src/node/commands/fit-report.ts";
import { runLine } from "../../src/run/run-lines.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { replay } from "../../src/worker/replay.ts";
import type { ReplayFit, ReplayRequest, ReplaySource, ReplayStage } from "../../src/worker/replay-protocol.ts";
import { planOfPreset } from "../experiments/fixtures.ts";
import { lawRuns } from "../experiments/law-runs.ts";

const study: SyntheticStudy = {
	law: EPOCH.law,
	design: { kind: "isoflop", budgets: { from: 1e18, to: 1e20, count: 4 }, sizes: 7, spread: 8 },
	...{ noise: 0.003, pointNoise: 0, seed: 3 },
};
const table = syntheticCsv(drawPoints(study));

const RESAMPLES = 60;
const filesOf = (texts: Record<string, string | Uint8Array<ArrayBuffer>>): ReplaySource => ({
	kind: "files",
	files: Object.entries(texts).map(([name, text]) => ({ name, file: new Blob([text]) })),
});
const ask = (text: string | Uint8Array<ArrayBuffer>, changes: Partial<ReplayRequest> = {}): ReplayRequest => ({
	source: filesOf({ "points.csv": text }),
	...{ mapping: {}, experiment: null, conventions: {}, resamples: RESAMPLES, holdOut: null, ...changes },
});
async function fitted(request: ReplayRequest): Promise<ReplayFit> {
	const answer = await replay(request, () => {});
	if (answer.kind === "refused") throw new Error(answer.message);
	// As the page gets it.
	return structuredClone(answer);
}
async function refused(request: ReplayRequest) {
	const answer = await replay(request, () => {});
	if (answer.kind === "fitted") throw new Error("it was fitted");
	return answer;
}

/** What the command line makes of the same text. */
function commandLine(text: string | Record<string, string>, given: Parameters<typeof fitSettings>[0] = {}) {
	const settings = fitSettings({ ...given, resamples: String(RESAMPLES) });
	const files = Object.entries(typeof text === "string" ? { "points.csv": text } : text);
	const { report } = pointsReport(
		files.map(([name, text]) => ({ name, text })),
		settings,
	);
	return report.experiments.map(({ name, conventions, ...analysis }) => {
		return { name, conventions, analysis, readings: readingsOf(analysis, settings) };
	});
}
const sameAs = ({ experiment, conventions, analysis, readings }: ReplayFit) => ({
	...{ name: experiment, conventions, analysis, readings },
});

describe("the command line's numbers to the last digit", () => {
	test("of a table, plain and packed, and of the synthetic study that it is", async () => {
		const [expected] = commandLine(table);
		expect(expected!.analysis.method2!.allocation.low).not.toBeNull();
		expect(sameAs(await fitted(ask(table)))).toEqual(expected);
		expect(sameAs(await fitted(ask(new Uint8Array(gzipSync(table)))))).toEqual(expected);
		expect(sameAs(await fitted({ ...ask(""), source: { kind: "synthetic", study } }))).toEqual(expected);
	});

	test("with columns, units and conventions of one's own", async () => {
		const lines = table.trim().split("\n").slice(1);
		const other = ["name,size,seen,flops,metric", ...lines.map((line) => line.split(",").slice(0, 5).join(","))];
		other.splice(3, 0, "broken,1e9,1e9,6e18,nan");
		const text = other.join("\n");
		const answer = await fitted(
			ask(text, {
				mapping: { map: { params: "size", tokens: "seen", loss: "metric" }, units: { tokens: 2 } },
				conventions: { flops: "6nd" },
			}),
		);
		const [expected] = commandLine(text, {
			...{ map: "params=size,tokens=seen,loss=metric", units: "tokens=2", flops: "6nd" },
		});
		expect(sameAs(answer)).toEqual(expected);
		expect(answer.leftOut).toEqual([{ line: 4, reason: "it has no loss: the run diverged, or was not measured" }]);
		expect(answer.table!.header).toEqual(["name", "size", "seen", "flops", "metric"]);
		expect(answer.table!.columns.tokens).toMatchObject({ name: "seen", unit: 2 });
		expect(answer.possible).toEqual({ counts: ["total"], flops: ["6nd", "column"] });
	});

	test("of each experiment of a file", async () => {
		const [header, ...lines] = table.trim().split("\n");
		const text = [`stage,${header}`, ...lines.map((line, i) => `${i % 2 ? "odd" : "even"},${line}`)].join("\n");
		const expected = commandLine(text);
		expect(expected.map(({ name }) => name)).toEqual(["even", "odd"]);
		const first = await fitted(ask(text));
		expect(first.experiments).toEqual(["even", "odd"]);
		expect(sameAs(first)).toEqual(expected[0]);
		expect(sameAs(await fitted(ask(text, { experiment: "odd" })))).toEqual(expected[1]);
		expect(sameAs(await fitted(ask(text, { experiment: "gone" })))).toEqual(expected[0]);
	});

	test("of the lab's runs", async () => {
		const plan = await planOfPreset("isoflop");
		const runs = lawRuns(plan, { noise: 0.003 });
		const settings = fitSettings({ resamples: String(RESAMPLES) });
		const { report } = runsReport("runs.jsonl", runs, settings);
		const { name, conventions, ...analysis } = report.experiments[0]!;
		const answer = await fitted(ask(runs.map(runLine).join("")));
		expect(sameAs(answer)).toEqual({
			...{ name, conventions, analysis },
			readings: readingsOf(analysis, report.options),
		});
		expect([answer.table, answer.rows]).toEqual([null, runs.length]);
	});
});

describe("several files", () => {
	const [header, ...lines] = table.trim().split("\n");
	const half = (parity: number) => [header, ...lines.filter((_, i) => i % 2 === parity)].join("\n");
	const both = { "a.csv": half(0), "b.csv": `${half(1)}\nbroken,1e9,1e9,6e18,nan,` };

	test("are read together as on the command line, whatever their runs are called", async () => {
		const answer = await fitted({ ...ask(""), source: filesOf(both) });
		const [expected] = commandLine(both);
		expect(sameAs(answer)).toEqual(expected);
		expect(answer.rows).toBe(29);
		expect(answer.leftOut).toEqual([
			{ line: 16, reason: "it has no loss: the run diverged, or was not measured", file: "b.csv" },
		]);
		// The same runs twice are different runs, also from files of one name.
		const source = { kind: "files", files: [0, 1].map(() => ({ name: "a.csv", file: new Blob([half(0)]) })) } as const;
		const twice = await fitted({ ...ask(""), source });
		expect(twice.analysis.points.runs).toBe(28);
	});

	test("of which one is at fault are refused, with its name and its columns", async () => {
		const source = filesOf({ "good.csv": half(0), "odd.csv": half(1).replace("loss", "metric") });
		const answer = await refused({ ...ask(""), source });
		expect(answer.message).toMatch(/^odd\.csv: there is no column of losses/);
		expect(answer.table!.header).toContain("metric");
	});

	test("of runs are read together; of two kinds they are refused", async () => {
		const runs = lawRuns(await planOfPreset("isoflop"), { noise: 0.003 });
		const text = runs.map(runLine);
		const whole = await fitted(ask(text.join(""), { resamples: 0 }));
		const source = filesOf({ "a.jsonl": text.slice(0, 5).join(""), "b.jsonl": text.slice(5).join("") });
		const parts = await fitted({ ...ask("", { resamples: 0 }), source });
		expect([parts.rows, sameAs(parts)]).toEqual([whole.rows, sameAs(whole)]);
		const { message } = await refused({ ...ask(""), source: filesOf({ "a.jsonl": text.join(""), "b.csv": table }) });
		expect(message).toBe("some of the files hold runs and others points; choose files of one kind");
	});
});

describe("runs set aside", () => {
	test("are predicted from the rest, beside what they came to", async () => {
		const stages: string[] = [];
		const answer = await replay(ask(table, { holdOut: "budget" }), ({ kind }) => stages.push(kind));
		if (answer.kind === "refused" || !answer.heldOut || "reason" in answer.heldOut) throw new Error("nothing held out");
		expect(stages.at(-1)).toBe("predicting");
		const { judgement, laws, targets } = structuredClone(answer.heldOut);
		expect([targets.length, judgement.kept.length]).toEqual([7, 21]);
		const method3 = laws.find(({ law }) => law === "method3")!;
		expect(method3.targets.every((each) => each!.low! < each!.loss && each!.loss < each!.high!)).toBe(true);
	});

	test("are none unless asked for, and those without which nothing can be fitted are explained", async () => {
		expect((await fitted(ask(table))).heldOut).toBeNull();
		const [header, ...lines] = table.trim().split("\n");
		const few = [header, ...lines.slice(0, 7)].join("\n");
		const { heldOut } = await fitted(ask(few, { holdOut: "budget", resamples: 0 }));
		expect(heldOut).toEqual({ reason: "without the largest budget no run is left" });
	});
});

test("what it is at is told while it works", async () => {
	const stages: ReplayStage[] = [];
	await replay(ask(table, { resamples: 0 }), (stage) => stages.push(stage));
	expect(stages.map((stage) => (stage.kind === "fitting" ? `${stage.done} of ${stage.of}` : stage.kind))).toEqual([
		...["reading", "0 of 5", "1 of 5", "2 of 5", "3 of 5", "4 of 5"],
	]);
	expect(stages[3]).toMatchObject({ title: "Method 3: parametric fit of L(N, D), Hoffmann et al. 2022" });
});

describe("refuses as the command line does", () => {
	const errorOf = (text: string) => {
		try {
			commandLine(text);
		} catch (error) {
			return (error as Error).message;
		}
		return null;
	};

	test.each([
		["nothing", ""],
		["no table", "\0\u0001\u0002binary"],
		["a table without losses", "params,tokens\n1e6,1e8\n"],
		["a broken row", "params,tokens,loss\n1e6,1e8,3\n1e6,-4,3\n"],
		["rows that do not count", "params,tokens,loss\n1e6,1e8,nan\n"],
		["half a JSON array", '[{"params": 1e6,'],
		["one column twice", "N,n,tokens,loss\n1e6,1e6,1e8,3\n"],
	])("%s", async (_, text) => {
		const expected = errorOf(text);
		expect(expected).toMatch(/^points\.csv: .+/);
		expect((await refused(ask(text))).message).toBe(expected);
	});

	test("with the columns that could be chosen instead, where there are any", async () => {
		const answer = await refused(ask("size,tokens,value\n1e6,1e8,3\n"));
		expect(answer.table!.header).toEqual(["size", "tokens", "value"]);
		expect(answer.table!.columns).toMatchObject({ tokens: { name: "tokens" } });
		expect((await refused(ask("a,a\n1,2\n", { mapping: { map: { loss: "b" } } }))).table).toEqual({
			header: ["a", "a"],
			columns: {},
		});
		expect((await refused(ask(""))).table).toBeNull();
	});

	test("a count that the rows do not have", async () => {
		const { message } = await refused(ask(table, { conventions: { count: "nonembedding" } }));
		expect(message).toBe("points.csv: --count nonembedding needs params_nonembedding, which line 2 does not have");
	});

	test("damaged runs, and too many synthetic points", async () => {
		const source = filesOf({ "runs.jsonl": '{"spec": 1}\n{"spec": 2}\n' });
		expect((await refused({ ...ask(""), source })).message).toMatch(/^runs\.jsonl: line 1 is not a run: /);
		const design = {
			kind: "grid",
			parameters: { from: 1, to: 2, count: 1e4 },
			tokens: { from: 1, to: 2, count: 9 },
		} as const;
		const { message } = await refused({ ...ask(""), source: { kind: "synthetic", study: { ...study, design } } });
		expect(message).toBe("the study would have 90000 points; at most 20000 are drawn");
	});
});

test("how a file was read is among the notes", async () => {
	const utf16 = new Uint8Array(Buffer.from(`\ufeff${table}`, "utf16le"));
	const { analysis, points } = await fitted(ask(utf16));
	expect(analysis.notes).toContain("The file was read as UTF-16, little-endian, by its byte-order mark.");
	expect(points).toEqual((await fitted(ask(table))).points);
});
