import { expect, test } from "vitest";
import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { curvesCsv, fitsCsv, frontierCsv, runsCsv, toCsv } from "../../../src/analysis/reports/csv.ts";
import type { RunResult } from "../../../src/run/run-result.ts";
import { geometricSizes, syntheticRuns } from "../synthetic-study.ts";

const results = syntheticRuns({ sizes: geometricSizes(5), points: 40 }).map(
	(run): RunResult => ({
		...run,
		status: "finished",
		spec: { ...run.spec, microBatchSequences: 64, validationSequences: 64 } as RunResult["spec"],
		adapter: 'a "quoted", name',
		variants: {},
		measurements: { gradientNorm: [], updateRatio: [], noiseScale: [] },
		tokens: 2e8,
		flops: { total: 6 * run.parameters.total * 2e8, nonEmbedding: 6 * run.parameters.nonEmbedding * 2e8 },
		validationLoss: run.id.startsWith("1") ? null : 3.25,
	}),
);

/** A small CSV reader, enough to take back what was written. */
function parse(text: string): Record<string, string>[] {
	const rows = text
		.split("\r\n")
		.map((line) =>
			[...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1]?.replaceAll('""', '"') ?? m[2]!),
		);
	const header = rows[0]!;
	expect(rows.pop()).toEqual([""]);
	return rows.slice(1).map((row) => {
		expect(row).toHaveLength(header.length);
		return Object.fromEntries(header.map((name, i) => [name, row[i]!]));
	});
}

test("cells are quoted only where they must be; null is empty", () => {
	expect(
		toCsv(
			["a", "b"],
			[
				[1.5, 'x,"y"'],
				[null, "two\nlines"],
				[true, "plain"],
			],
		),
	).toBe('a,b\r\n1.5,"x,""y"""\r\n,"two\nlines"\r\ntrue,plain\r\n');
});

test("runs: one line each, with counts, compute and losses", () => {
	const rows = parse(runsCsv(results));
	expect(rows).toHaveLength(5);
	expect(rows[0]).toMatchObject({
		run: "0-0.01-0",
		params: "50000",
		learning_rate: "0.01",
		adapter: 'a "quoted", name',
	});
	expect(Number(rows[2]!.flops)).toBe(results[2]!.flops.total);
	expect(rows[1]!.validation_loss).toBe("");
	expect(rows[0]!.tokens_per_step).toBe("1024");
	expect(rows[0]).toMatchObject({ unique_tokens: "", sampling: "with-replacement", storage: "f32" });
	const inHalf: RunResult = { ...results[0]!, spec: { ...results[0]!.spec, storage: "f16" } };
	expect(parse(runsCsv([inHalf]))[0]).toMatchObject({ storage: "f16", sampling: "with-replacement" });
	const evaluated = { ...results[0]!, evaluations: { novel: 3.25, poems: null } };
	expect(
		parse(runsCsv([results[1]!, evaluated])).map((row) => [row.validation_loss_novel, row.validation_loss_poems]),
	).toEqual([
		["", ""],
		["3.25", ""],
	]);
});

test("curves: one line per point, in full precision", () => {
	const rows = parse(curvesCsv(results));
	expect(rows).toHaveLength(200);
	rows.slice(40, 80).forEach((row, i) => {
		expect(row.run).toBe("1-0.01-0");
		expect(Number(row.loss)).toBe(results[1]!.curve.loss[i]);
		expect(Number(row.flops)).toBe(6 * 1e5 * results[1]!.curve.tokens[i]!);
	});
});

test("fits: one line per parameter, and a reason where there is no estimate", () => {
	const analysis = analyzeStudy(results, { resamples: 50 });
	const rows = parse(fitsCsv(analysis));
	expect(rows.map((row) => `${row.count} ${row.parameter}`)).toEqual(
		["total", "nonEmbedding"].flatMap((count) =>
			["kN", "a", "kD", "b", "k", "γ", "E", "k", "γ"].map((parameter) => `${count} ${parameter}`),
		),
	);
	expect(Number(rows[1]!.estimate)).toBe(analysis.conventions.total.allocation.estimate);
	expect(Number(rows[1]!.low)).toBe(analysis.conventions.total.allocation.low);
	const empty = parse(fitsCsv(analyzeStudy([])));
	expect(empty).toHaveLength(8);
	expect(empty[0]).toMatchObject({ parameter: "", estimate: "", reason: "no run has a usable loss curve yet" });
});

test("frontier: one line per point in each convention", () => {
	const analysis = analyzeStudy(results, { resamples: 0 });
	const rows = parse(frontierCsv(analysis));
	const { total, nonEmbedding } = analysis.conventions;
	expect(rows).toHaveLength(total.frontier.length + nonEmbedding.frontier.length);
	expect(Number(rows[0]!.flops)).toBe(total.frontier[0]!.flops);
	expect(rows.at(-1)!.count).toBe("nonEmbedding");
});

test("a run that was stopped says so, and why", () => {
	const stopped = { step: 50, bestRate: 0.003, behind: 0.5 };
	const [row, other] = parse(runsCsv([{ ...results[0]!, status: "stopped", stopped }, results[1]!]));
	expect(row!.status).toBe("stopped");
	expect(row!.stopped_because).toMatch(/^stopped after step 50 of \d+, 0\.50 nats behind learning rate 0\.003$/);
	expect(other!.stopped_because).toBe("");
});
