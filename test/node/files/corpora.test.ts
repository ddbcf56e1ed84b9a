import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TokenizedCorpus } from "../../../src/data/corpus.ts";
import { estimateTokens } from "../../../src/data/estimate.ts";
import { openCorpora } from "../../../src/node/files/corpora.ts";
import { buildCorpora } from "../../../src/node/setup/corpora.mjs";

const sentence = "There now is your insular city of the Manhattoes, belted round by wharves. ";
let cache: string;
beforeAll(async () => {
	await buildCorpora(resolve(import.meta.dirname, "../../.."));
});
beforeEach(() => {
	cache = mkdtempSync(join(tmpdir(), "isoflop-cache-"));
});
afterEach(() => rmSync(cache, { recursive: true }));

/** Loads and tells whether the text was tokenized or the cache was used. */
async function load(id: string, vocabulary: number, signal?: AbortSignal) {
	const progress: [number, number][] = [];
	const tokens = await openCorpora({ cache }).loadTokenized(id, vocabulary, (...p) => progress.push(p), signal);
	const [, total] = progress[0];
	expect(progress.every(([done, all], i) => all === total && (i === 0 || done >= progress[i - 1][0]))).toBe(true);
	expect(progress.at(-1)).toEqual([total, total]);
	return { tokens, fromCache: progress.length === 1 };
}

/** Whether two token streams are equal; `toEqual` takes seconds for a million numbers. */
function same(a: TokenizedCorpus, b: TokenizedCorpus): boolean {
	const equal = (x: Uint16Array, y: Uint16Array) => Buffer.from(x.buffer).equals(Buffer.from(y.buffer));
	return a.vocabulary === b.vocabulary && equal(a.train, b.train) && equal(a.validation, b.validation);
}

test("lists the built-in corpora", async () => {
	const infos = await openCorpora({ cache }).corpusInfo();
	expect(infos.map(({ id }) => id)).toEqual(["sotu", "moby-dick", "king-james-bible"]);
	for (const info of infos) {
		expect(Object.keys(info).sort()).toEqual(["bytes", "hash", "id", "title", "trainBytes"]);
		expect(info.hash).toMatch(/^[0-9a-f]{64}$/);
		expect(info.trainBytes).toBeLessThan(info.bytes);
	}
});

test("tokenizes once, then reads the cache", async () => {
	const first = await load("moby-dick", 512);
	expect(first.fromCache).toBe(false);
	expect(first.tokens.train.every((id) => id < 512)).toBe(true);
	const again = await load("moby-dick", 512);
	expect(again.fromCache).toBe(true);
	expect(same(again.tokens, first.tokens)).toBe(true);
	expect(again.tokens.corpus).toEqual(first.tokens.corpus);
	expect(readdirSync(cache)).toHaveLength(1);
	expect((await load("moby-dick", 513)).fromCache).toBe(false);
});

test.each([
	["changed", (file: Buffer) => file.fill(1, 500, 501)],
	["cut short", (file: Buffer) => file.subarray(0, 500)],
	["empty", (file: Buffer) => file.subarray(0, 0)],
])("a %s cache file is made again", async (_, damage) => {
	const { tokens } = await load("moby-dick", 257);
	const path = join(cache, readdirSync(cache)[0]);
	const good = readFileSync(path);
	writeFileSync(path, damage(Buffer.from(good)));
	const mended = await load("moby-dick", 257);
	expect(mended.fromCache).toBe(false);
	expect(same(mended.tokens, tokens)).toBe(true);
	expect(readFileSync(path).equals(good)).toBe(true);
});

test("a cache that cannot be written costs nothing but time", async () => {
	const source = openCorpora({ cache: "/dev/null/cache" });
	const tokens = await source.loadTokenized("moby-dick", 256);
	expect(same(tokens, (await load("moby-dick", 256)).tokens)).toBe(true);
});

test("cancelling leaves no file behind", async () => {
	const controller = new AbortController();
	setTimeout(() => controller.abort(new Error("stopped by the test")), 20);
	await expect(load("sotu", 2048, controller.signal)).rejects.toThrow("stopped by the test");
	expect(readdirSync(cache)).toEqual([]);
});

test("estimates are right", async () => {
	for (const info of await openCorpora({ cache }).corpusInfo()) {
		for (const vocabulary of [256, 320, 700, 3000, 50_257]) {
			const { tokens } = await load(info.id, vocabulary);
			const estimate = estimateTokens(info.trainBytes, vocabulary, info.id);
			expect(Math.abs(estimate / tokens.train.length - 1), `${info.id} at ${vocabulary}`).toBeLessThan(0.02);
		}
	}
}, 120_000);

describe("a text file of the user", () => {
	test("is a corpus under its path, and is read again when it changes", async () => {
		const path = join(cache, "mine.txt");
		writeFileSync(path, sentence.repeat(1000));
		const source = openCorpora({ cache });
		const find = async () => (await source.corpusInfo([`file:${path}`])).find(({ id }) => id === `file:${path}`);
		const info = await find();
		expect(info?.title).toBe("mine.txt");
		const tokens = await source.loadTokenized(`file:${path}`, 512);
		expect(tokens.corpus).toEqual({ id: `file:${path}`, hash: info?.hash });
		expect(tokens.train.length).toBeGreaterThan(10 * tokens.validation.length);
		await new Promise((done) => setTimeout(done, 20));
		writeFileSync(path, `${sentence.repeat(1000)}And so on.`);
		expect((await find())?.hash).not.toBe(info?.hash);
	});

	test.each([
		["file:/no/such.txt", /corpus "file:\/no\/such.txt" cannot be read: ENOENT/],
		["file:/", /corpus "file:\/" cannot be read: EISDIR/],
	])("or an error: %s", async (id, message) => {
		await expect(openCorpora({ cache }).corpusInfo([id])).rejects.toThrow(message);
		await expect(openCorpora({ cache }).loadTokenized(id, 512)).rejects.toThrow(message);
	});
});

test("names the corpora that there are when asked for another", async () => {
	const source = openCorpora({ cache });
	expect(await source.corpusInfo(["shakespeare"])).toHaveLength(3);
	await expect(source.loadTokenized("shakespeare", 512)).rejects.toThrow(
		'corpus "shakespeare" does not exist; the corpora are sotu, moby-dick, king-james-bible',
	);
});

test("says how to get the built-in corpora when they are missing", async () => {
	await expect(openCorpora({ folder: "/no/such", cache }).corpusInfo()).rejects.toThrow(/missing.*npm run corpora/);
});
