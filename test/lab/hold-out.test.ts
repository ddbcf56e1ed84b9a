import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import { readRunLines } from "../../src/run/run-lines.ts";
import type { Forecast } from "../../src/study/forecast.ts";
import type { Judgement } from "../../src/study/judge-forecast.ts";
import type { Study } from "../../src/study/study.ts";

// The command line as users start it, in processes of its own, on the tests' adapter.

const study: Study = {
	...presets[0]!.study,
	name: "hold out",
	sizes: [4, 8, 12, 16, 20].map((width) => ({ width, layers: 1, heads: 1 })),
	...{ steps: [60], learningRates: [0.01], seeds: [1], validationSequences: 32 },
};

let folder: string;
let out: string;
let file: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-hold-out-"));
	out = join(folder, "out");
	file = join(folder, "study.json");
	await writeFile(file, JSON.stringify(study));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(onText: (text: string, child: ChildProcess) => void = () => {}) {
	const args = ["src/node/isoflop.mjs", "run", file, "--out", out, "--hold-out", "largest", "--json"];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stderr.on("data", (data) => {
		stderr += data;
		onText(stderr, child);
	});
	const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
	return { code, stdout, stderr };
}

const read = (name: string) => readFile(join(out, name), "utf8");
const widths = async () => readRunLines(await read("runs.jsonl")).results.map(({ spec }) => spec.model.width);

test("the largest size trains only after its forecast is on disk, which nothing changes; it is judged at the end", async () => {
	let trainedBefore: Promise<number[]> | null = null;
	const stopped = await run((text, child) => {
		if (trainedBefore || !text.includes("the forecast is sealed in")) return;
		trainedBefore = widths();
		child.kill("SIGINT");
	});
	// Between its two parts nothing waits for a signal: it ends the program.
	expect([130, null], stopped.stderr).toContain(stopped.code);
	expect([...(await trainedBefore!)].sort((p, q) => p - q)).toEqual([4, 8, 12, 16]);
	expect(stopped.stderr).toContain("1 run of the largest size set aside, predicted from 4 runs of the rest.");
	const sealed = await read("forecast.json");

	const ended = await run();
	expect(ended.code, ended.stderr).toBe(0);
	expect(await read("forecast.json")).toBe(sealed);
	expect(await widths()).toHaveLength(5);
	const { forecast, judgement } = JSON.parse(ended.stdout) as { forecast: Forecast; judgement: Judgement };
	expect(forecast.sealedAt).toBe((JSON.parse(sealed) as Forecast).sealedAt);
	expect(judgement.runs.map(({ run }) => run)).toEqual(forecast.heldOut);
	expect(judgement.runs[0]!.came).toBeGreaterThan(0);

	await rm(join(out, "forecast.json"));
	const late = await run();
	expect(late.code).toBe(1);
	expect(late.stderr).toContain('1 of the 1 runs that "hold out" would set aside has its result already');
});
