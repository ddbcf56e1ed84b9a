import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRunLines } from "../../src/run/run-lines.ts";
import { studyWith } from "../study/fixtures.ts";
import { accessibilityViolations, giveTunings, keepTunings, launchBrowser, openPage } from "./browser.ts";

// The browser's storage full, refused, silent, and cleared while a study trains.

const study = studyWith({
	...{ name: "kept", corpora: ["sotu"], learningRates: [0.01, 0.02], steps: [200] },
	sizes: [
		{ width: 8, layers: 1, heads: 2 },
		{ width: 12, layers: 1, heads: 2 },
	],
	...{ batchSequences: [8], validationSequences: 32 },
});

/** On a software adapter that other tests may use too. */
const TRAINING = 5 * 60_000;

let browser: Browser;

beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(() => browser?.close());

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const status = (page: Page, text: string | RegExp) =>
	page.locator("isoflop-run-bar").getByText(text).waitFor({ timeout: TRAINING });
const bar = (page: Page) => page.locator("isoflop-storage-bar section");

interface Opened {
	page: Page;
	complaints: string[];
	session: CDPSession;
	origin: string;
}

/** Opens the page with the study, ready to train, in a profile of its own. `inWorker` is done in each worker before it begins. */
async function withStudy(use: (opened: Opened) => Promise<void>, inWorker = ""): Promise<void> {
	const context = await browser.newContext({ acceptDownloads: true, serviceWorkers: "block" });
	try {
		if (inWorker) await beginWorkersWith(context, inWorker);
		if (inWorker === refused) await context.addInitScript(refuseLocalStorage);
		const { page, complaints } = await openPage(context, "#preset=smoke");
		await giveTunings(page);
		await status(page, /none trained yet/);
		await page
			.locator("isoflop-study-editor input[type=file]")
			.setInputFiles({ name: "study.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(study)) });
		await status(page, "4 runs, none trained yet");
		const session = await context.newCDPSession(page);
		await use({ page, complaints, session, origin: new URL(page.url()).origin });
		await keepTunings(page);
	} finally {
		await context.unrouteAll({ behavior: "wait" });
		await context.close();
	}
}

async function beginWorkersWith(context: BrowserContext, code: string): Promise<void> {
	await context.route(/\/assets\/[^/]*worker-[^/]*\.js$/, async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: `${await response.text()}\n;${code}` });
	});
}

/** The runs of a saved file. */
async function exported(page: Page) {
	const [saved] = await Promise.all([page.waitForEvent("download"), button(page, "Runs, JSONL").click()]);
	return readRunLines(await readFile((await saved.path()) as string, "utf8")).results;
}

describe("storage that is full", () => {
	it("loses no run, says what is needed, and stores everything once there is room", {
		timeout: 2 * TRAINING,
	}, async () => {
		await withStudy(async ({ page, complaints, session, origin }) => {
			await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
			await button(page, "Run").click();
			await status(page, "All 4 runs finished, 4 in this tab only");
			await bar(page).getByText("Storage is full.").waitFor();
			expect(await bar(page).innerText()).toMatch(
				/4 finished runs are in this tab's memory only, and will be gone when it is closed\.\s+They need about \d+ KB\. The lab takes up about .+ that this browser allows/,
			);
			expect((await exported(page)).length).toBe(4);
			expect(await accessibilityViolations(page)).toEqual([]);
			await button(page, "Store again").click();
			await bar(page).getByText("Tried again; not everything could be stored.").waitFor();
			await session.send("Storage.overrideQuotaForOrigin", { origin });
			await button(page, "Store again").click();
			await status(page, "All 4 runs finished and stored");
			expect(await bar(page).count()).toBe(0);
			expect(complaints).toEqual([]);

			// Deleting must be possible without any room.
			await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
			await page.getByRole("link", { name: "Runs", exact: true }).click();
			await page.getByRole("checkbox", { name: "Select all" }).check();
			await button(page, "Delete").click();
			await page.getByText("4 runs deleted.").waitFor();
			await page.getByRole("link", { name: "Plan", exact: true }).click();
			await page.getByRole("link", { name: "Runs", exact: true }).click();
			await page.reload();
			await page.getByText("Nothing has been trained here yet").waitFor();
			expect(complaints).toEqual([]);
		});
	});
});

/** As where all data of a site are blocked. */
function refuseLocalStorage(): void {
	Object.defineProperty(window, "localStorage", {
		get() {
			throw new DOMException("Access is denied for this document.", "SecurityError");
		},
	});
}

const refused = `StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException("", "SecurityError"));
IDBFactory.prototype.open = () => {
	throw new DOMException("The user denied permission to access the database.", "SecurityError");
}`;
const silent = `{
	const { open } = IDBFactory.prototype;
	IDBFactory.prototype.open = function (...asked) {
		const request = open.apply(this, asked);
		for (const type of ["success", "error", "upgradeneeded", "blocked"])
			request.addEventListener(type, (event) => event.stopImmediatePropagation());
		return request;
	};
}`;

describe.each([
	["refused", refused, "This browser stores nothing for this page."],
	["silent", silent, "The browser's storage does not answer."],
])("storage that is %s", (_, inWorker, title) => {
	it("is told before anything trains, and runs are trained and saved as files", { timeout: 2 * TRAINING }, async () => {
		await withStudy(async ({ page, complaints }) => {
			await bar(page).getByText(title).waitFor();
			await button(page, "Run").click();
			await status(page, "All 4 runs finished, 4 in this tab only");
			expect((await exported(page)).length).toBe(4);
			expect(complaints).toEqual([]);
		}, inWorker);
	});
});

describe("storage that is cleared while a study trains", () => {
	it("gets the finished runs back from memory", { timeout: 2 * TRAINING }, async () => {
		await withStudy(async ({ page, session, origin }) => {
			await button(page, "Run").click();
			await status(page, /2 of 4 runs finished/);
			await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
			await status(page, "All 4 runs finished and stored");
			await page.getByText("Storage was cleared.").waitFor();
			await page.getByText("2 runs that were still in memory are stored again.").first().waitFor();
			await page.reload();
			await status(page, /none trained yet/);
			await page.locator("isoflop-study-editor input[type=file]").setInputFiles({
				name: "study.json",
				mimeType: "application/json",
				buffer: Buffer.from(JSON.stringify(study)),
			});
			await status(page, "All 4 runs finished and stored");
		});
	});
});
