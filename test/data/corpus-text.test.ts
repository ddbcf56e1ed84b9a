import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	cleanLines,
	cleanText,
	corpusHash,
	packDocuments,
	splitDocuments,
	unpackDocuments,
} from "../../src/data/corpus-text.mjs";

/** Text rich in what cleaning is about. */
const dirtyText = fc.string({
	unit: fc.oneof(
		fc.constantFrom(
			"\r",
			"\n",
			"\r\n",
			"\t",
			" ",
			"\0",
			"\f",
			"\v",
			"\u0085",
			"\u2028",
			"\ufeff",
			"e",
			"\u0301",
			"\u009f",
		),
		fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
	),
	maxLength: 200,
});

describe("cleanText", () => {
	test.each([
		["line ends", "a\r\nb\rc\u2028d\u0085e\ff", "a\nb\nc\nd\ne\nf"],
		["control characters", "\ufeffa\0b\u0002c\u007fd\u009be", "abcde"],
		["blanks at line ends", "a \t\n\tb  ", "a\n\tb"],
		["blank lines", "\n \na\n\n \n\nb\n", "a\n\nb"],
		["composition, also when a control character comes between", "Zoe\u0308 Zoe\0\u0308", "Zoë Zoë"],
	])("%s", (_, dirty, clean) => {
		expect(cleanText(dirty)).toBe(clean);
	});

	test("changes nothing when applied again", () => {
		fc.assert(
			fc.property(dirtyText, (text) => {
				const clean = cleanText(text);
				expect(cleanText(clean)).toBe(clean);
				expect(cleanLines(clean)).toBe(clean);
				expect(clean).not.toMatch(/[\f\r\0]| \n|\n\n\n|^\s|\s$/);
			}),
			{ numRuns: 500 },
		);
	});

	test("takes linear time for a line of blanks", () => {
		const started = performance.now();
		expect(cleanText(`a${" ".repeat(1_000_000)}b`)).toHaveLength(1_000_002);
		expect(performance.now() - started).toBeLessThan(2000);
	});
});

test("splitDocuments: disjoint, complete, in order, 4 to 10 % from everywhere", () => {
	for (const count of [16, 17, 40, 138, 233, 1000]) {
		const documents = Array.from({ length: count }, (_, i) => String(i));
		const { train, validation } = splitDocuments(documents);
		expect([...train, ...validation].sort()).toEqual([...documents].sort());
		expect(train).toEqual(documents.filter((document) => !validation.includes(document)));
		expect(validation.length / count).toBeGreaterThan(0.04);
		expect(validation.length / count).toBeLessThan(0.1);
		const gaps = validation.slice(1).map((document, i) => Number(document) - Number(validation[i]));
		expect(Math.max(Number(validation[0]), ...gaps, count - 1 - Number(validation.at(-1)))).toBeLessThanOrEqual(16);
	}
});

const documents = fc.array(
	dirtyText.map(cleanText).filter((text) => text !== ""),
	{ minLength: 1, maxLength: 5 },
);

test("packed documents are unpacked the same, and the hash is the file's SHA-256", async () => {
	await fc.assert(
		fc.asyncProperty(documents, documents, async (train, validation) => {
			const packed = packDocuments({ train, validation });
			expect(unpackDocuments(packed)).toEqual({ train, validation });
			expect(await corpusHash(packed)).toBe(createHash("sha256").update(packed).digest("hex"));
		}),
	);
});

test("the hash tells where documents end and which are held out", async () => {
	const splits = [
		{ train: ["a", "b"], validation: ["c"] },
		{ train: ["a"], validation: ["b", "c"] },
		{ train: ["a\nb"], validation: ["c"] },
		{ train: ["b", "a"], validation: ["c"] },
	];
	const hashes = await Promise.all(splits.map((split) => corpusHash(packDocuments(split))));
	expect(new Set(hashes).size).toBe(splits.length);
});
