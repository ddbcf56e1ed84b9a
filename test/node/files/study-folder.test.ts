import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { StudyFolder } from "../../../src/node/files/study-folder.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import { planStudy } from "../../../src/study/planner.ts";
import { corpora, resultOf, studyWith } from "../../study/fixtures.ts";

const study = studyWith();
const { runs } = await planStudy(study, corpora);
const ids = runs.map((run) => run.id);
const results = runs.map((run) => resultOf(run));

let path: string;
beforeEach(async () => {
	path = join(await mkdtemp(join(tmpdir(), "isoflop-folder-")), "out");
});
afterEach(() => rm(join(path, ".."), { recursive: true }));

const openFolder = async () => {
	await StudyFolder.check(path, study, ids);
	return StudyFolder.open(path, study);
};
const lines = () => readFile(join(path, "runs.jsonl"), "utf8");

test("checking writes nothing, opening writes the study", async () => {
	await StudyFolder.check(path, study, ids);
	await expect(readdir(path)).rejects.toThrow("ENOENT");
	await openFolder();
	expect(await readdir(path)).toEqual(["study.json"]);
	expect(JSON.parse(await readFile(join(path, "study.json"), "utf8"))).toEqual(study);
});

test("saved runs are there when opened again, and sorted as planned in the end", async () => {
	const first = await openFolder();
	await first.save(results[3]!);
	await first.save(results[0]!);
	const second = await openFolder();
	expect(await second.load(ids)).toEqual([results[0], results[3]]);
	await second.save(results[1]!);
	await second.sort(ids);
	expect(await lines()).toBe([0, 1, 3].map((i) => runLine(results[i]!)).join(""));
	expect((await readdir(path)).sort()).toEqual(["runs.jsonl", "study.json"]);
});

test("a line cut short is dropped, and what comes next is whole", async () => {
	const first = await openFolder();
	await first.save(results[0]!);
	await appendFile(join(path, "runs.jsonl"), runLine(results[1]!).slice(0, -30));
	const second = await openFolder();
	expect(second.repaired).toBe(true);
	expect(await second.load(ids)).toEqual([results[0]]);
	await second.save(results[2]!);
	expect(await lines()).toBe(runLine(results[0]!) + runLine(results[2]!));
	expect((await openFolder()).repaired).toBe(false);
});

test("another study's folder is refused", async () => {
	await openFolder();
	const other = studyWith({ name: "other" });
	await expect(StudyFolder.check(path, other, ids)).rejects.toThrow(
		`${path} holds another study, "test" (study.json differs); give another folder with --out`,
	);
});

test("runs that the study does not plan are refused", async () => {
	const folder = await openFolder();
	await folder.save(results[0]!);
	await expect(StudyFolder.check(path, study, ids.slice(1))).rejects.toThrow(
		new RegExp(`has a run ${ids[0]} that this study does not plan`),
	);
});

test("a run that was altered is refused", async () => {
	await openFolder();
	const altered = { ...results[0]!, spec: { ...results[0]!.spec, seed: 7 } };
	await writeFile(join(path, "runs.jsonl"), runLine(altered));
	await expect(openFolder()).rejects.toThrow(`the run ${ids[0]} does not match its spec`);
});

test("runs without a study, and a study that cannot be read, are refused by name", async () => {
	await mkdir(path);
	await writeFile(join(path, "runs.jsonl"), "");
	await expect(openFolder()).rejects.toThrow("has a runs.jsonl but no study.json");
	await writeFile(join(path, "study.json"), "{");
	await expect(openFolder()).rejects.toThrow(/study\.json: study: not valid JSON at line 1/);
});

test("runs that an editor saved as UTF-16 become UTF-8 before more are added", async () => {
	const first = await openFolder();
	await first.save(results[0]!);
	await writeFile(join(path, "runs.jsonl"), Buffer.from(`\ufeff${runLine(results[0]!)}`, "utf16le"));
	const second = await openFolder();
	expect(second.repaired).toBe(false);
	await second.save(results[1]!);
	expect(await lines()).toBe(runLine(results[0]!) + runLine(results[1]!));
});
