import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { type Embedding, PAPER_EMBEDDING } from "../../src/theory/embedding.ts";
import { theoryReport } from "../../src/theory/report.ts";
import { CHINCHILLA, EPOCH, ownSpecification, type Specification } from "../../src/theory/specifications.ts";
import { accessibilityViolations, launchBrowser } from "./browser.ts";

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
});

/** Opens the page in a profile of its own; uncaught errors fail the test. */
async function withPage(
	address: string,
	use: (page: Page) => Promise<void>,
	options: BrowserContextOptions = { viewport: { width: 1280, height: 900 } },
): Promise<void> {
	const context = await browser.newContext(options);
	try {
		const page = await context.newPage();
		page.setDefaultTimeout(100_000);
		const errors: string[] = [];
		page.on("pageerror", (error) => errors.push(error.message));
		await page.goto(inject("scriptedUrl") + address);
		await use(page);
		expect(errors).toEqual([]);
	} finally {
		await context.close();
	}
}

/** The large numbers: without embeddings, and in total parameters. */
const headline = async (page: Page) =>
	(await page.locator("isoflop-theory-headline [data-exponent]").allInnerTexts()).map((text) => text.trim());

/** What they should be. */
function exponents(specification: Specification, embedding: Embedding = PAPER_EMBEDDING): string[] {
	const { nonEmbedding, total } = theoryReport(specification, embedding).synthetic;
	return [nonEmbedding, total].map(({ nearest }) => nearest.allocation.slope.toFixed(3));
}

const own = (change: Partial<Specification["law"]>) => ownSpecification({ ...EPOCH.law, ...change }, "a test");
const hash = (page: Page) => page.evaluate(() => location.hash);
const law = (page: Page, name: string) => page.getByRole("radio", { name, exact: true });
const slider = (page: Page, name: string) => page.getByRole("slider", { name: `${name} (slider)` });
const field = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
const picture = (page: Page, section: string) => page.locator(`isoflop-theory-figures #${section} isoflop-figure`);
const summary = (page: Page, section: string) => picture(page, section).getByRole("img").getAttribute("aria-label");
const ALPHA = "The exponent of parameters α";
const OMEGA = "The weight of embeddings ω";
const SMALLEST = "The smallest size, as a power of ten,";

describe("the law", () => {
	it("is Epoch's at first, another by a click, and the address names it", async () => {
		await withPage("#/theory", async (page) => {
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
			expect(await headline(page)).toEqual(["0.781", "0.515"]);
			expect(await page.title()).toBe("Theory · isoflop");
			const entries = await page.evaluate(() => history.length);
			await law(page, "Chinchilla").click();
			await expect.poll(() => headline(page)).toEqual(exponents(CHINCHILLA));
			await expect.poll(() => hash(page)).toBe("#/theory?law=chinchilla");
			expect(await page.evaluate(() => history.length)).toBe(entries);
			await page.getByRole("button", { name: "Reset to the paper’s" }).click();
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
			await expect.poll(() => hash(page)).toBe("#/theory");
		});
	});

	it("is that of a link, with its embeddings", async () => {
		await withPage("#/theory?law=chinchilla&omega=20000&delta=0.4&run=1", async (page) => {
			await expect.poll(() => headline(page)).toEqual(exponents(CHINCHILLA, { omega: 20_000, delta: 0.4 }));
			expect(await law(page, "Chinchilla").isChecked()).toBe(true);
			expect(await field(page, OMEGA).inputValue()).toBe("20000");
			expect(await hash(page)).toBe("#/theory?law=chinchilla&omega=20000&delta=0.4");
			await page.evaluate(() => {
				location.hash = "#/theory?beta=0.4";
			});
			await expect.poll(() => headline(page)).toEqual(exponents(own({ beta: 0.4 })));
			expect(await law(page, "Own").isChecked()).toBe(true);
		});
	});
});

describe("a number", () => {
	it("is moved by keyboard, and everything follows", async () => {
		await withPage("#/theory", async (page) => {
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
			await expect.poll(() => summary(page, "allocation")).toContain("slope 0.781");
			const entries = await page.evaluate(() => history.length);
			await slider(page, ALPHA).focus();
			for (let i = 0; i < 4; i++) await page.keyboard.press("ArrowRight");
			await expect.poll(() => field(page, ALPHA).inputValue()).toBe("0.37");
			const [found] = exponents(own({ alpha: 0.37 }));
			await expect.poll(() => headline(page)).toEqual(exponents(own({ alpha: 0.37 })));
			expect(await slider(page, ALPHA).getAttribute("aria-valuetext")).toBe("0.37");
			expect(await law(page, "Own").isChecked()).toBe(true);
			await expect.poll(() => summary(page, "allocation")).toContain(`slope ${found}`);
			await expect.poll(() => hash(page)).toBe("#/theory?law=own&alpha=0.37");
			expect(await page.evaluate(() => history.length)).toBe(entries);
		});
	});

	it("is typed, also where the slider does not reach", async () => {
		await withPage("#/theory", async (page) => {
			await field(page, OMEGA).fill("0");
			await page.keyboard.press("Enter");
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH, { ...PAPER_EMBEDDING, omega: 0 }));
			await expect.poll(() => hash(page)).toBe("#/theory?omega=0");
		});
	});

	it("that is none is explained beside its field, and changes nothing", async () => {
		await withPage("#/theory", async (page) => {
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
			await field(page, ALPHA).fill("seven");
			await page.keyboard.press("Enter");
			const row = page.locator("isoflop-number-slider", { has: slider(page, ALPHA) });
			await row.getByRole("alert").getByText(`${ALPHA} is “seven”; it must be a number from 0.001 to 5.`).waitFor();
			await page.waitForTimeout(500);
			expect(await headline(page)).toEqual(exponents(EPOCH));
			expect(await hash(page)).toBe("#/theory");
			expect(await accessibilityViolations(page)).toEqual([]);
			await field(page, ALPHA).fill("0.4");
			await page.keyboard.press("Enter");
			await expect.poll(() => headline(page)).toEqual(exponents(own({ alpha: 0.4 })));
			expect(await row.getByRole("alert").count()).toBe(0);
		});
	});

	it("that empties a range says so, and the last figures stay", async () => {
		await withPage("#/theory", async (page) => {
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
			await field(page, SMALLEST).fill("9.2");
			await page.keyboard.press("Enter");
			const alert = page.getByRole("alert");
			await alert.getByText("The sizes run from 10^9.2 to 10^9.2; the first power must be below the second.").waitFor();
			expect(await headline(page)).toEqual(exponents(EPOCH));
			expect(await summary(page, "allocation")).toContain("slope 0.781");
			await field(page, SMALLEST).fill("4");
			await page.keyboard.press("Enter");
			await expect.poll(() => alert.count()).toBe(0);
			await expect.poll(() => headline(page)).not.toEqual(exponents(EPOCH));
			await expect.poll(() => summary(page, "curves")).toContain("20 models");
		});
	});
});

describe("constants that give no numbers", () => {
	it("say so in a sentence, and each figure does", async () => {
		await withPage("#/theory?alpha=5&beta=0.001", async (page) => {
			await page
				.getByRole("alert")
				.getByText(/^With these constants the best budget or loss of some size .* is no number/)
				.waitFor();
			expect(await headline(page)).toEqual(["–", "–"]);
			expect(await page.getByText("No numbers for these constants.").count()).toBe(8);
			expect(await accessibilityViolations(page)).toEqual([]);
			await page.getByRole("button", { name: "Reset to the paper’s" }).click();
			await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
		});
	});
});

describe("figures that are off the screen", () => {
	it("follow once the numbers rest", async () => {
		await withPage("#/theory", async (page) => {
			await expect.poll(() => summary(page, "totalAllocation")).toContain("slope 0.515");
			await law(page, "Chinchilla").click();
			const [, total] = exponents(CHINCHILLA);
			await expect.poll(() => summary(page, "totalAllocation")).toContain(`slope ${total}`);
		});
	});
});

describe("what was set", () => {
	it("is there again after another page", async () => {
		await withPage("#/theory", async (page) => {
			await law(page, "Chinchilla").click();
			await expect.poll(() => hash(page)).toBe("#/theory?law=chinchilla");
			const pages = page.getByRole("navigation", { name: "Pages" });
			await pages.getByRole("link", { name: "Study" }).click();
			await page.locator("isoflop-study-page").waitFor();
			await pages.getByRole("link", { name: "Theory" }).click();
			await expect.poll(() => headline(page)).toEqual(exponents(CHINCHILLA));
			await expect.poll(() => hash(page)).toBe("#/theory?law=chinchilla");
		});
	});
});

describe("the reader's own study", () => {
	const overlay = (page: Page) => page.getByRole("checkbox", { name: "Lay this study’s points over the figures" });
	const open = (page: Page) => page.getByText("Your own study", { exact: false }).first().click();

	it("cannot be laid over the figures before it has a result", async () => {
		await withPage("#/theory", async (page) => {
			await open(page);
			await page.getByText("No result of this study yet: train it on the Study page first.").waitFor();
			expect(await overlay(page).isDisabled()).toBe(true);
			expect(await page.getByRole("radio", { name: "the paper (Chinchilla’s 50 models)" }).isChecked()).toBe(true);
			await page.getByText(/^Vocabulary 512, context 16, 4 sizes: ω = 409\.658 and δ = 0\.344/).waitFor();
		});
	});

	it("gives its embeddings and ranges, and what the theory expects beside what it found", async () => {
		await withPage("?stored=45#/study?preset=reconcile", async (page) => {
			await page.getByRole("img", { name: /slope 0\.5/ }).waitFor();
			await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Theory" }).click();
			await open(page);
			const cells = page.getByRole("table", { name: "Exponents of this study" }).getByRole("cell");
			await expect.poll(() => cells.nth(3).innerText()).toMatch(/^0\.5\d+ \(0\.\d+ to 0\.\d+\)$/);
			const [simulated, unlimited] = [await cells.nth(5).innerText(), await cells.nth(6).innerText()];
			expect(unlimited).toBe("0.918");
			await page.getByRole("radio", { name: "this study (reconcile), and its ranges" }).click();
			await expect.poll(async () => (await headline(page))[0]).toBe(simulated);
			await expect.poll(() => hash(page)).toMatch(/^#\/theory\?omega=1609\.\d+&delta=0\.343\d+$/);
			expect(await field(page, SMALLEST).inputValue()).toBe("2.948");

			await page.getByText("Lay this study’s points over the figures").click();
			for (const name of ["embedding", "curves", "allocation", "loss", "totalCurves", "totalAllocation"])
				await picture(page, name).getByText("your study “reconcile”").waitFor();
			expect(await picture(page, "frontier").getByText("your study").count()).toBe(0);
			await slider(page, ALPHA).focus();
			await page.keyboard.press("ArrowRight");
			await page.getByRole("radio", { name: "the paper (Chinchilla’s 50 models)" }).click();
			await expect.poll(() => headline(page)).toEqual(exponents(own({ alpha: 0.355 })));
			await page.getByText("Lay this study’s points over the figures").click();
			await picture(page, "embedding").getByText("your study “reconcile”").waitFor({ state: "detached" });
			expect(await accessibilityViolations(page)).toEqual([]);
		});
	});
});

describe.each([
	["light", 1440, 900],
	["light", 390, 844],
	["dark", 1440, 900],
	["dark", 360, 740],
] as const)("in %s at %d×%d", (colorScheme, width, height) => {
	it("is accessible and fits", async () => {
		const options = { colorScheme, viewport: { width, height } };
		await withPage(
			"#/theory",
			async (page) => {
				await expect.poll(() => headline(page)).toEqual(exponents(EPOCH));
				await page.getByText("Your own study").first().click();
				await page.getByText(/^Vocabulary 512/).waitFor();
				await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
			},
			options,
		);
	});
});
