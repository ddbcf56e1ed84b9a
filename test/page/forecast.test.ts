import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readRunLines } from "../../src/run/run-lines.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { accessibilityViolations, giveTunings, launchBrowser, openPage } from "./browser.ts";

/** Ten tiny runs take seconds, and the kernels half a minute to measure, on a software adapter that has the processors for itself. */
const TRAINING = 15 * 60_000;

const study = validateStudy({
	...{ name: "five sizes", corpora: ["sotu"], vocabularies: [256], context: 16, batchSequences: [8] },
	sizes: [8, 12, 16, 24, 32].map((width) => ({ width, layers: 1, heads: 2 })),
	...{ learningRates: [0.01], seeds: [1, 2], steps: [150], validationSequences: 8 },
});

let browser: Browser;
let context: BrowserContext;
beforeAll(async () => {
	browser = await launchBrowser();
	context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
});
afterAll(async () => {
	await context?.close();
	await browser?.close();
});

const panel = (page: Page) => page.locator("isoflop-forecast-panel");
const status = (page: Page) => page.locator("isoflop-run-bar");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function openStudy(): Promise<{ page: Page; complaints: string[] }> {
	const watched = await openPage(context, "#/study?preset=smoke");
	await status(watched.page)
		.getByText(/none trained yet/)
		.waitFor();
	await watched.page.locator("isoflop-study-editor input[type=file]").setInputFiles({
		...{ name: "study.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(study)) },
	});
	return watched;
}

async function choose(page: Page, name: string): Promise<void> {
	const select = panel(page).getByRole("combobox", { name: "Set aside", exact: true });
	await select.focus();
	await page.keyboard.press("Enter");
	await page.getByRole("option", { name, exact: true }).waitFor();
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
}

describe("a sealed forecast", () => {
	it("is chosen by keyboard, and the choice outlives a reload", async () => {
		const { page } = await openStudy();
		await status(page).getByText("10 runs, none trained yet").waitFor();
		await choose(page, "The largest size");
		await panel(page).getByText("2 runs of the largest size wait until the other 8 have trained").waitFor();
		expect(await accessibilityViolations(page)).toEqual([]);
		await page.close();
		const { page: again } = await openStudy();
		await panel(again).getByText("2 runs of the largest size wait until the other 8 have trained").waitFor();
		await again.close();
	});

	it("is sealed once the kept runs have trained, and judged by those set aside", { timeout: TRAINING }, async () => {
		const { page, complaints } = await openStudy();
		await giveTunings(page);
		await panel(page).getByText("Press Run: the kept runs train first").waitFor();
		await button(page, "Run").click();
		await panel(page)
			.getByText(/^Sealed .*: 2 runs of the largest size set aside, predicted from 8 runs of the rest\./)
			.waitFor({ timeout: TRAINING });
		await panel(page)
			.getByText(/Closest over 2 runs is|No law predicts all/)
			.waitFor({ timeout: TRAINING });
		await status(page).getByText("All 10 runs finished and stored").waitFor({ timeout: TRAINING });
		await panel(page)
			.getByRole("img", { name: /2 runs came out/ })
			.waitFor();
		expect(await accessibilityViolations(page)).toEqual([]);
		expect(complaints).toEqual([]);
		await page.close();
	});

	it("survives a reload as it was, with its verdict", { timeout: TRAINING }, async () => {
		const { page } = await openPage(context, "#/study?preset=smoke");
		await status(page)
			.getByText(/stored|none trained yet/)
			.waitFor();
		await page.locator("isoflop-study-editor input[type=file]").setInputFiles({
			...{ name: "study.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(study)) },
		});
		await panel(page)
			.getByText(/Closest over 2 runs is|No law predicts all/)
			.waitFor({ timeout: TRAINING });
		expect(await panel(page).getByRole("combobox").count()).toBe(0);
		const [saved] = await Promise.all([page.waitForEvent("download"), button(page, "Runs, JSONL").click()]);
		const { results } = readRunLines(await readFile(await saved.path(), "utf8"));
		expect(results).toHaveLength(10);

		const next = page.locator("isoflop-next-run-panel");
		await next.getByText(/By Method 3|No run can be suggested/).waitFor({ timeout: TRAINING });
		const add = next.getByRole("button", { name: /^Add / }).first();
		if (await add.count()) {
			await add.click();
			await status(page).getByText("10 of 12 runs stored; Run trains the rest").waitFor();
		}
		await page.close();
	});
});

it("a browser with runs of an older version keeps them", async () => {
	const old = await browser.newContext();
	const page = await old.newPage();
	await page.goto(`${inject("pageUrl")}corpora/index.json`);
	const open = (version?: number) =>
		page.evaluate(
			(version) =>
				new Promise<{ version: number; stores: string[]; runs: unknown[] }>((resolve, reject) => {
					const request = indexedDB.open("isoflop", version);
					request.onupgradeneeded = () => {
						request.result.createObjectStore("runs", { keyPath: "id" }).put({ id: "0123456789abcdef" });
					};
					request.onerror = () => reject(request.error);
					request.onsuccess = () => {
						const db = request.result;
						const all = db.transaction("runs").objectStore("runs").getAll();
						all.onsuccess = () => {
							db.close();
							resolve({ version: db.version, stores: [...db.objectStoreNames], runs: all.result });
						};
					};
				}),
			version,
		);
	expect(await open(1)).toEqual({ version: 1, stores: ["runs"], runs: [{ id: "0123456789abcdef" }] });
	const { page: lab } = await openPage(old, "#/study?preset=smoke");
	await status(lab)
		.getByText(/none trained yet/)
		.waitFor();
	await lab.close();
	expect(await open()).toEqual({
		version: 3,
		stores: ["forecasts", "notes", "runs"],
		runs: [{ id: "0123456789abcdef" }],
	});
	await old.close();
});
