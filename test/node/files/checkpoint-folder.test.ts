import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { CheckpointFolder } from "../../../src/node/files/checkpoint-folder.ts";

test("checkpoints are replaced whole, removed one by one, and their folder with the last of them", async () => {
	const parent = await mkdtemp(join(tmpdir(), "isoflop-checkpoints-"));
	onTestFinished(() => rm(parent, { recursive: true }));
	const path = join(parent, "checkpoints");
	const folder = new CheckpointFolder(path);
	expect(await folder.load("0123456789abcdef")).toBeUndefined();
	await folder.remove("0123456789abcdef");
	await folder.clear();
	expect(await readdir(parent)).toEqual([]);
	await folder.save("0123456789abcdef", new Uint8Array([1, 2, 3]));
	await folder.save("0123456789abcdef", new Uint8Array([4]));
	await folder.save("0123456789abcdef-20", new Uint8Array([5, 6]));
	expect(await folder.load("0123456789abcdef")).toEqual(new Uint8Array([4]));
	expect((await readdir(path)).sort()).toEqual(["0123456789abcdef-20.safetensors", "0123456789abcdef.safetensors"]);
	await folder.remove("0123456789abcdef");
	expect(await folder.load("0123456789abcdef")).toBeUndefined();
	// What a kill in the middle of writing leaves.
	await writeFile(join(path, "0123456789abcdef.safetensors.tmp"), "part");
	expect(await folder.load("0123456789abcdef")).toBeUndefined();
	await folder.clear();
	expect(await readdir(parent)).toEqual([]);
});
