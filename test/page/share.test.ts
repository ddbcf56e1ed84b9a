import { readFile } from "node:fs/promises";
import { deflateSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readRunLines } from "../../src/run/run-lines.ts";
import { packStudy, unpackStudy } from "../../src/study/study-link.ts";
import { madeStudy } from "../ui/made-runs.ts";
import { accessibilityViolations, launchBrowser } from "./browser.ts";

// The lab here is a scripted one: it has an adapter, and trains nothing.

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser({ webgpu: false });
});
afterAll(async () => {
	await browser?.close();
});

const study = { ...madeStudy(40), name: "Shared <b>study</b>", learningRates: [0.01], seeds: [1] };
const pack = (text: string | Uint8Array) => deflateSync(text).toString("base64url");

async function withPage(
	hash: string,
	use: (page: Page) => Promise<void>,
	options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } },
): Promise<void> {
	const context = await browser.newContext(options);
	try {
		const page = await context.newPage();
		await page.goto(`${inject("scriptedUrl")}?pause=1${hash}`);
		await page.locator("isoflop-study-page").waitFor();
		await use(page);
	} finally {
		await context.close();
	}
}

const status = (page: Page, text: string) => page.locator("isoflop-run-bar").getByText(text).waitFor();
const notice = (page: Page) => page.locator("isoflop-notice");
const hash = (page: Page) => page.evaluate(() => location.hash);

describe("a link", () => {
	it("holds the whole study, and shows it without training it", async () => {
		await withPage(
			`#/study?study=${await packStudy(study)}`,
			async (page) => {
				await notice(page).getByText("“Shared <b>study</b>” is shown. Nothing trains until you press Run.").waitFor();
				await status(page, "8 runs, none trained yet");
				await page.getByRole("button", { name: "Copy link" }).click();
				await page.getByText("Copied.").waitFor();
				const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
				expect(link.href.startsWith(inject("scriptedUrl"))).toBe(true);
				expect(await unpackStudy(link.hash.replace("#/study?study=", ""))).toEqual(study);
				expect(await accessibilityViolations(page)).toEqual([]);
				// A reload shows it again.
				await page.reload();
				await status(page, "8 runs, none trained yet");
				await page.getByRole("button", { name: "Run", exact: true }).click();
				await status(page, "All 8 runs finished and stored");
			},
			{ viewport: { width: 1440, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] },
		);
	});

	it("is shown to be copied by hand where the browser does not let the page", async () => {
		await withPage("#/study?preset=smoke", async (page) => {
			await page.evaluate(() =>
				Object.defineProperty(navigator, "clipboard", { value: { writeText: () => Promise.reject(new Error("no")) } }),
			);
			await page.getByRole("button", { name: "Copy link" }).click();
			const link = new URL(await page.getByRole("textbox", { name: "Link to this study" }).inputValue());
			expect((await unpackStudy(link.hash.replace("#/study?study=", ""))).name).toBe("smoke");
		});
	});

	it("that is hostile or damaged is refused with the reason, and changes nothing", async () => {
		await withPage("#/study?preset=smoke", async (page) => {
			await status(page, "none trained yet");
			const before = await page.locator("isoflop-run-bar").innerText();
			const good = await packStudy(study);
			for (const [text, reason] of [
				[pack(Buffer.alloc(30 * 2 ** 20, " ")), "the link unpacks to more than 1,048,576 bytes; that is the limit."],
				["x".repeat(80_000), "the link holds more than 65,536 characters; that is the limit."],
				[good.slice(0, -20), "the link is damaged"],
				["%3Cscript%3Ealert(1)%3C/script%3E", "it has characters that no packed study has"],
				[pack('{"name":"<img src=x onerror=alert(1)>"}'), "study: corpora is missing"],
				[
					pack(JSON.stringify({ ...study, sizes: [{ width: 1e9, layers: 1, heads: 1 }] })),
					"study: sizes[0].width is 1000000000",
				],
			] as const) {
				await page.evaluate((text) => {
					location.hash = `#/study?study=${text}`;
				}, text);
				await notice(page).getByText(reason).waitFor();
				await notice(page).getByText("Nothing was changed.").waitFor();
				expect(await page.locator("isoflop-run-bar").innerText()).toBe(before);
				await expect.poll(() => hash(page)).toBe("#/study?preset=smoke");
				await notice(page).getByRole("button", { name: "Close" }).click();
			}
		});
	});
});

describe("results in one file", () => {
	it("hold the study before its runs, and open on the page Runs", async () => {
		await withPage("?stored=45#/study?preset=smoke".replace("?", "&"), async (page) => {
			await status(page, "finished and stored");
			const [download] = await Promise.all([
				page.waitForEvent("download"),
				page.getByRole("button", { name: "Results", exact: true }).click(),
			]);
			const text = await readFile(await download.path(), "utf8");
			const { results, study } = readRunLines(text);
			expect(study).toMatchObject({ name: "smoke" });
			await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Runs" }).click();
			await page
				.locator("isoflop-runs-toolbar input[type=file]")
				.setInputFiles({ name: "smoke-results.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) });
			await page.getByText(`${results.length} runs added. They are the study “smoke”.`).waitFor();
			await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Replay" }).click();
			await page
				.locator("isoflop-replay-file input[type=file]")
				.setInputFiles({ name: "smoke-results.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) });
			await page.getByRole("heading", { name: `smoke-results.jsonl: ${results.length} runs` }).waitFor();
		});
	});
});
