import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readText } from "../../../src/node/files/read-text.ts";
import { dataUrl } from "../../reference/data-file.ts";
import { storedResult } from "../../reference/stored-results.ts";
import { isoflop } from "../isoflop.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-read-text-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, bytes: string | Uint8Array): Promise<string> {
	const file = join(folder, name);
	await writeFile(file, bytes);
	return file;
}

test("a text is read as it is, packed or not, whatever its name", async () => {
	const text = "N,D,loss\n1,2,3 ∝\n";
	expect(await readText(await written("plain.csv", text))).toBe(text);
	expect(await readText(await written("packed.csv", gzipSync(text)))).toBe(text);
});

test("a file that unpacks to too much or is damaged is refused by name", async () => {
	const bomb = await written("bomb.gz", gzipSync(new Uint8Array(1e6)));
	await expect(readText(bomb, 1000)).rejects.toThrow(/bomb.gz unpacks to more than 1000 bytes; that is the limit/);
	const cut = await written("cut.gz", gzipSync("abc".repeat(1000)).subarray(0, 20));
	await expect(readText(cut)).rejects.toThrow(/cut.gz is damaged: it is not a whole gzip file/);
});

test("isoflop fit gives the same numbers from compressed runs", async () => {
	const plain = await written("runs.jsonl", storedResult("smoke-runs.jsonl"));
	const options = ["--resamples", "20", "--json"];
	const packed = await isoflop("fit", dataUrl("results/smoke-runs.jsonl.gz").pathname, ...options);
	expect(packed.json[0]).toEqual((await isoflop("fit", plain, ...options)).json[0]);
	const csv = "N,tokens,loss\n1e6,1e7,4\n2e6,1e7,3.9\n4e6,2e7,3.7\n";
	const points = await isoflop("fit", await written("points.csv.gz", gzipSync(csv)), "--method", "kaplan", "--json");
	expect(points.json[0]).toMatchObject({ source: { kind: "points", rows: 3 } });
});
