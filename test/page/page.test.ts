import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import { readRunLines } from "../../src/run/run-lines.ts";
import type { Study } from "../../src/study/study.ts";
import { studySize } from "../../src/study/study-axes.ts";
import { packStudy } from "../../src/study/study-link.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import {
	accessibilityViolations,
	giveTunings,
	keepTunings,
	launchBrowser,
	openPage,
	type WatchedPage,
} from "./browser.ts";

/** The smoke study takes a minute or two on a software adapter that has the processors for itself; others may not. */
const TRAINING = 15 * 60_000;

const [smoke, reconcile] = ["smoke", "reconcile"].map((id) => presets.find((preset) => preset.id === id)!.study) as [
	Study,
	Study,
];
const none = (study: Study) => `${studySize(study)} runs, none trained yet`;
const all = `All ${studySize(smoke)} runs finished and stored`;

/** Compressed bytes of script that the page loaded before it had more pages than the study. */
const MAX_SCRIPT = 140_652;

const SCREENSHOTS = "test/screenshots";
const SCREENS = [
	[1440, 900],
	[1280, 720],
	[390, 844],
] as const;

let browser: Browser;

beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(() => browser?.close());

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const status = (page: Page) => page.locator("isoflop-run-bar");

/** Gives files to a browser that has no runs yet. */
async function withFiles(paths: string[], hash: string, use: (page: Page) => Promise<void>): Promise<void> {
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	const { page } = await openPage(context, hash);
	await status(page)
		.getByText(/none trained yet/)
		.waitFor();
	const files = paths.map(async (path) => {
		const name = path.endsWith(".json") ? "study.json" : "runs.jsonl";
		return { name, mimeType: "application/json", buffer: await readFile(path) };
	});
	await page.locator("isoflop-study-editor input[type=file]").setInputFiles(await Promise.all(files));
	await page.getByText("Runs added.").waitFor();
	await page.getByRole("button", { name: "Close" }).click();
	await use(page);
	await context.close();
}

/** Where the parts of the page begin, in CSS pixels from the top. */
function positions(page: Page): Promise<(number | undefined)[]> {
	const parts = [
		"isoflop-figure >> nth=0",
		"isoflop-coefficient-table",
		"isoflop-methods-panel isoflop-figure",
		"isoflop-exponent-table",
		"isoflop-runs-panel isoflop-figure",
		"isoflop-run-table",
	];
	return Promise.all(parts.map(async (part) => (await page.locator(part).boundingBox())?.y));
}

interface Tab {
	/** Frames that were asked for while the tab was hidden. */
	asked: FrameRequestCallback[];
	own: { requestAnimationFrame: typeof requestAnimationFrame; setTimeout: typeof setTimeout };
}

/** Does to a page what a browser does to a hidden tab: it draws no frames, and its timers wait a second. */
function hideTab(): void {
	const { requestAnimationFrame, setTimeout } = window;
	const tab: Tab = { asked: [], own: { requestAnimationFrame, setTimeout } };
	Object.assign(window, { tab });
	window.requestAnimationFrame = (callback) => tab.asked.push(callback);
	const slow = (callback: () => void, delay = 0) => setTimeout(callback, Math.max(1000, delay));
	Object.assign(window, { setTimeout: slow });
	Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
	document.dispatchEvent(new Event("visibilitychange"));
}

function showTab(): void {
	const { tab } = window as unknown as { tab: Tab };
	Object.assign(window, tab.own);
	Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "visible" });
	document.dispatchEvent(new Event("visibilitychange"));
	for (const callback of tab.asked) requestAnimationFrame(callback);
}

describe("the smoke study in the page", () => {
	let context: BrowserContext;
	let watched: WatchedPage;
	let page: Page;
	beforeAll(async () => {
		context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
		watched = await openPage(context);
		page = watched.page;
	});
	afterAll(() => context.close());

	it("trains on Run and shows two coefficients with intervals", { timeout: TRAINING }, async () => {
		await page.getByRole("radio", { name: "Smoke test" }).click();
		await status(page).getByText(none(smoke)).waitFor();
		const before = await positions(page);
		await button(page, "Run").click();
		await button(page, "Pause").waitFor();
		await status(page).getByText(all).waitFor({ timeout: TRAINING });
		expect(await keepTunings(page)).toBe(1);
		for (const row of ["All parameters", "Without embeddings"]) {
			const best = page.getByRole("row", { name: row }).getByRole("cell").first();
			await expect
				.poll(() => best.innerText(), { timeout: 30_000 })
				.toMatch(/^\s*[\d.]+\s+[−\d.]+ to [\d.]+\s+\d runs/);
		}
		const chart = page.locator("isoflop-result-panel").getByRole("img", { name: /^Best model size against compute/ });
		expect(await chart.getAttribute("aria-label")).toMatch(/All parameters: \d points.*Without embeddings: \d points/);
		expect(await positions(page), "nothing moves as data arrive").toEqual(before);
	});

	it("has no accessibility violations, light and dark", async () => {
		await page.emulateMedia({ colorScheme: "light" });
		expect(await accessibilityViolations(page)).toEqual([]);
		await button(page, "Dark").click();
		// Colors fade into the other theme.
		await page.evaluate(() =>
			Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => {}),
		);
		expect(await accessibilityViolations(page)).toEqual([]);
		await button(page, "Light").click();
	});

	it("shows the stored runs after a reload, without a click", async () => {
		await page.goto(`${page.url().split("#")[0]}#preset=smoke`);
		await page.reload();
		await status(page).getByText(all).waitFor();
		await expect.poll(() => page.locator("isoflop-run-table tbody tr").count()).toBe(studySize(smoke));
		const best = page.getByRole("row", { name: "All parameters" }).getByRole("cell").first();
		await expect.poll(() => best.innerText(), { timeout: 30_000 }).toMatch(/[\d.]+ to [\d.]+/);
		expect(await button(page, "Run").isDisabled()).toBe(true);
	});

	it("saves runs that the command line reads, and takes them back", async () => {
		const [saved] = await Promise.all([page.waitForEvent("download"), button(page, "Runs, JSONL").click()]);
		expect(saved.suggestedFilename()).toBe("smoke-runs.jsonl");
		const path = (await saved.path()) as string;
		const { results, torn } = readRunLines(await readFile(path, "utf8"));
		expect(torn).toBe(false);
		expect(results).toHaveLength(studySize(smoke));
		for (const { status: end, curve } of results) {
			expect(end).toBe("finished");
			expect(curve.loss.at(-1)).toBeLessThan(curve.loss[0]!);
		}
		await withFiles([path], "#preset=smoke", async (other) => {
			await status(other).getByText(all).waitFor();
			const table = (shown: Page) => shown.locator("isoflop-coefficient-table tbody").innerText();
			await expect.poll(() => table(other), { timeout: 30_000 }).toBe(await table(page));
		});
	});

	it("fits every screen, and leaves pictures in test/screenshots", async () => {
		for (const colorScheme of ["light", "dark"] as const) {
			await page.emulateMedia({ colorScheme });
			await page.evaluate(() => scrollTo(0, 0));
			for (const [width, height] of SCREENS) {
				await page.setViewportSize({ width, height });
				expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
				await page.screenshot({ path: `${SCREENSHOTS}/smoke-${colorScheme}-${width}.png` });
			}
		}
	});

	it("sorts the run table by a click on a heading", async () => {
		const losses = async () => {
			const cells = await page.locator("isoflop-run-table tbody tr td:last-child").allInnerTexts();
			return cells.map(Number);
		};
		await page.getByRole("button", { name: "Validation loss" }).click();
		expect(await losses()).toEqual([...(await losses())].sort((a, b) => a - b));
		await page.getByRole("button", { name: "Validation loss" }).click();
		expect(await losses()).toEqual([...(await losses())].sort((a, b) => b - a));
	});

	it("complains about nothing and asks no other host", () => {
		expect(watched.complaints).toEqual([]);
	});
});

describe("the controls", () => {
	it("run, pause, resume and stop by keyboard alone", async () => {
		const context = await browser.newContext();
		const { page, complaints } = await openPage(context, "#preset=smoke");
		await giveTunings(page);
		await status(page).getByText(none(smoke)).waitFor();
		await page.locator("body").focus();
		const focused = () =>
			page.evaluate(() => {
				let element = document.activeElement;
				// Into the elements of the page, as far as the button's own.
				while (element?.shadowRoot?.activeElement && element.localName !== "wa-button")
					element = element.shadowRoot.activeElement;
				return element?.textContent?.trim();
			});
		// Past the navigation.
		await page.keyboard.press("Tab");
		expect(await focused()).toBe("Skip to the page");
		await page.keyboard.press("Enter");
		for (let i = 0; i < 3 && (await focused()) !== "Run"; i++) await page.keyboard.press("Tab");
		expect(await focused()).toBe("Run");
		await page.keyboard.press("Enter");
		await button(page, "Pause").waitFor();
		await status(page)
			.getByText(/training \d+ of width/)
			.waitFor({ timeout: 60_000 });
		await page.keyboard.press("Space");
		await status(page)
			.getByText(/paused/)
			.waitFor();
		await page.keyboard.press("Space");
		await button(page, "Pause").waitFor();
		await page.keyboard.press("Tab");
		await page.keyboard.press("Enter");
		await page.getByText("Stopped.", { exact: true }).first().waitFor({ timeout: 60_000 });
		expect(await button(page, "Run").isEnabled()).toBe(true);
		expect(await button(page, "Stop").isDisabled()).toBe(true);
		expect(complaints).toEqual([]);
		await context.close();
	});

	it("need not be watched: a hidden tab trains to the end, and shows it when it is seen again", async () => {
		const context = await browser.newContext();
		const brief = {
			...smoke,
			name: "brief",
			sizes: [{ width: 8, layers: 1, heads: 2, steps: 400 }],
			learningRates: [0.01],
		};
		const { page, complaints } = await openPage(context, `#/study?study=${await packStudy(validateStudy(brief))}`);
		await giveTunings(page);
		await status(page).getByText("1 run, none trained yet").waitFor();
		await button(page, "Run").click();
		await button(page, "Pause").waitFor();
		await page.evaluate(hideTab);
		await status(page).getByText("All 1 run finished and stored").waitFor({ timeout: 60_000 });
		await page.evaluate(showTab);
		await page
			.locator("isoflop-runs-panel")
			.getByRole("img", { name: /1 curve/ })
			.waitFor();
		expect(complaints).toEqual([]);
		await context.close();
	});

	it("say so when another tab runs the same study", async () => {
		const context = await browser.newContext();
		const first = (await openPage(context, "#preset=smoke")).page;
		const second = (await openPage(context, "#preset=smoke")).page;
		await giveTunings(first);
		await first.bringToFront();
		await button(first, "Run").click();
		await status(first)
			.getByText(/training \d+ of width/)
			.waitFor({ timeout: 60_000 });
		await second.bringToFront();
		await button(second, "Run").click();
		await second
			.getByText(/This study is running in another tab/)
			.first()
			.waitFor();
		await context.close();
	});
});

describe("before anything runs", () => {
	it("loads little script until the study is shown", async () => {
		// What is kept for later visits without a network comes after the page, in the background.
		const context = await browser.newContext({ serviceWorkers: "block" });
		const scripts = new Map<string, Promise<Buffer>>();
		context.on("response", (response) => {
			const { pathname } = new URL(response.url());
			const isWorkers = /\/(worker|analysis-worker|gpt2|bpe-tokenizer)-[^/]*$/.test(pathname);
			if (pathname.endsWith(".js") && !isWorkers) scripts.set(pathname, response.body());
		});
		const { page } = await openPage(context);
		// What an adapter that computes on the processor finishes soonest.
		await page.getByText(none(smoke)).waitFor();
		const loaded = [...scripts.values()];
		context.removeAllListeners("response");
		const sizes = (await Promise.all(loaded)).map((script) => gzipSync(script).length);
		expect(sizes.length).toBeGreaterThan(1);
		expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_SCRIPT);
		await context.close();
	});

	it("an address picks a preset, at most", async () => {
		const context = await browser.newContext();
		const { page } = await openPage(context, "#preset=reconcile");
		await status(page).getByText(none(reconcile)).waitFor();
		expect(await page.getByRole("radio", { name: "Reconcile" }).isChecked()).toBe(true);
		const other = (await openPage(context, "#preset=constructor&run=1")).page;
		await status(other).getByText(none(smoke)).waitFor();
		await expect.poll(() => button(other, "Run").isEnabled()).toBe(true);
		await context.close();
	});

	it("a wrong value is explained beside its field and cannot run", async () => {
		const context = await browser.newContext();
		const { page } = await openPage(context, "#preset=smoke");
		await page.getByText("Change the study").click();
		await page.getByLabel("Learning rates").fill("0.01, -3");
		await page.keyboard.press("Enter");
		await page.getByText("study: learningRates[1] is -3; it must be a number from 0.00000001 to 10").first().waitFor();
		expect(await button(page, "Run").isDisabled()).toBe(true);
		await page.getByLabel("Learning rates").fill("0.01");
		await page.keyboard.press("Enter");
		await status(page)
			.getByText(none({ ...smoke, learningRates: [0.01] }))
			.waitFor();
		expect(await button(page, "Run").isEnabled()).toBe(true);
		expect(await accessibilityViolations(page)).toEqual([]);
		await context.close();
	});

	it("a chosen text becomes the study's corpus", async () => {
		const context = await browser.newContext();
		const { page, complaints } = await openPage(context, "#preset=smoke");
		await status(page).getByText(none(smoke)).waitFor();
		const text = Array.from(
			{ length: 400 },
			(_, i) => `Chapter ${i}.\n\nIt was the ${i}th day, and nothing happened.\n`,
		);
		await page
			.locator("isoflop-study-editor input[type=file]")
			.setInputFiles({ name: "diary.txt", mimeType: "text/plain", buffer: Buffer.from(text.join("\n")) });
		await page
			.getByText(/diary\.txt \(.* bytes\) is now the text of this study/)
			.first()
			.waitFor();
		await page.getByText(/Runs repeat the corpus "file:diary.txt"/).waitFor();
		expect(complaints).toEqual([]);
		await context.close();
	});

	it("nothing is wider than a phone", async () => {
		const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
		const { page } = await openPage(context, "#preset=reconcile");
		await status(page).getByText(none(reconcile)).waitFor();
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
		expect(await accessibilityViolations(page)).toEqual([]);
		await context.close();
	});
});

// Pictures of a folder that `isoflop run` has written: ISOFLOP_FOLDER=runs/reconcile npx vitest run --project page -t folder
const folder = process.env.ISOFLOP_FOLDER;
if (folder) {
	it("shows a folder of the command line with its fits", async () => {
		await withFiles([`${folder}/study.json`, `${folder}/runs.jsonl`], "", async (page) => {
			await page.getByText(/1000 bootstrap resamples/).waitFor({ timeout: 60_000 });
			await page.evaluate(() => scrollTo(0, 0));
			await page.screenshot({ path: `${SCREENSHOTS}/folder.png` });
			await page.screenshot({ path: `${SCREENSHOTS}/folder-full.png`, fullPage: true });
			await page.emulateMedia({ colorScheme: "dark" });
			await page.setViewportSize({ width: 1280, height: 720 });
			await page.screenshot({ path: `${SCREENSHOTS}/folder-dark-1280.png` });
		});
	});
}

describe("without WebGPU", () => {
	it("says what to do in the visitor's own browser, and which others could", async () => {
		const bare = await launchBrowser({ webgpu: false });
		try {
			const { page, complaints } = await openPage(await bare.newContext());
			const title = page.getByRole("heading", {
				name: /This browser (does not offer WebGPU|finds no GPU it can use)/,
			});
			await title.waitFor();
			await page.getByRole("heading", { name: /^Chrom(e|ium) \d+ on / }).waitFor();
			for (const name of ["Chrome, Edge", "Safari", "Firefox"]) await page.getByText(name, { exact: true }).waitFor();
			expect(await accessibilityViolations(page)).toEqual([]);
			await page.setViewportSize({ width: 360, height: 700 });
			expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
			expect(complaints).toEqual([]);
		} finally {
			await bare.close();
		}
	});

	it("says that the page must come over https, wherever it does not", async () => {
		const context = await browser.newContext({ serviceWorkers: "block" });
		const page = await context.newPage();
		const host = "http://school.example/";
		await page.route(`${host}**`, async (route) => {
			const url = route.request().url().replace(host, inject("pageUrl"));
			await route.fulfill({ response: await route.fetch({ url }) });
		});
		await page.goto(host);
		await page.getByRole("heading", { name: "This page must be opened over https or from localhost" }).waitFor();
		expect(await page.getByText("Browsers that have WebGPU").count()).toBe(0);
		// Files may still be on their way; an answer to a closed context is an error.
		await page.unrouteAll({ behavior: "wait" });
		await context.close();
	});
});
