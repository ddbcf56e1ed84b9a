import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import { runCommandLine } from "../../src/node/command-line.ts";
import { runLine } from "../../src/run/run-lines.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, resultOf, studyWith } from "../study/fixtures.ts";

// What needs no GPU. Training, resuming and verifying are in test/lab and test/train.

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-cli-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function isoflop(...argv: string[]) {
	const said: string[] = [];
	const printed: string[] = [];
	const json: unknown[] = [];
	const log = vi.spyOn(console, "info").mockImplementation((line) => said.push(line));
	try {
		const terminal = {
			json: (value: unknown) => json.push(value),
			print: (line: string) => printed.push(line),
			say: (line: string) => said.push(line),
			screen: null,
		};
		return { code: await runCommandLine(argv, terminal), said, printed, json };
	} finally {
		log.mockRestore();
	}
}

const smoke = () => JSON.stringify(presets[0]!.study);

describe("a study that breaks a rule: one line, exit code 2, nothing written", () => {
	test.each([
		[
			"a negative width",
			smoke().replace('"width":4', '"width":-4'),
			"sizes[0].width is -4; it must be a whole number from 1 to 4,096",
		],
		[
			"10^9 steps",
			smoke().replace('"steps":900', '"steps":1e9'),
			"sizes[0].steps is 1000000000; it must be a whole number from 1 to 1,000,000",
		],
		["an unknown key", smoke().replace("{", '{"depth":3,'), "depth is not a known key; the keys of a study are name, "],
		[
			"__proto__",
			smoke().replace("{", '{"__proto__":{"steps":[1]},'),
			"__proto__ is not a known key; the keys of a study are name, ",
		],
		["invalid JSON", smoke().slice(0, -1), "not valid JSON at line 1, column "],
		[
			"an unknown corpus",
			smoke().replace('"sotu"', '"poems"'),
			'corpora[0] is "poems"; it must be one of sotu, moby-dick, king-james-bible',
		],
	])("%s", async (name, text, message) => {
		const file = join(folder, "broken.json");
		const out = join(folder, "out");
		await writeFile(file, text);
		const before = await readdir(folder);
		const { code, said, json } = await isoflop("run", file, "--out", out, "--json");
		expect(code, name).toBe(2);
		expect(said).toEqual([expect.stringContaining(`isoflop: study: ${message}`)]);
		expect(said[0]).not.toContain("\n");
		expect(json).toEqual([]);
		expect(existsSync(out)).toBe(false);
		expect(await readdir(folder)).toEqual(before);
	});
});

describe("arguments", () => {
	test.each([
		[["paln"], 'unknown command "paln"; isoflop --help lists the commands'],
		[["run"], "missing required args for command `run <study>`"],
		[["plan", "smoke", "--jsn"], "Unknown option `--jsn`"],
		[["plan", "nothing"], 'study: "nothing" is neither a preset nor a file; isoflop presets lists the presets'],
		[["plan", tmpdir()], "cannot be read (EISDIR)"],
		[["plan", "smoke", "--corpus", "sotu", "--corpus", "moby-dick"], "--corpus is given more than once"],
		[["fit", "nothing"], 'fit: there is no file or folder "nothing"'],
		[["verify", "nothing"], 'verify: "nothing" cannot be read (ENOENT)'],
		[
			["verify", "package.json", "--loss-tolerance", "much"],
			'--loss-tolerance is "much"; it must be a nonnegative number',
		],
	])("%j", async (argv, message) => {
		const { code, said } = await isoflop(...argv);
		expect(said).toEqual([expect.stringContaining(message)]);
		expect(code).toBe(2);
	});

	test("--help lists the commands, --version gives the version", async () => {
		const help = await isoflop("--help");
		expect(help.code).toBe(0);
		for (const command of ["run", "plan", "fit", "theory", "allocate", "adapters", "verify"])
			expect(help.said.join("\n")).toMatch(new RegExp(`^ +${command}`, "m"));
		const version = await isoflop("--version");
		expect(version.code).toBe(0);
		expect(version.said.join()).toMatch(/^isoflop\/\d+\.\d+\.\d+/);
	});
});

test("run: a folder that another process trains in is refused before a GPU is opened", async () => {
	const out = join(folder, "held");
	await mkdir(out);
	const holder = { pid: process.ppid, host: hostname(), ticks: null, since: "2026-01-02T03:04:05.000Z" };
	await writeFile(join(out, "lock.json"), JSON.stringify(holder));
	const { code, said } = await isoflop("run", "smoke", "--out", out);
	expect(code).toBe(1);
	expect(said).toEqual([
		`isoflop: ${out} is in use by process ${process.ppid} of this machine since 2026-01-02T03:04:05.000Z; ` +
			"wait until it has ended, or give another folder with --out",
	]);
	expect(await readdir(out)).toEqual(["lock.json"]);
});

describe("plan", () => {
	test("as JSON", async () => {
		const { code, json, said } = await isoflop("plan", "smoke", "--json");
		expect(code).toBe(0);
		expect(said).toEqual([]);
		const plan = json[0] as Plan & { laptopSeconds: number; prediction: { predictions: { vocabulary: number }[] } };
		expect(plan.study).toEqual(presets[0]!.study);
		expect(plan.packs.flat()).toEqual(plan.runs.map((run) => run.id));
		expect(plan.laptopSeconds).toBeGreaterThan(0);
		expect(plan.prediction.predictions).toMatchObject([{ vocabulary: 256, context: 16 }]);
	});

	test("as a table, with notes", async () => {
		const { printed, json } = await isoflop("plan", "paper");
		expect(json).toEqual([]);
		expect(printed.join("\n")).toMatch(
			/^A published law says: N\* ∝ C\^0\.51 with all parameters, C\^0\.\d\d without embeddings/m,
		);
		expect(printed.join("\n")).toMatch(/^Expected: unknown; no study like it was trained here/m);
		expect(printed[1]).toMatch(/^width 16, 1 layer, 1 head +4 +808K +3\.31K +4K +262M/);
		expect(printed.at(-1)).toMatch(/^Note: Runs repeat the corpus "sotu" up to/);
	});

	test("with a file of one's own as the corpus", async () => {
		const file = join(folder, "own.txt");
		await writeFile(file, "It is a truth universally acknowledged.\n\n".repeat(4000));
		const { code, json } = await isoflop("plan", "smoke", "--corpus", `file:${file}`, "--json");
		expect(code).toBe(0);
		expect((json[0] as Plan).runs[0]!.spec.corpus.id).toBe(`file:${file}`);
	});
});

describe("fit", () => {
	test("of a folder and of a file, leaving a torn line out", async () => {
		const { runs } = await planStudy(studyWith(), corpora);
		const file = join(folder, "runs.jsonl");
		await writeFile(file, `${runs.map((run) => runLine(resultOf(run))).join("")}{"id":`);
		const ofFile = await isoflop("fit", file, "--json");
		expect(ofFile.code).toBe(0);
		expect(ofFile.said).toEqual([`${file} ends in an incomplete line, which is skipped`]);
		expect(Object.keys((ofFile.json[0] as { conventions: object }).conventions).sort()).toEqual([
			"nonEmbedding",
			"total",
		]);
		expect((await isoflop("fit", folder, "--json")).json).toEqual(ofFile.json);
		const table = await isoflop("fit", folder);
		expect(table.json).toEqual([]);
		expect(table.printed.join("\n")).toMatch(/^N\* ∝ C\^a/m);
	});

	test("of a file that holds no runs", async () => {
		const file = join(folder, "other.jsonl");
		await writeFile(file, '{"a":1}\n{"a":2}\n');
		expect(await isoflop("fit", file)).toMatchObject({
			code: 1,
			said: [expect.stringContaining("there is no column of losses")],
		});
		await writeFile(file, '{"spec":{}}\n{"a":2}\n');
		expect(await isoflop("fit", file)).toMatchObject({
			code: 1,
			said: [expect.stringContaining("line 1 is not a run: id is ")],
		});
		await writeFile(file, "");
		expect(await isoflop("fit", file)).toMatchObject({ code: 1, said: [expect.stringContaining("has no runs")] });
	});
});
