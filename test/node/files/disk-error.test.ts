import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { diskError, makeFolder } from "../../../src/node/files/disk-error.ts";
import { writeAtomically } from "../../../src/node/files/write-atomically.ts";

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-disk-"));
});
afterEach(() => rm(folder, { recursive: true }));

const failing = (code: string) => Object.assign(new Error(`${code}: something`), { code });

test("folders are made, those above them too, by several at once", async () => {
	const path = join(folder, "a/b/c");
	await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(folder, "a/d"))]);
	await makeFolder(path);
	expect((await readdir(join(folder, "a"))).sort()).toEqual(["b", "d"]);
	expect(await readdir(join(folder, "a/b"))).toEqual(["c"]);
});

test("a read-only disk is called by its name, with the folder that could not be made", async () => {
	const make = () => Promise.reject(failing("EROFS"));
	await expect(makeFolder(join(folder, "a/b"), make)).rejects.toThrow(
		`${folder}/a cannot be created (EROFS: the disk is read-only)`,
	);
	await writeFile(join(folder, "file"), "");
	await expect(makeFolder(join(folder, "file/b"))).rejects.toThrow(
		`${folder}/file/b cannot be created (ENOTDIR: a part of the path is a file)`,
	);
});

test("a full disk is reported with the path, and keeps its code", () => {
	expect(diskError("runs/a.json", "written", failing("ENOSPC"))).toMatchObject({
		message: "runs/a.json cannot be written (ENOSPC: no space is left on the disk)",
		code: "ENOSPC",
	});
	const own = new Error("mine");
	expect(diskError("x", "written", own)).toBe(own);
});

test("what cannot be written leaves nothing behind; writers at the same time leave one whole file", async () => {
	await expect(writeAtomically(join(folder, "no/a.txt"), "x")).rejects.toThrow(
		`${folder}/no/a.txt cannot be written (ENOENT: its folder does not exist)`,
	);
	await makeFolder(join(folder, "taken"));
	await expect(writeAtomically(join(folder, "taken"), "x")).rejects.toThrow(/taken cannot be written \(EISDIR/);
	expect(await readdir(folder)).toEqual(["taken"]);
	await Promise.all(Array.from({ length: 20 }, (_, i) => writeAtomically(join(folder, "a.txt"), `${i}`)));
	expect((await readdir(folder)).sort()).toEqual(["a.txt", "taken"]);
});
