import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, corpusHash, packDocuments, unpackDocuments } from "../../src/data/corpus-text.mjs";
import { describeCorpus, textCorpus } from "../../src/data/text-corpus.ts";

const sentence = "It is a way I have of driving off the spleen and regulating the circulation. ";
const story = (i: number) => `Story ${i}.\n\n${sentence.repeat(20)}`;
const share = (documents: string[], all: string[]) => documents.join("").length / all.join("").length;

test("documents end at two blank lines, and every 16th is held out", async () => {
	const stories = Array.from({ length: 40 }, (_, i) => story(i));
	const corpus = await textCorpus("my/stories.txt", stories.join("\r\n\r\n \r\n"));
	expect(corpus.id).toBe("file:my/stories.txt");
	expect(corpus.title).toBe("stories.txt");
	expect(corpus.train).toHaveLength(38);
	expect(corpus.validation).toEqual([8, 24].map((i) => cleanText(story(i))));
	expect(corpus.hash).toBe(await corpusHash(packDocuments(corpus)));
	const info = describeCorpus(corpus);
	expect(info).toMatchObject({ id: corpus.id, title: "stories.txt", hash: corpus.hash });
	expect(info.trainBytes).toBe(Buffer.byteLength(corpus.train.join("")));
	expect(info.bytes - info.trainBytes).toBe(Buffer.byteLength(corpus.validation.join("")));
});

test("documents end at a line <|endoftext|>, as in TinyStories", async () => {
	const stories = Array.from({ length: 40 }, (_, i) => story(i));
	const corpus = await textCorpus("stories.txt", stories.join("\n<|endoftext|>\n"));
	expect([...corpus.train, ...corpus.validation]).toHaveLength(40);
	expect(corpus.train.join("")).not.toContain("<|endoftext|>");
});

test.each([
	["one paragraph", sentence.repeat(5000)],
	["no blanks at all", "x".repeat(100_000)],
	["pairs of surrogates", `a${"🐋".repeat(50_000)}`],
	["lines", `${sentence}\n`.repeat(5000)],
	[
		"one document much longer than the others",
		[...Array(30).keys()].map((i) => (i === 8 ? story(i).repeat(99) : "short")).join("\n\n\n"),
	],
])("text without usable documents is cut into equal pieces: %s", async (_, text) => {
	const corpus = await textCorpus("a.txt", text);
	const all = [...corpus.train, ...corpus.validation];
	expect(all.length).toBeGreaterThanOrEqual(16);
	expect(share(corpus.validation, all)).toBeGreaterThan(0.03);
	expect(share(corpus.validation, all)).toBeLessThan(0.1);
	expect(all.join("").replace(/\s/g, "").length).toBe(text.replace(/\s/g, "").length);
	expect(unpackDocuments(packDocuments(corpus))).toEqual({ train: corpus.train, validation: corpus.validation });
});

test("is the same every time, and another one for another text", async () => {
	const text = sentence.repeat(1000);
	const [first, again, other] = await Promise.all([
		textCorpus("a.txt", text),
		textCorpus("a.txt", text),
		textCorpus("a.txt", `${text}x`),
	]);
	expect(again).toEqual(first);
	expect(other.hash).not.toBe(first.hash);
});

test("leaves out what Project Gutenberg puts around a text", async () => {
	const body = sentence.repeat(1000);
	const text = `The Project Gutenberg eBook of X\r\n\r\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\r\n${body}\r\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\r\nlicense`;
	const corpus = await textCorpus("x.txt", text);
	expect([...corpus.train, ...corpus.validation].join(" ")).not.toMatch(/Gutenberg|GUTENBERG|license/);
	expect(corpus.hash).toBe((await textCorpus("x.txt", body)).hash);
});

describe("says what is wrong, where, and what to do", () => {
	test.each([
		["empty", "", /^a\.txt is empty; a corpus needs at least 20,000.*choose a longer text/],
		["only blanks", " \n\n\n ", /^a\.txt is empty/],
		["too short", "Call me Ishmael.", /^a\.txt has 16 characters of text; a corpus needs at least 20,000/],
		[
			"binary",
			`line\nline\n\0${sentence.repeat(1000)}`,
			/^a\.txt is not a text file: it has a zero byte in line 3; choose/,
		],
		[
			"Latin-1",
			`${sentence}\n`.repeat(500) + "caf\ufffd ".repeat(500),
			/^a\.txt is not UTF-8: 500 characters .* line 501; save/,
		],
	])("%s", async (_, text, message) => {
		await expect(textCorpus("a.txt", text)).rejects.toThrow(message);
	});

	test("but a stray unreadable character passes", async () => {
		await textCorpus("a.txt", `\ufffd${sentence.repeat(1000)}`);
	});
});

test("any long enough text gives clean documents that survive packing", async () => {
	const chunk = fc
		.string({ unit: "binary", minLength: 1, maxLength: 30 })
		.map((text) => text.replace(/[\0\ufffd]/g, ""));
	await fc.assert(
		fc.asyncProperty(
			fc.array(chunk, { minLength: 5, maxLength: 30 }),
			fc.constantFrom("\n\n\n", " ", ""),
			async (chunks, glue) => {
				const text = chunks
					.map((part) => (part + sentence).repeat(20))
					.join(glue)
					.repeat(4);
				fc.pre(cleanText(text).length > 21_000);
				const corpus = await textCorpus("a.txt", text);
				expect(unpackDocuments(packDocuments(corpus))).toEqual({ train: corpus.train, validation: corpus.validation });
				expect(corpus.validation.length).toBeGreaterThan(0);
				for (const document of [...corpus.train, ...corpus.validation]) expect(cleanText(document)).toBe(document);
			},
		),
		{ numRuns: 50 },
	);
});
