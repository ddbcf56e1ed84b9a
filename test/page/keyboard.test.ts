import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { launchBrowser } from "./browser.ts";

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
}, 60_000);
afterAll(async () => {
	await browser?.close();
});

/** The focused element, its name or its text, and whether it shows that it has the focus. */
const focused = (page: Page) =>
	page.evaluate(() => {
		let element = document.activeElement;
		while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
		if (!element) return null;
		const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.textContent);
		const host = (element.getRootNode() as ShadowRoot).host;
		const name = [
			element.getAttribute("aria-label"),
			...labels,
			host?.getAttribute("label"),
			element.textContent,
			host?.textContent,
		]
			.map((text) => text?.trim().replace(/\s+/g, " "))
			.find((text) => text);
		return { tag: element.localName, name: name ?? "" };
	});

/** Presses Tab until an element with this name has the focus. */
async function tabTo(page: Page, name: RegExp, most = 200): Promise<void> {
	const passed: string[] = [];
	for (let presses = 0; presses < most; presses++) {
		await page.keyboard.press("Tab");
		const at = await focused(page);
		if (at && name.test(at.name)) return;
		passed.push(`${at?.tag} ${at?.name.slice(0, 40)}`);
	}
	throw new Error(`${name} was not reached by ${most} presses of Tab; they came to:\n${passed.join("\n")}`);
}

it("a study is chosen, trained, counted anew, saved, and a lesson answered, by keyboard alone", {
	timeout: 240_000,
}, async () => {
	const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
	page.setDefaultTimeout(60_000);
	const complaints: string[] = [];
	page.on("pageerror", (error) => complaints.push(error.message));
	await page.goto(`${inject("scriptedUrl")}?pause=5#/study?preset=minute`);
	await page.getByText("36 runs, none trained yet").waitFor();

	// The experiment stays; its smallest study is chosen by the arrows.
	await tabTo(page, /^One minute/);
	await page.keyboard.press("ArrowUp");
	await page.getByText("6 runs, none trained yet").waitFor();
	await tabTo(page, /^Change the study/);
	await page.keyboard.press("Enter");
	await tabTo(page, /^\+ 0\.005/);
	await page.keyboard.press("Enter");
	await page.getByText("9 runs, none trained yet").waitFor();

	// Past the end of the page Tab begins anew.
	await tabTo(page, /^Run$/);
	await page.keyboard.press("Enter");
	await page.getByText("All 9 runs finished and stored").waitFor();

	await tabTo(page, /^All parameters$/);
	await page.keyboard.press("ArrowLeft");
	await page.keyboard.press("ArrowLeft");
	await page
		.getByRole("status")
		.getByText(/^Everything below counts all but the embeddings/)
		.waitFor();

	await tabTo(page, /^Runs, JSONL/);
	const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
	expect(file.suggestedFilename()).toMatch(/\.jsonl$/);

	// On to a lesson.
	await tabTo(page, /^Learn$/);
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "Where power laws come from" }).waitFor();
	await tabTo(page, /^Slope of the landscape/);
	await page.keyboard.press("ArrowLeft");
	await tabTo(page, /^Show the answer/);
	await page.keyboard.press("Enter");
	await page.locator("isoflop-lesson-view isoflop-figure canvas").waitFor();
	await tabTo(page, /^Next lesson/);
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { name: "One model, one loss curve" }).waitFor();
	expect(complaints).toEqual([]);
	await page.close();
});
