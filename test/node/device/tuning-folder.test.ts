import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tuning } from "../../../src/gpu/tuning.ts";
import { TuningFolder } from "../../../src/node/device/tuning-folder.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-tuning-"));
});
afterAll(() => rm(folder, { recursive: true }));

const tuning: Tuning = {
	adapter: "Some GPU/driver (1.2)",
	version: "0",
	variants: { square: "fast" },
	flopsPerMillisecond: 2e7,
	trials: [{ operation: "square", variant: "fast", milliseconds: 1 }],
};

test("a tuning is kept by its adapter's name, and can be removed", async () => {
	const path = join(folder, "new", "tuning");
	const store = new TuningFolder(path);
	expect(await store.load(tuning.adapter)).toBeUndefined();
	await store.save(tuning);
	expect(await new TuningFolder(path).load(tuning.adapter)).toEqual(tuning);
	expect(await store.load("another")).toBeUndefined();
	expect(await readdir(path)).toEqual(["Some-GPU-driver-1.2-.json"]);
	await store.remove(tuning.adapter);
	await store.remove(tuning.adapter);
	expect(await store.load(tuning.adapter)).toBeUndefined();
});

test("a broken file is none; where nothing can be written, nothing is kept", async () => {
	await writeFile(join(folder, "broken.json"), '{"adapter":');
	expect(await new TuningFolder(folder).load("broken")).toBeUndefined();
	const file = new TuningFolder(join(folder, "broken.json"));
	await file.save(tuning);
	expect(await file.load(tuning.adapter)).toBeUndefined();
});
