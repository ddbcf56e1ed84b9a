import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser, Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeModel } from "../../src/model/trained-model.ts";
import { buildCorpora } from "../../src/node/setup/corpora.mjs";
import type { StudyEvent } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { Study } from "../../src/study/study.ts";
import type { RunOutcome } from "../../src/worker/protocol.ts";
import { studyWith } from "../study/fixtures.ts";
import { giveTunings, keepTunings, launchBrowser } from "./browser.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "isoflop-page-"));
let server: ViteDevServer;
let browser: Browser;

beforeAll(async () => {
	await buildCorpora(root);
	server = await createServer({
		root,
		configFile: false,
		logLevel: "error",
		cacheDir: join(folder, "vite"),
		server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
		optimizeDeps: {
			noDiscovery: true,
			include: ["comlink", "idb", "valibot", "webgpu-utils", "js-tiktoken/ranks/gpt2"],
		},
	});
	await server.listen();
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
	await server?.close();
	rmSync(folder, { recursive: true });
});

declare global {
	/**
	 * Runs a study in the page's own training worker; stops it, or has the GPU process crash, at the first event of a type,
	 * if one is given. It may crash again after each recovery.
	 */
	var runStudyHere: (
		study: Study,
		stopAt?: StudyEvent["type"],
		crashAt?: StudyEvent["type"],
		crashes?: number,
	) => Promise<{ outcome: RunOutcome; events: StudyEvent[] }>;
}

/** Opens (again) an empty page of the server, with the training worker. */
async function openWorker(page: Page): Promise<void> {
	await page.goto(`${server.resolvedUrls?.local[0]}corpora/index.json`);
	// As text, because Vitest rewrites imports in functions.
	await page.evaluate(`import("/node_modules/comlink/dist/esm/comlink.mjs").then(({ wrap, proxy }) => {
		const lab = wrap(new Worker("/src/worker/worker.ts", { type: "module" }));
		globalThis.runStudyHere = async (study, stopAt, crashAt, crashes = 1) => {
			const events = [];
			let crashed = 0;
			const recovered = () => events.filter((event) => event.type === "recovered").length;
			const outcome = await lab.run(await lab.plan(study), proxy((batch) => {
				events.push(...batch);
				if (batch.some((event) => event.type === stopAt)) lab.stop();
				if (crashed < crashes && crashed === recovered() && batch.some((event) => event.type === crashAt)) {
					crashed++;
					crashGpu();
				}
			}));
			return { outcome, events };
		};
	})`);
}

const files = (page: Page) =>
	page.evaluate(async () => {
		const root = await navigator.storage.getDirectory();
		const found: string[] = [];
		for await (const name of (await root.getDirectoryHandle("isoflop-checkpoints", { create: true })).keys())
			found.push(name);
		return found;
	});

const resultsOf = (events: StudyEvent[]) =>
	events.flatMap((event) => (event.type === "finished" ? [event.result] : []));

const study = studyWith({
	...{ corpora: ["sotu"], sizes: [{ width: 8, layers: 1, heads: 2 }], learningRates: [0.01, 0.02], steps: [300] },
	...{ batchSequences: [8], validationSequences: 32 },
});

/** Runs a study in a browser profile of its own. */
async function inProfile<Result>(work: (page: Page) => Promise<Result>): Promise<Result> {
	const context = await browser.newContext();
	try {
		const page = await context.newPage();
		await openWorker(page);
		await giveTunings(page);
		return await work(page);
	} finally {
		await context.close();
	}
}

let undisturbed: RunResult[];
beforeAll(async () => {
	undisturbed = await inProfile(async (page) => {
		const { events } = await page.evaluate((study) => runStudyHere(study), study);
		await keepTunings(page);
		return resultsOf(events);
	});
	expect(undisturbed.length).toBe(2);
});

test("a study that is stopped goes on after a reload in the middle of its runs, to the same results", async () => {
	await inProfile(async (page) => {
		const stopped = await page.evaluate((study) => runStudyHere(study, "progress"), study);
		expect(stopped.outcome).toBe("stopped");
		// One for each run in training; how many train together is measured.
		expect((await files(page)).length).toBeGreaterThan(0);
		await page.reload();
		await openWorker(page);
		const goneOn = await page.evaluate((study) => runStudyHere(study), study);
		expect(goneOn.outcome).toBe("done");
		const from = goneOn.events.flatMap((event) => (event.type === "pack" ? [event.from ?? 0] : []));
		expect(from[0]).toBeGreaterThan(0);
		expect(await files(page)).toEqual([]);
		expect(resultsOf(goneOn.events)).toEqual(undisturbed);
	});
});

test("a study survives a crash of the browser's GPU process, and ends with the same results", async () => {
	await inProfile(async (page) => {
		const session = await browser.newBrowserCDPSession();
		await page.exposeFunction("crashGpu", () => session.send("Browser.crashGpuProcess"));
		const { outcome, events } = await page.evaluate((study) => runStudyHere(study, undefined, "progress"), study);
		expect(outcome).toBe("done");
		expect(events.filter((event) => event.type === "recovered").length).toBe(1);
		expect(resultsOf(events)).toEqual(undisturbed);
	});
});

test("and two crashes", async () => {
	const long = { ...study, name: "long", steps: [1500] };
	const whole = await inProfile(async (page) => page.evaluate((study) => runStudyHere(study), long));
	await inProfile(async (page) => {
		const session = await browser.newBrowserCDPSession();
		await page.exposeFunction("crashGpu", () => session.send("Browser.crashGpuProcess"));
		const { outcome, events } = await page.evaluate((study) => runStudyHere(study, undefined, "progress", 2), long);
		expect(outcome).toBe("done");
		expect(events.filter((event) => event.type === "recovered").length).toBe(2);
		expect(resultsOf(events)).toEqual(resultsOf(whole.events));
	});
});

test("weights are kept where the reader wants them, of runs that finish, and change no result", async () => {
	await inProfile(async (page) => {
		await page.evaluate(async () => {
			const root = await navigator.storage.getDirectory();
			const folder = await root.getDirectoryHandle("isoflop-weights", { create: true });
			await folder.getFileHandle("wanted", { create: true });
		});
		const { events } = await page.evaluate((study) => runStudyHere(study), study);
		expect(resultsOf(events)).toEqual(undisturbed);
		const kept = await page.evaluate(async () => {
			const root = await navigator.storage.getDirectory();
			const folder = await root.getDirectoryHandle("isoflop-weights");
			const files: Record<string, number[]> = {};
			for await (const handle of folder.values())
				files[handle.name] = [
					...new Uint8Array(await (await (handle as FileSystemFileHandle).getFile()).arrayBuffer()),
				];
			return files;
		});
		expect(Object.keys(kept).sort()).toEqual([...undisturbed.map(({ id }) => `${id}.safetensors`), "wanted"].sort());
		for (const { id, spec } of undisturbed) {
			const model = decodeModel(Uint8Array.from(kept[`${id}.safetensors`]!));
			expect(model.config).toEqual(spec.model);
			expect(model.about).toMatchObject({ id });
			expect([...model.weights.get("wte.weight")!].some((value) => value !== 0)).toBe(true);
		}
	});
});
