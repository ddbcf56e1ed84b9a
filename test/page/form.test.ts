import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controlGroups } from "../../src/ui/pages/study/control-groups.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
}, 60_000);
afterAll(() => browser?.close());

const editor = (page: Page) => page.locator("isoflop-study-editor");
const group = (page: Page, title: string) =>
	page.locator("isoflop-study-group").filter({ has: page.locator("summary", { hasText: new RegExp(`^${title}`) }) });
/** The document as the form has it. */
const study = async (page: Page) =>
	JSON.parse(
		await editor(page)
			.locator("isoflop-study-json wa-textarea")
			.evaluate((area) => (area as HTMLTextAreaElement).value),
	);

describe("the form's folded choices", { timeout: 120_000 }, () => {
	it.each(["light", "dark"] as const)("are accessible when open: %s", async (colorScheme) => {
		const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme });
		const { page, complaints } = await openPage(context);
		await page.getByText("Change the study").click();
		for (const { title } of controlGroups) await group(page, title).locator("summary").click();
		expect(await accessibilityViolations(page)).toEqual([]);
		expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
		expect(complaints).toEqual([]);
		await context.close();
	});

	it("are reached and changed by keyboard, and say so when folded", async () => {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		const { page } = await openPage(context);
		await page.getByText("Change the study").click();
		const model = group(page, "Model");
		await model.locator("summary").focus();
		await page.keyboard.press("Enter");
		// Past the architecture to the norm.
		await page.keyboard.press("Tab");
		await page.keyboard.press("Tab");
		await page.keyboard.press("Space");
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await page.keyboard.press("Escape");
		await expect.poll(async () => (await study(page)).norms).toEqual(["layer", "rms"]);
		await expect.poll(() => model.locator("summary").innerText()).toContain("Layer norm and RMS norm");
		const optimizer = group(page, "Optimizer");
		await optimizer.locator("summary").click();
		const decay = optimizer.getByLabel("Weight decay");
		await decay.fill("11");
		await decay.press("Enter");
		await optimizer.getByRole("alert").getByText("weightDecay is 11; it must be a number from 0 to 10").waitFor();
		await decay.fill("0.2");
		await decay.press("Enter");
		await expect.poll(async () => (await study(page)).weightDecay).toBe(0.2);
		await context.close();
	});

	it("add a size, a budget, a rate with a click each, also where sizes have budgets of their own", async () => {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		const { page } = await openPage(context, "#/study?preset=minute");
		await page.getByText("Change the study").click();
		const runs = page.locator("isoflop-study-numbers dd").first();
		await expect.poll(() => runs.innerText()).toBe("36");
		await page.getByRole("button", { name: "+ 0.012" }).click();
		await expect.poll(() => runs.innerText()).toBe("48");
		await page.getByRole("button", { name: "+ 48×6×3 @ 2000000" }).click();
		await expect.poll(() => runs.innerText()).toBe("60");
		await page.getByRole("button", { name: "+ each size for twice as long" }).focus();
		await page.keyboard.press("Enter");
		await expect.poll(() => runs.innerText()).toBe("120");
		const sizes = editor(page).getByLabel("Model sizes");
		expect(await sizes.inputValue()).toContain("48×6×3 @ 4000000");
		await sizes.fill("8×1×1 @ 600 steps, 16×2×1 @ 1e6");
		await sizes.press("Enter");
		await expect
			.poll(async () => (await study(page)).sizes)
			.toEqual([
				{ width: 8, layers: 1, heads: 1, steps: 600 },
				{ width: 16, layers: 2, heads: 1, tokens: 1_000_000 },
			]);
		await context.close();
	});

	it("draw the learning rate along a run, and follow the schedule", async () => {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		const { page } = await openPage(context);
		await page.getByText("Change the study").click();
		const preview = page.locator("isoflop-rate-preview");
		await preview.getByText(/^constant/).waitFor();
		const before = await preview.locator("path").getAttribute("d");
		await page.getByRole("combobox", { name: "Learning-rate schedule" }).click();
		await page.getByRole("option", { name: "Cosine" }).click();
		await preview.getByText(/^cosine to 10 %/).waitFor();
		expect(await preview.locator("path").getAttribute("d")).not.toBe(before);
		await context.close();
	});
});
