import { type ChildProcess, spawn } from "node:child_process";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { Study } from "../../src/study/study.ts";

// The command line as users start it, in processes of its own, on the tests' adapter.

const study: Study = {
	...presets[0]!.study,
	name: "resume",
	sizes: [
		{ width: 4, layers: 1, heads: 1 },
		{ width: 8, layers: 1, heads: 2 },
		{ width: 12, layers: 2, heads: 3 },
	],
	steps: [60],
	learningRates: [0.01, 0.02],
	validationSequences: 32,
};

let folder: string;
let file: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-resume-"));
	file = join(folder, "study.json");
	await writeFile(file, JSON.stringify(study));
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts a run; `onLine` sees each line of stderr and may signal the process. */
async function run(
	out: string,
	onLine: (line: string, child: ChildProcess) => void = () => {},
	{ study = file, more = [] }: { study?: string; more?: string[] } = {},
) {
	// As planned: how many are fastest together is not always the same.
	const args = ["src/node/isoflop.mjs", "run", study, "--out", out, "--json", "--pack", "16", ...more];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stderr.on("data", (data) => {
		const lines = (stderr + data).split("\n");
		const seen = stderr.split("\n").length - 1;
		stderr += data;
		for (const line of lines.slice(seen, -1)) onLine(textOf(line), child);
	});
	const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
		child.on("close", (...ended) => resolve(ended));
	});
	return { code, signal, stdout, stderr };
}

/** The words of a line of progress; Dawn's own lines are no JSON. */
function textOf(line: string): string {
	return line.startsWith("{") ? (JSON.parse(line) as { text: string }).text : line;
}

const runsOf = (out: string) => readFile(join(out, "runs.jsonl"), "utf8");
const idsOf = (text: string) =>
	text
		.trim()
		.split("\n")
		.map((line) => (JSON.parse(line) as RunResult).id);

describe("a study that is interrupted and run again", () => {
	let undisturbed: string;
	let fits: string;
	beforeAll(async () => {
		const out = join(folder, "undisturbed");
		const { code, stdout, stderr } = await run(out);
		expect(code, stderr).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ out, runs: { trained: 6, stored: 0, diverged: 0 } });
		undisturbed = await runsOf(out);
		fits = await readFile(join(out, "fits.json"), "utf8");
		expect(idsOf(undisturbed).length).toBe(6);
	});

	test("by SIGKILL, half-way through: the same content, and no finished run trains twice", async () => {
		const out = join(folder, "killed");
		const shown: string[] = [];
		const killed = await run(out, (line, child) => {
			if (line.startsWith("finished")) shown.push(line);
			if (line.startsWith("training") && line.includes("width 12")) child.kill("SIGKILL");
		});
		expect(killed.signal).toBe("SIGKILL");
		const kept = await runsOf(out);
		// What was shown as finished is on disk.
		expect(shown.length).toBe(4);
		expect(idsOf(kept).length).toBe(4);
		// A line that the kill cut short.
		await appendFile(join(out, "runs.jsonl"), undisturbed.trim().split("\n")[4]!.slice(0, 100));

		const { code, stdout, stderr } = await run(out);
		expect(code, stderr).toBe(0);
		expect(stderr).toContain("removed an incomplete last line; that run trains again");
		expect(JSON.parse(stdout)).toMatchObject({ runs: { trained: 2, stored: 4 } });
		for (const line of shown) expect(stderr).not.toContain(line);
		expect(await runsOf(out)).toBe(undisturbed);
		expect(await readFile(join(out, "fits.json"), "utf8")).toBe(fits);
	});

	test("by Ctrl-C: it ends by itself, says how to continue, and continues", async () => {
		const out = join(folder, "interrupted");
		const interrupted = await run(out, (line, child) => {
			if (line.startsWith("training") && line.includes("width 8")) child.kill("SIGINT");
		});
		expect(interrupted).toMatchObject({ code: 130, signal: null, stdout: "" });
		expect(interrupted.stderr).toMatch(
			new RegExp(`stopped; \\d of 6 runs are finished and saved in ${out}. Run the same command again to resume.`),
		);
		expect((await run(out)).code).toBe(0);
		expect(await runsOf(out)).toBe(undisturbed);
	});

	describe("in the middle of its only pack", () => {
		let long: string;
		let expected: string;
		beforeAll(async () => {
			long = join(folder, "long.json");
			await writeFile(long, JSON.stringify({ ...study, name: "long", sizes: [study.sizes[1]], steps: [600] }));
			const out = join(folder, "long");
			const { code, stderr } = await run(out, undefined, { study: long });
			expect(code, stderr).toBe(0);
			expected = await runsOf(out);
		});

		/** Signals the process once there are checkpoints that did not come from the first step. */
		const atCheckpoint = (out: string, signal: NodeJS.Signals) => async (line: string, child: ChildProcess) => {
			if (!line.startsWith("training 2")) return;
			while ((await checkpointsIn(out)).length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
			child.kill(signal);
		};
		const checkpointsIn = (out: string) =>
			readdir(join(out, "checkpoints")).then(
				(names) => names.filter((name) => name.endsWith(".safetensors")),
				() => [],
			);

		test.each(["SIGKILL", "SIGINT"] as const)(
			"by %s: it continues from its checkpoints, to the same content",
			async (signal) => {
				const out = join(folder, `long-${signal}`);
				const more = ["--checkpoint-every", "0.05"];
				const stopped = await run(out, atCheckpoint(out, signal), { study: long, more });
				if (signal === "SIGKILL") expect(stopped.signal).toBe(signal);
				else expect(stopped.code).toBe(130);
				expect(await runsOf(out).catch(() => "")).toBe("");
				const { code, stdout, stderr } = await run(out, undefined, { study: long });
				expect(code, stderr).toBe(0);
				const from = /training 2 runs .*, from step (\d+) /.exec(stderr)?.[1];
				expect(Number(from), stderr).toBeGreaterThan(0);
				expect(JSON.parse(stdout)).toMatchObject({ runs: { trained: 2, stored: 0 } });
				expect(await runsOf(out)).toBe(expected);
				expect(await checkpointsIn(out)).toEqual([]);
			},
		);
	});

	test("run once more, it trains nothing", async () => {
		const out = join(folder, "undisturbed");
		const { code, stdout } = await run(out);
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ runs: { trained: 0, stored: 6 } });
		expect(await runsOf(out)).toBe(undisturbed);
	});
});
