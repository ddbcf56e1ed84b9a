import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cleanText, unpackDocuments } from "../../../src/data/corpus-text.mjs";
import { buildCorpora } from "../../../src/node/setup/corpora.mjs";

const root = resolve(import.meta.dirname, "../../..");
const output = mkdtempSync(join(tmpdir(), "isoflop-corpora-"));
const path = (name: string) => join(output, name);
const readIndex = () => JSON.parse(readFileSync(path("index.json"), "utf8"));

beforeAll(async () => {
	expect(await buildCorpora(root, output)).toBe(true);
});
afterAll(() => rmSync(output, { recursive: true }));

test("writes the same bytes every time, and nothing when all is there", async () => {
	// Changing the cleaning changes the texts, their hashes, and with them the identity of every run: do it knowingly.
	expect(readIndex()).toMatchObject([
		{ id: "sotu", documents: 233, hash: "64f236aba920230e243a35ff521e36807cec566d73960826a8511e4831279612" },
		{ id: "moby-dick", documents: 138, hash: "e5c9f8970159783cb9b2fa09ad60e91fdfc2a420b89b3d246cdbdba1b1314f08" },
		{
			id: "king-james-bible",
			documents: 1189,
			hash: "f2275cc5446a987cfa3b8dd39335397a024f1add7a1410409c1f5f0ab0166383",
		},
	]);
	expect(readdirSync(output).sort()).toEqual(["index.json", "king-james-bible.txt", "moby-dick.txt", "sotu.txt"]);
	const before = statSync(path("sotu.txt")).mtimeMs;
	expect(await buildCorpora(root, output)).toBe(false);
	expect(statSync(path("sotu.txt")).mtimeMs).toBe(before);
});

test.each([
	["a shortened text", () => truncateSync(path("sotu.txt"), 1000)],
	["a missing text", () => rmSync(path("moby-dick.txt"))],
	["a damaged index", () => writeFileSync(path("index.json"), "[")],
	["an empty index", () => writeFileSync(path("index.json"), "[]")],
	[
		"other code or data",
		() => writeFileSync(path("index.json"), JSON.stringify([{ ...readIndex()[0], build: "old" }])),
	],
])("mends %s", async (_, damage) => {
	const before = readFileSync(path("index.json"), "utf8");
	damage();
	expect(await buildCorpora(root, output)).toBe(true);
	expect(readFileSync(path("index.json"), "utf8")).toBe(before);
	expect(statSync(path("sotu.txt")).size).toBe(readIndex()[0].fileBytes);
	expect(statSync(path("moby-dick.txt")).size).toBe(readIndex()[1].fileBytes);
});

test("names the package that is missing", async () => {
	await expect(buildCorpora(tmpdir(), output)).rejects.toThrow(
		/corpus sotu: the package @stdlib\/datasets-sotu is not/,
	);
});

test("the chapters of the Bible keep their paragraphs, and lose the marks of the edition", () => {
	const { train } = unpackDocuments(new Uint8Array(readFileSync(path("king-james-bible.txt"))));
	expect(train[0]).toMatch(
		/^In the beginning God created .* the first day\.\n\nAnd God said, Let there be a firmament /,
	);
	expect(train.join("")).not.toMatch(/[#[\]\d]/);
});

// A psalm of two verses is a chapter too.
describe.each([
	[0, 200],
	[1, 200],
	[2, 150],
])("corpus %i", (number, shortest) => {
	const read = () => {
		const entry = readIndex()[number];
		const packed = new Uint8Array(readFileSync(path(`${entry.id}.txt`)));
		return { entry, packed, ...unpackDocuments(packed) };
	};

	test("index and file agree", () => {
		const { entry, packed, train, validation } = read();
		const count = (documents: string[]) => documents.reduce((sum, document) => sum + Buffer.byteLength(document), 0);
		expect(entry.hash).toBe(createHash("sha256").update(packed).digest("hex"));
		expect(entry.trainBytes).toBe(count(train));
		expect(entry.bytes).toBe(count(train) + count(validation));
		expect(entry.documents).toBe(train.length + validation.length);
		expect(entry.source).toMatch(/public domain/);
	});

	test("is clean, and no document is both trained on and held out", () => {
		const { entry, train, validation } = read();
		for (const document of [...train, ...validation]) {
			expect(cleanText(document)).toBe(document);
			expect(document.length).toBeGreaterThan(shortest);
			expect(document).not.toMatch(/&[a-z]+;|\[p\.\d|Gutenberg/);
		}
		expect(new Set([...train, ...validation]).size).toBe(entry.documents);
		const share = 1 - entry.trainBytes / entry.bytes;
		expect(share).toBeGreaterThan(0.05);
		expect(share).toBeLessThan(0.1);
	});
});
