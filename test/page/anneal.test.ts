import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../src/experiments/anneal/comparison.ts";
import { FIRST } from "../../src/experiments/anneal/starts.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";
import { serveScriptedPage } from "./scripted-page.ts";

/** A software adapter may have little of the processors, and compiles every kernel first. */
const TRAINING = 15 * 60_000;

const [CONSTANT, , WSD] = FIRST.cards;
/** Two schedules that train within seconds on any adapter. */
const TINY: Comparison = {
	...{ size: { width: 8, layers: 1, heads: 1 }, corpus: "sotu", vocabulary: 256, tokens: 10_000, batch: 4, seeds: 2 },
	...{ average: false, cards: [CONSTANT!, WSD!].map((card) => ({ ...card, warmupSteps: 5, peak: 0.01 })) },
};

/** One that a lab that trains nothing finishes in a moment, with a model whose losses fall from the start. */
const TRAINED = { comparison: { ...FIRST, size: { width: 64, layers: 8, heads: 4 }, tokens: 200_000 } };

const SCREENS = [
	["light", 1440, 900],
	["dark", 1440, 900],
	["light", 390, 844],
	["dark", 360, 740],
] as const;

let browser: Browser;
let served: Awaited<ReturnType<typeof serveScriptedPage>>;
beforeAll(async () => {
	served = await serveScriptedPage();
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
	await served?.close();
});

const DESKTOP = { viewport: { width: 1440, height: 900 } };

/** A comparison is kept between visits; this one is, unless another is there already. */
const begin = (context: BrowserContext, comparison: Comparison) =>
	context.addInitScript((text) => {
		if (!localStorage.getItem("isoflop-schedules")) localStorage.setItem("isoflop-schedules", text);
	}, JSON.stringify(comparison));

/** Opens the page with a lab that trains nothing, and pauses after each event; uncaught errors fail the test. */
async function withPage(
	use: (page: Page) => Promise<void>,
	{
		comparison = FIRST,
		pause = 1,
		...options
	}: BrowserContextOptions & { comparison?: Comparison; pause?: number } = {},
): Promise<void> {
	const context = await browser.newContext({ ...DESKTOP, ...options });
	await begin(context, comparison);
	try {
		const page = await context.newPage();
		const errors: string[] = [];
		page.on("pageerror", (error) => errors.push(error.message));
		await page.goto(`${served.url}?pause=${pause}&ticks=4#/anneal`);
		await status(page, /9 runs, none trained yet/);
		await use(page);
		expect(errors).toEqual([]);
	} finally {
		await context.close();
	}
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const slider = (page: Page, name: string) => page.getByRole("slider", { name, exact: true });
const status = (page: Page, text: RegExp) =>
	page.locator("isoflop-training-bar").getByText(text).waitFor({ timeout: 100_000 });
const names = (page: Page) => page.locator("isoflop-schedule-card h3").allInnerTexts();
const ranked = (page: Page) => page.locator("isoflop-schedule-ranking tbody tr");
const isNarrow = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

describe("before anything is trained", () => {
	it("says what there is to compare, what it costs, and what will be seen", async () => {
		await withPage(async (page) => {
			expect(await names(page)).toEqual(["Constant", "Cosine to 10 %", "WSD 20 % 1−√"]);
			const rates = page.getByRole("img", { name: /^Learning rate against training tokens for 3 schedules/ });
			await rates.waitFor();
			for (const text of ["Press Run: curves appear at once.", "No forecast yet: nothing has been trained yet."])
				await page.getByText(text).first().waitFor();
			await expect.poll(() => page.locator("dl").innerText()).toMatch(/Runs\s+9[\s\S]*FLOP[\s\S]*about \d+ s/);
			await page.getByText("Shares the first 1,563 of 1,954 steps with Constant, which trains them once.").waitFor();
			expect(await ranked(page).count()).toBe(3);
		});
	});

	it.each(["light", "dark"] as const)("is accessible, and fits the narrowest screens: %s", async (colorScheme) => {
		await withPage(
			async (page) => {
				expect(await accessibilityViolations(page)).toEqual([]);
				expect(await isNarrow(page)).toBe(true);
				await page.setViewportSize({ width: 360, height: 740 });
				expect(await isNarrow(page)).toBe(true);
			},
			{ viewport: { width: 390, height: 844 }, colorScheme },
		);
	});
});

describe("a card", () => {
	it("is changed by keys on its handles, and by dragging them", async () => {
		await withPage(async (page) => {
			const decay = slider(page, "Start of decay of WSD 20 % 1−√");
			await decay.focus();
			await page.keyboard.press("ArrowLeft");
			await page.keyboard.press("Shift+ArrowLeft");
			const moved = slider(page, "Start of decay of WSD 31 % 1−√");
			expect(await moved.getAttribute("aria-valuetext")).toBe("after 69 % of the run");
			// The focus stays where it was, though the schedule has another name now.
			await page.keyboard.press("ArrowRight");
			const again = slider(page, "Start of decay of WSD 30 % 1−√");
			expect(await again.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
			await page.getByText("Shares the first 1,368 of 1,954 steps").waitFor();

			const peak = slider(page, "Peak learning rate of Cosine to 10 %");
			await peak.press("ArrowUp");
			expect(await peak.getAttribute("aria-valuenow")).toBe("0.0031");

			const floor = slider(page, "Floor of Cosine to 10 %");
			const box = (await floor.boundingBox())!;
			await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
			await page.mouse.down();
			await page.mouse.move(box.x, box.y - 25, { steps: 4 });
			await page.mouse.up();
			const [, cosine] = await names(page);
			expect(Number(/Cosine to ([\d.]+) %/.exec(cosine!)![1])).toBeGreaterThan(20);
		});
	});

	it("is changed by its fields, which say what they do not take; another family keeps what it can", async () => {
		await withPage(async (page) => {
			const card = page.locator("isoflop-schedule-card").nth(2);
			const decay = card.getByLabel("Decay at, %");
			await decay.fill("120");
			await decay.press("Enter");
			await card.getByRole("alert").waitFor();
			await decay.fill("50");
			await decay.press("Enter");
			await expect.poll(() => names(page)).toEqual(["Constant", "Cosine to 10 %", "WSD 50 % 1−√"]);
			const family = card.locator("wa-select");
			await family.click();
			await card.getByRole("option", { name: "WSD, linear decay" }).click();
			await expect.poll(async () => (await names(page))[2]).toBe("WSD 50 % linear");
		});
	});

	it("is forked, copied and removed, within two to eight", async () => {
		await withPage(async (page) => {
			expect(await button(page, "Fork Cosine to 10 %").isDisabled()).toBe(true);
			await button(page, "Fork Constant").click();
			expect(await names(page)).toEqual(["Constant", "WSD 40 % linear", "Cosine to 10 %", "WSD 20 % 1−√"]);
			await page.getByText("Shares the first 1,172 of 1,954 steps with Constant, which trains them once.").waitFor();
			await status(page, /12 runs, none trained yet/);
			await button(page, "Duplicate Cosine to 10 %").click();
			expect(await names(page)).toContain("Cosine to 10 % (2)");
			await button(page, "Remove WSD 40 % linear").click();
			await button(page, "Several budgets").click();
			expect(await names(page)).toHaveLength(7);
			await page.getByRole("heading", { name: "What every budget cost" }).waitFor();
		});
	});
});

describe("a comparison that has been trained", () => {
	it("is ranked against any reference, drawn with its differences, and used for forecasts", async () => {
		await withPage(async (page) => {
			const top = async () => (await page.locator("isoflop-schedule-ranking").boundingBox())!.y;
			const before = await top();
			await button(page, "Run").click();
			await status(page, /All 9 runs finished and stored/);
			expect(await top(), "nothing moves as data arrive").toBeCloseTo(before, 0);
			await expect.poll(() => ranked(page).first().innerText()).toMatch(/WSD 20 % 1−√\s+3\s+1\s+\d\.\d{4}\s+−0\.0\d+/);
			await page
				.getByRole("img", { name: /^Training loss minus that of Constant: .*WSD 20 % 1−√ ends at −/ })
				.waitFor();
			await page.getByRole("radio", { name: "Compare with WSD 20 % 1−√" }).click();
			await page.getByRole("heading", { name: "Loss minus that of WSD 20 % 1−√" }).waitFor();
			await expect.poll(() => ranked(page).nth(2).innerText()).toMatch(/Constant\s+3\s+3\s+\d\.\d{4}\s+\+0\.0\d+/);
			await page.getByText("Fitted to 3 schedules").waitFor({ timeout: 100_000 });
			await slider(page, "Floor of Cosine to 10 %").press("Shift+ArrowUp");
			const loss = page.locator("isoflop-figure").filter({ has: page.getByText("expected by the law of annealing") });
			await loss.first().waitFor();
			expect(await accessibilityViolations(page)).toEqual([]);
			for (const [colorScheme, width, height] of SCREENS) {
				await page.emulateMedia({ colorScheme });
				await page.setViewportSize({ width, height });
				expect(await isNarrow(page)).toBe(true);
				await page.screenshot({ path: `test/screenshots/anneal-${width}-${colorScheme}.png`, fullPage: true });
			}
		}, TRAINED);
	});

	it("trains while another page is shown, and the study waits for it", async () => {
		await withPage(
			async (page) => {
				await button(page, "Run").click();
				await button(page, "Pause").waitFor();
				await page.getByRole("link", { name: "Study", exact: true }).click();
				await page.locator("isoflop-run-bar").getByText("waits: the page Anneal is training").waitFor();
				expect(await button(page, "Run").isDisabled()).toBe(true);
				await page.getByRole("link", { name: "Anneal", exact: true }).click();
				await button(page, "Stop").click();
				await status(page, /none trained yet|runs stored/);
			},
			{ ...TRAINED, pause: 3000 },
		);
	});
});

describe("on a software adapter", () => {
	it("two schedules and a fork train, and are still there after a reload", { timeout: TRAINING }, async () => {
		const context = await browser.newContext(DESKTOP);
		await begin(context, TINY);
		const { page, complaints } = await openPage(context, "#/anneal");
		await status(page, /4 runs, none trained yet/);
		await button(page, "Fork Constant").click();
		await status(page, /6 runs, none trained yet/);
		await button(page, "Run").click();
		await page
			.locator("isoflop-training-bar")
			.getByText("All 6 runs finished and stored")
			.waitFor({ timeout: TRAINING });
		const rows = await ranked(page).allInnerTexts();
		expect(rows).toHaveLength(3);
		for (const row of rows) expect(row).toMatch(/\s2\s+[123]\s+\d\.\d{4}/);
		await page.reload();
		await status(page, /All 6 runs finished and stored/);
		expect(await names(page)).toEqual(["Constant", "WSD 40 % linear", "WSD 20 % 1−√"]);
		expect(await ranked(page).allInnerTexts()).toEqual(rows);
		expect(complaints).toEqual([]);
		await context.close();
	});
});
