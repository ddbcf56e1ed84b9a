import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { FigureView } from "../../src/ui/charts/figure-view.ts";
import { accessibilityViolations, launchBrowser } from "./browser.ts";

// A finished study by every method, of a lab that trains nothing.

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
});

async function withStudy(
	use: (page: Page) => Promise<void>,
	{ stored = 36, ...options }: BrowserContextOptions & { stored?: number } = {},
): Promise<void> {
	const context = await browser.newContext({ viewport: { width: 1440, height: 1400 }, ...options });
	try {
		const page = await context.newPage();
		page.setDefaultTimeout(100_000);
		const complaints: string[] = [];
		page.on("pageerror", (error) => complaints.push(error.message));
		await page.goto(`${inject("scriptedUrl")}?stored=${stored}#/study?preset=reconcile`);
		await panel(page).getByText(lead(stored)).waitFor();
		await use(page);
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
	}
}

const panel = (page: Page) => page.locator("isoflop-methods-panel");
const lead = (stored: number) => (stored === 0 ? /As soon as runs are finished/ : `From ${stored} of 36 runs`);
const tab = (page: Page, name: string) => panel(page).getByRole("tab", { name, exact: true });
const count = (page: Page, name: string) => panel(page).getByRole("radio", { name, exact: true });
const summary = (page: Page) => panel(page).locator("isoflop-figure #frame").getAttribute("aria-label");
const marks = (page: Page) =>
	panel(page)
		.locator("isoflop-figure")
		.evaluate((element) => JSON.stringify((element as FigureView).figure.marks));
const cells = (page: Page, method: string) =>
	panel(page).getByRole("row", { name: method }).first().getByRole("cell").allInnerTexts();

describe("a study by every method", () => {
	it("one switch changes every figure and the table", () =>
		withStudy(async (page) => {
			const read = async () => {
				const drawn: string[] = [];
				for (const name of ["Size", "Tokens", "Loss", "Valleys", "Contours", "Residuals", "Measured"]) {
					await tab(page, name).click();
					await expect.poll(() => marks(page)).not.toBe(drawn.at(-1));
					drawn.push(await marks(page));
				}
				return { drawn, cells: await cells(page, "Method 1, crossings") };
			};
			const loss = page.locator("isoflop-runs-panel isoflop-figure #frame");
			const total = await read();
			expect(await loss.getAttribute("aria-label")).toMatch(/against compute with all parameters/);
			await count(page, "Exact FLOP").click();
			await expect.poll(() => cells(page, "Method 1, crossings")).not.toEqual(total.cells);
			const exact = await read();
			for (const [i, text] of exact.drawn.entries()) expect.soft(text).not.toBe(total.drawn[i]);
			expect(await loss.getAttribute("aria-label")).toMatch(/against compute counted exactly/);
			// Back again, to the same digits.
			await count(page, "All parameters").click();
			await expect.poll(() => cells(page, "Method 1, crossings")).toEqual(total.cells);
		}));

	it("shows the steps of counting, the remarks of a method, and the rates, by keyboard", () =>
		withStudy(async (page) => {
			await tab(page, "Size").focus();
			await page.keyboard.press("End");
			await page.keyboard.press("Enter");
			await expect.poll(() => summary(page)).toMatch(/as more is counted\..*All parameters \(N_T\): 0\.5/);
			await expect.poll(() => summary(page)).toMatch(/Exact FLOP \(N_T\): 0\.\d/);
			await page.keyboard.press("ArrowLeft");
			await page.keyboard.press("Enter");
			await expect.poll(() => summary(page)).toMatch(/^Loss against learning rate\. 17\.4k parameters: best at 0\.006/);
			const remarks = panel(page).getByRole("button", { name: /remarks? on Method 1, convex hull/ });
			await remarks.focus();
			await page.keyboard.press("Enter");
			await panel(page).getByRole("listitem").filter({ hasText: "lower convex hull" }).first().waitFor();
			expect(await remarks.getAttribute("aria-expanded")).toBe("true");
		}));

	it.each(["light", "dark"] as const)("has nothing serious for axe, and fits a phone, in %s", (colorScheme) =>
		withStudy(
			async (page) => {
				expect(await accessibilityViolations(page)).toEqual([]);
				expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
			},
			{ colorScheme, viewport: { width: 390, height: 844 } },
		),
	);

	it("says what will be here before there are runs", () =>
		withStudy(
			async (page) => {
				expect(await panel(page).getByRole("row").count()).toBe(1 + 9);
				expect(await panel(page).locator("isoflop-figure .empty").innerText()).toMatch(/^No method has found/);
			},
			{ stored: 0 },
		));
});
