import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readText } from "../../../src/node/files/read-text.ts";
import { dataUrl } from "../../reference/data-file.ts";
import { storedResult } from "../../reference/stored-results.ts";
import { studyDocument } from "../../study/fixtures.ts";
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
	await expect(readText(bomb, undefined, 1000)).rejects.toThrow(
		/bomb.gz unpacks to more than 1000 bytes; that is the limit/,
	);
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

describe("files that an editor saved otherwise", () => {
	const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, "utf16le");
	const read = "was read as UTF-16, little-endian, by its byte-order mark";

	test("a study, the runs beside it, points and models are read, and that is said", async () => {
		const study = await written("study16.json", utf16(JSON.stringify(studyDocument())));
		const plan = await isoflop("plan", study, "--json");
		expect(plan).toMatchObject({ code: 0, said: [`${study}: ${read}`] });
		const runs = await written("runs16.jsonl", utf16(storedResult("smoke-runs.jsonl")));
		const options = ["--resamples", "20", "--json"];
		const plain = await written("runs8.jsonl", storedResult("smoke-runs.jsonl"));
		expect((await isoflop("fit", runs, ...options)).json).toEqual((await isoflop("fit", plain, ...options)).json);
		const answer = await isoflop("answer", runs, "--study", "minute", "--json");
		expect(answer.said[0]).toBe(`${runs}: ${read}`);
		const models = await written("models.csv", utf16("params,params_nonembedding\n1e6,8e5\n2e6,17e5\n4e6,36e5\n"));
		expect(await isoflop("theory", "--configs", models)).toMatchObject({ code: 0, said: [`${models}: ${read}`] });
	});

	test("wrong bytes in a text are counted in the plan, and the first is named", async () => {
		const line = Buffer.from("It is a truth universally acknowledged.\n\n");
		const quoted = Buffer.concat([
			...Array<Buffer>(2000).fill(line),
			Buffer.of(0x93, 0x41, 0x94),
			...Array<Buffer>(2000).fill(line),
		]);
		const path = await written("quoted.txt", quoted);
		const { json } = await isoflop("plan", "smoke", "--corpus", `file:${path}`, "--json");
		expect((json[0] as { warnings: string[] }).warnings).toContain(
			`The corpus "file:${path}" has 2 bytes that are not UTF-8 and were replaced by U+FFFD, the first in line 4,001 (byte 82,001 of the file).`,
		);
		const wide = await written("wide.txt", utf16(line.toString().repeat(4000)));
		const plan = await isoflop("plan", "smoke", "--corpus", `file:${wide}`);
		expect(plan.printed).toContain(`Note: The corpus "file:${wide}" ${read}.`);
	});

	test("UTF-32 is refused by name", async () => {
		const file = await written("wide.json", Uint8Array.of(0xff, 0xfe, 0, 0));
		const { code, said } = await isoflop("plan", file);
		expect({ code, said }).toEqual({
			code: 2,
			said: [
				`isoflop: study: ${file} is UTF-32 by its byte-order mark; it must be UTF-8 or UTF-16: save it as plain text in UTF-8`,
			],
		});
	});
});
