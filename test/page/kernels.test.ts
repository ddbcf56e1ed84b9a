import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { worthMeasuring } from "../../src/gpu/variants.ts";
import { TUNING_PROBLEMS } from "../../src/kernels/tuning-problems.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";

const SCREENSHOTS = "test/screenshots";
/** A software adapter compiles every variant, and other work may share its processors. */
const MEASURING = { timeout: 120_000 };

/** Subgroups of SwiftShader, which the browser runs on. */
const SUBGROUPS = { min: 4, max: 4, controlled: false };

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(() => browser?.close());

const section = (page: Page) => page.getByRole("region", { name: "Kernels on this GPU" });
const button = (page: Page, name: string) => section(page).getByRole("button", { name, exact: true });
const rows = (page: Page) => section(page).locator("tbody tr:has(td)");
const empty = (page: Page) => section(page).getByText("Not measured yet: the first Run does it.");

async function open(page: Page): Promise<void> {
	await section(page).locator("summary").focus();
	await page.keyboard.press("Enter");
	await section(page).getByText("Some kernels have several variants.").waitFor();
}

/** What holds of the section as it is now, in both themes and on a phone. */
async function checkLooks(page: Page, name: string): Promise<void> {
	for (const colorScheme of ["light", "dark"] as const) {
		await page.emulateMedia({ colorScheme });
		for (const [width, height] of [
			[1280, 720],
			[390, 844],
		] as const) {
			await page.setViewportSize({ width, height });
			// Charts take their new width a moment later.
			await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
			await section(page).scrollIntoViewIfNeeded();
			await section(page).screenshot({ path: `${SCREENSHOTS}/kernels-${name}-${colorScheme}-${width}.png` });
		}
		expect(await accessibilityViolations(page)).toEqual([]);
	}
	await page.setViewportSize({ width: 1280, height: 720 });
}

describe("the kernels on this GPU", () => {
	it("are measured, shown after a reload too, and forgotten, by keyboard", { timeout: 300_000 }, async () => {
		const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
		const { page, complaints } = await openPage(context, "#preset=smoke");
		await open(page);
		await empty(page).waitFor();
		expect(await button(page, "Forget").isDisabled()).toBe(true);
		await checkLooks(page, "none");

		await button(page, "Measure now").focus();
		await page.keyboard.press("Enter");
		await button(page, "Measuring …").waitFor();
		await section(page).getByText(`1 of ${TUNING_PROBLEMS.length} measured`).waitFor(MEASURING);
		await section(page).screenshot({ path: `${SCREENSHOTS}/kernels-measuring.png` });
		expect(await page.getByRole("button", { name: "Run", exact: true }).isDisabled()).toBe(true);
		await button(page, "Measure again").waitFor(MEASURING);
		/** The texts of the table's rows, by operation. */
		const groups = () =>
			section(page)
				.locator("tbody")
				.evaluateAll((bodies) =>
					bodies.map((body) =>
						Array.from(body.children, (row) => Array.from(row.children, (cell) => cell.textContent?.trim() ?? "")),
					),
				);
		const measured = await groups();
		expect(measured).toHaveLength(TUNING_PROBLEMS.length);
		for (const [i, { operation }] of TUNING_PROBLEMS.entries()) {
			const [title, ...trials] = measured[i]!;
			expect(title).toEqual([operation.name]);
			expect(trials.map(([variant]) => variant)).toEqual(worthMeasuring(operation, SUBGROUPS, true));
			const chosen = trials.filter(([, , choice]) => choice === "chosen");
			expect(chosen).toEqual([[expect.anything(), expect.stringMatching(/^\d+\.\d{3} ms$/), "chosen"]]);
		}
		await checkLooks(page, "measured");

		await page.reload();
		await open(page);
		await rows(page).first().waitFor();
		expect(await groups()).toEqual(measured);
		await button(page, "Forget").focus();
		await page.keyboard.press("Enter");
		await empty(page).waitFor();
		expect(await rows(page).count()).toBe(0);
		// Focus went on to what is left to do.
		await page.keyboard.press("Enter");
		await button(page, "Measure again").waitFor(MEASURING);
		await button(page, "Forget").click();
		await page.reload();
		await open(page);
		await empty(page).waitFor();
		expect(complaints).toEqual([]);
		await context.close();
	});

	it("are measured by the first Run, and not again while it lasts", { timeout: 300_000 }, async () => {
		const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
		const { page, complaints } = await openPage(context, "#preset=smoke");
		await open(page);
		await empty(page).waitFor();
		await page.getByRole("button", { name: "Run", exact: true }).click();
		await rows(page).first().waitFor(MEASURING);
		expect(await button(page, "Measure again").isDisabled()).toBe(true);
		expect(await button(page, "Forget").isDisabled()).toBe(true);
		await section(page).getByText("A study is using the GPU").waitFor();
		expect(await accessibilityViolations(page)).toEqual([]);
		await page.getByRole("button", { name: "Stop", exact: true }).click();
		await page.getByText("Stopped.", { exact: true }).first().waitFor(MEASURING);
		expect(await button(page, "Measure again").isEnabled()).toBe(true);
		expect(complaints).toEqual([]);
		await context.close();
	});
});
