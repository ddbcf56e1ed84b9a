import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Remote } from "comlink";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openCorpora } from "../../src/node/files/corpora.ts";
import { buildCorpora } from "../../src/node/setup/corpora.mjs";
import { sha256 } from "../../src/run/canonical-json.ts";
import type { CorporaWorker } from "./corpora-worker.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "isoflop-page-"));
let server: ViteDevServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
	await buildCorpora(root);
	server = await createServer({
		root,
		configFile: false,
		logLevel: "error",
		cacheDir: join(folder, "vite"),
		server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
		optimizeDeps: { noDiscovery: true, include: ["comlink", "js-tiktoken/ranks/gpt2"] },
	});
	await server.listen();
	browser = await chromium.launch({ executablePath: inject("chromium"), args: ["--no-sandbox"] });
	context = await browser.newContext();
	page = await context.newPage();
	await openWorker();
});
afterAll(async () => {
	await browser?.close();
	await server?.close();
	rmSync(folder, { recursive: true });
});

declare global {
	var corpora: Remote<CorporaWorker>;
}

/** Opens (again) an empty page of the server, with the worker in `corpora`. */
async function openWorker(): Promise<void> {
	await page.goto(`${server.resolvedUrls?.local[0]}corpora/index.json`);
	// As text, because Vitest rewrites imports in functions.
	await page.evaluate(`import("/node_modules/comlink/dist/esm/comlink.mjs").then(({ wrap }) => {
		globalThis.corpora = wrap(new Worker("/test/page/corpora-worker.ts", { type: "module" }));
	})`);
}

const load = (id: string, vocabulary: number) =>
	page.evaluate(([id, vocabulary]) => corpora.load(id, vocabulary), [id, vocabulary] as const);

test("the worker has the same corpora and tokens as the command line, keeps them, and mends damaged ones", async () => {
	const node = openCorpora({ cache: join(folder, "tokens") });
	expect(await page.evaluate(() => corpora.corpusInfo())).toEqual(await node.corpusInfo());
	const { train, validation } = await node.loadTokenized("moby-dick", 512);
	const expected = await sha256(
		new Uint8Array(Buffer.concat([train, validation].map(({ buffer }) => Buffer.from(buffer)))),
	);

	const first = await load("moby-dick", 512);
	expect(first.hash).toBe(expected);
	expect(first.progress.length).toBeGreaterThan(10);
	expect(first.progress.every(([done], i) => i === 0 || done >= first.progress[i - 1][0])).toBe(true);
	expect(first.progress.at(-1)?.[0]).toBe(first.progress[0][1]);

	await openWorker();
	const kept = await load("moby-dick", 512);
	expect(kept.hash).toBe(expected);
	expect(kept.progress).toHaveLength(1);

	expect(await page.evaluate(() => corpora.damageTokens())).toBe(1);
	const mended = await load("moby-dick", 512);
	expect(mended.hash).toBe(expected);
	expect(mended.progress.length).toBeGreaterThan(10);
	expect((await load("moby-dick", 512)).progress).toHaveLength(1);
});

test("a text of the user is still there after a reload, and one of the same name replaces it", async () => {
	const add = (sentence: string) =>
		page.evaluate((text) => corpora.addTextFile("my text/ü.txt", text), sentence.repeat(1000));
	const own = async () =>
		(await page.evaluate(() => corpora.corpusInfo())).filter(({ id }) => id === "file:my text/ü.txt");
	await add("Call me Ishmael. ".repeat(3));
	const info = await add("Some years ago, never mind how long precisely. ");
	expect(await own()).toEqual([info]);
	const { hash } = await load(info.id, 300);
	await openWorker();
	expect(await own()).toEqual([info]);
	expect(await load(info.id, 256)).toHaveProperty("hash");
	expect((await load(info.id, 300)).hash).toBe(hash);
	await expect(add("")).rejects.toThrow("my text/ü.txt is empty");
});

test("a server without the corpora gets a clear message", async () => {
	await context.route("**/corpora/index.json", (route) => route.fulfill({ body: "<html></html>" }));
	await openWorker();
	await expect(page.evaluate(() => corpora.corpusInfo())).rejects.toThrow(
		"corpora/index.json is missing on this server",
	);
	await context.unroute("**/corpora/index.json");
});
