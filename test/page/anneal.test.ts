import { deflateSync } from "node:zlib";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { forkCard } from "../../src/experiments/anneal/change-cards.ts";
import type { Comparison } from "../../src/experiments/anneal/comparison.ts";
import { packComparison, unpackComparison } from "../../src/experiments/anneal/comparison-link.ts";
import { FIRST } from "../../src/experiments/anneal/starts.ts";
import { accessibilityViolations, giveTunings, launchBrowser, openPage } from "./browser.ts";

/** A software adapter may have little of the processors, and compiles every kernel first. */
const TRAINING = 15 * 60_000;

const [CONSTANT, , WSD] = FIRST.cards;
/** Two schedules that train within seconds on any adapter. */
const TINY: Comparison = {
	...{ size: { width: 8, layers: 1, heads: 1 }, corpus: "sotu", vocabulary: 256, tokens: 10_000, batch: 4, seeds: 2 },
	...{ average: false, cards: [CONSTANT!, WSD!].map((card) => ({ ...card, warmupSteps: 5, peak: 0.01 })) },
};

/** Another model's, of one seed. */
const OTHER: Comparison = { ...TINY, size: { width: 12, layers: 1, heads: 1 }, seeds: 1 };

/** One that a lab that trains nothing finishes in a moment, with a model whose losses fall from the start. */
const TRAINED = { comparison: { ...FIRST, size: { width: 64, layers: 8, heads: 4 }, tokens: 200_000 } };

const SCREENS = [
	["light", 1440, 900],
	["dark", 1440, 900],
	["light", 390, 844],
	["dark", 360, 740],
] as const;

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
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
		await page.goto(`${inject("scriptedUrl")}?pause=${pause}&ticks=4#/anneal`);
		await status(page, /^\d+ runs, none trained yet$/);
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

describe("a fork", () => {
	it("of any schedule begins in its middle, rests at tenths, and falls as it is told", async () => {
		await withPage(async (page) => {
			await button(page, "Fork Cosine to 10 %").click();
			await expect.poll(() => names(page)).toContain("Cosine to 10 %, forked at 50 %");
			await page
				.getByText("Shares the first 977 of 1,954 steps with Cosine to 10 %, which trains them once.")
				.waitFor();
			const start = slider(page, "Start of fork of Cosine to 10 %, forked at 50 %");
			await start.focus();
			await page.keyboard.press("ArrowRight");
			const moved = slider(page, "Start of fork of Cosine to 10 %, forked at 60 %");
			expect(await moved.getAttribute("aria-valuetext")).toBe("after 60 % of the trunk");
			expect(await moved.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
			const box = (await moved.boundingBox())!;
			const plot = (await page
				.getByRole("group", { name: /^Learning-rate curve of Cosine to 10 %, forked/ })
				.boundingBox())!;
			await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
			await page.mouse.down();
			await page.mouse.move(plot.x + plot.width * 0.33, box.y, { steps: 4 });
			await page.mouse.up();
			await expect.poll(() => names(page)).toContain("Cosine to 10 %, forked at 30 %");
			const card = page.locator("isoflop-schedule-card").nth(2);
			await card.getByRole("combobox", { name: "Form of the tail" }).click();
			await card.getByRole("option", { name: "1−√" }).click();
			await slider(page, "Floor of Cosine to 10 %, forked at 30 %").press("Shift+ArrowUp");
			await button(page, "Duplicate Cosine to 10 %, forked at 30 %").click();
			expect(await names(page)).toContain("Cosine to 10 %, forked at 30 % (2)");
			expect(await button(page, "Fork Cosine to 10 %, forked at 30 %").isDisabled()).toBe(true);
			// It follows its trunk.
			await slider(page, "Floor of Cosine to 10 %").press("ArrowUp");
			await expect.poll(() => names(page)).toContain("Cosine to 11 %, forked at 30 %");
			await page
				.getByText("Shares the first 586 of 1,954 steps with Cosine to 11 %, which trains them once.")
				.first()
				.waitFor();
			expect(await accessibilityViolations(page)).toEqual([]);
		});
	});

	it("of a schedule that is trained trains its tail alone", async () => {
		await withPage(async (page) => {
			const steps = () =>
				page.evaluate(() => (document.querySelector("isoflop-app") as unknown as { lab: { steps: number } }).lab.steps);
			await button(page, "Run").click();
			await status(page, /All 9 runs finished and stored/);
			const before = await steps();
			await button(page, "Fork Cosine to 10 %").click();
			await page
				.getByText(
					"Shares the first 195 of 391 steps with Cosine to 10 %, which has trained them: only the other 196 train.",
				)
				.waitFor();
			await button(page, "Run").click();
			await status(page, /All 12 runs finished and stored/);
			expect((await steps()) - before).toBe(3 * 196);
			await page.getByText("Shares the first 195 of 391 steps with Cosine to 10 %, bit for bit.").waitFor();
			await page.screenshot({ path: "test/screenshots/anneal-fork.png", fullPage: true });
		}, TRAINED);
	});
});

describe("a piecewise schedule", () => {
	it("is drawn: a press adds a point and drags it, Delete removes it", async () => {
		await withPage(
			async (page) => {
				const plot = page.getByRole("group", { name: /^Learning-rate curve of Piecewise/ });
				const box = (await plot.boundingBox())!;
				await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.3);
				await page.mouse.down();
				await expect.poll(() => names(page)).toContain("Piecewise, 4 points");
				await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.8, { steps: 4 });
				await page.mouse.up();
				const point = slider(page, "Point 3 of Piecewise, 4 points");
				expect(await point.evaluate((element) => element.matches(":focus"))).toBe(true);
				expect(await point.getAttribute("aria-valuetext")).toMatch(
					/^1\d(\.\d)? % of the peak at (79|8[0-4])(\.\d)? % of the run$/,
				);
				await page.keyboard.press("ArrowUp");
				await page.keyboard.press("Delete");
				await expect.poll(() => names(page)).toContain("Piecewise, 3 points");
				// The ends stay.
				const end = slider(page, "Point 3 of Piecewise, 3 points");
				expect(await end.evaluate((element) => element.matches(":focus"))).toBe(true);
				await page.keyboard.press("Backspace");
				expect(await names(page)).toContain("Piecewise, 3 points");
				await slider(page, "Point 2 of Piecewise, 3 points").press("Backspace");
				await expect.poll(() => names(page)).toContain("Piecewise, 2 points");
				await button(page, "Add point").click();
				await expect.poll(() => names(page)).toContain("Piecewise, 3 points");
				await page.getByText("Press the plot to add a point. Delete removes the focused one.").waitFor();
			},
			{ comparison: { ...FIRST, cards: FIRST.cards.with(1, { ...FIRST.cards[1]!, family: "piecewise" }) } },
		);
	});

	it("is drawn by tapping, and not by scrolling", async () => {
		await withPage(
			async (page) => {
				const plot = page.getByRole("group", { name: /^Learning-rate curve of Piecewise/ });
				await plot.scrollIntoViewIfNeeded();
				const box = (await plot.boundingBox())!;
				await page.touchscreen.tap(box.x + box.width * 0.75, box.y + box.height * 0.3);
				await expect.poll(() => names(page)).toContain("Piecewise, 4 points");
				const scrolled = await page.evaluate(() => scrollY);
				const session = await page.context().newCDPSession(page);
				const [x, y] = [box.x + box.width * 0.3, box.y + box.height * 0.5];
				const touch = (type: "touchStart" | "touchMove" | "touchEnd", moved = 0) =>
					session.send("Input.dispatchTouchEvent", {
						...{ type, touchPoints: type === "touchEnd" ? [] : [{ x, y: y - moved }] },
					});
				await touch("touchStart");
				for (let moved = 12; moved <= 120; moved += 12) await touch("touchMove", moved);
				await touch("touchEnd");
				await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(scrolled);
				expect(await names(page)).toContain("Piecewise, 4 points");
			},
			{
				...{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
				comparison: { ...FIRST, cards: FIRST.cards.with(1, { ...FIRST.cards[1]!, family: "piecewise" }) },
			},
		);
	});
});

describe("a name", () => {
	it("is edited in place, by keys alone, and used in every figure and in the ranking", async () => {
		await withPage(async (page) => {
			const heading = page.locator("isoflop-schedule-card h3").nth(1);
			const before = (await page.locator("isoflop-schedule-curve").nth(1).boundingBox())!;
			await button(page, "Rename Cosine to 10 %").press("Enter");
			const input = page.getByRole("textbox", { name: "Name of Cosine to 10 %" });
			await expect.poll(() => input.evaluate((element) => element.matches(":focus"))).toBe(true);
			expect(await page.locator("isoflop-schedule-curve").nth(1).boundingBox()).toEqual(before);
			await page.keyboard.type("Hoffmann's <b>cosine</b>");
			await page.keyboard.press("Enter");
			await expect.poll(() => heading.innerText()).toBe("Hoffmann's <b>cosine</b>");
			expect(
				await button(page, "Rename Hoffmann's <b>cosine</b>").evaluate((element) => element.matches(":focus")),
			).toBe(true);
			await page.getByRole("radio", { name: "Compare with Hoffmann's <b>cosine</b>" }).waitFor();
			await page
				.getByRole("img", { name: /^Learning rate against .*: Constant, Hoffmann's <b>cosine<\/b> and / })
				.waitFor();
			// Escape keeps it; without a name it is called what it does again.
			await page.keyboard.press("Enter");
			await page.keyboard.type("Other");
			await page.keyboard.press("Escape");
			expect(await heading.innerText()).toBe("Hoffmann's <b>cosine</b>");
			await page.keyboard.press("Enter");
			await page.keyboard.press("Delete");
			await page.keyboard.press("Enter");
			await expect.poll(() => heading.innerText()).toBe("Cosine to 10 %");
			await page.keyboard.press("Enter");
			await page.keyboard.type("x".repeat(70));
			await page.getByRole("heading", { name: "Ranking" }).click();
			await expect.poll(() => heading.innerText()).toBe("x".repeat(60));
			// It is kept once it has been planned.
			await expect
				.poll(() => page.evaluate(() => localStorage.getItem("isoflop-schedules")))
				.toContain(`"name":"${"x".repeat(60)}"`);
			await page.reload();
			await expect.poll(() => heading.innerText()).toBe("x".repeat(60));
			expect(await isNarrow(page)).toBe(true);
		});
	});
});

describe("a link to a comparison", () => {
	const sent: Comparison = forkCard(
		{ ...FIRST, seeds: 2, cards: FIRST.cards.with(0, { ...FIRST.cards[0]!, name: "Flat" }) },
		2,
	);

	it("holds all of it, and shows it without training it", async () => {
		await withPage(
			async (page) => {
				await button(page, "Copy link").click();
				await page.getByText("Copied.").waitFor();
				const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
				expect(await unpackComparison(link.hash.replace("#/anneal?comparison=", ""))).toEqual(sent);
				await button(page, "Which decay?").click();
				await expect.poll(() => names(page)).not.toContain("Flat");
				await page.evaluate((hash) => {
					location.hash = hash;
				}, link.hash);
				const shown = ["Flat", "Cosine to 10 %", "Cosine to 10 %, forked at 50 %", "WSD 20 % 1−√"];
				await expect.poll(() => names(page)).toEqual(shown);
				await page.getByText("The comparison is shown. Nothing trains until you press Run.").first().waitFor();
				await status(page, /8 runs, none trained yet/);
				// A reload shows it again; a change makes it the reader's own.
				await page.reload();
				await expect.poll(() => names(page)).toEqual(shown);
				expect(new URL(page.url()).hash).toBe(link.hash);
				await slider(page, "Peak learning rate of Flat").press("ArrowUp");
				await expect.poll(() => new URL(page.url()).hash).toBe("#/anneal");
			},
			{ comparison: sent, permissions: ["clipboard-read", "clipboard-write"] },
		);
	});

	it("that is hostile or damaged is refused with the reason, and changes nothing", async () => {
		await withPage(async (page) => {
			const before = await names(page);
			const pack = (text: string | Uint8Array) => deflateSync(text).toString("base64url");
			for (const [text, reason] of [
				[pack(Buffer.alloc(30 * 2 ** 20, " ")), "the link unpacks to more than 1,048,576 bytes; that is the limit."],
				["x".repeat(80_000), "the link holds more than 65,536 characters; that is the limit."],
				[(await packComparison(sent)).slice(0, -20), "the link is damaged"],
				["%3Cscript%3Ealert(1)%3C/script%3E", "it has characters that no packed comparison has"],
				[pack('{"corpus":"<img src=x onerror=alert(1)>"}'), "comparison: size is missing"],
				[pack(JSON.stringify({ ...sent, seeds: 1e9 })), "comparison: seeds is 1000000000; it must be"],
				[
					pack(JSON.stringify({ ...sent, size: { width: 1e9, layers: 1, heads: 1 } })),
					"study: sizes[0].width is 1000000000",
				],
			] as const) {
				await page.evaluate((text) => {
					location.hash = `#/anneal?comparison=${text}`;
				}, text);
				const notice = page.locator("isoflop-notice");
				await notice.getByText(reason).waitFor();
				await notice.getByText("Nothing was changed.").waitFor();
				expect(await names(page)).toEqual(before);
				await expect.poll(() => new URL(page.url()).hash).toBe("#/anneal");
				await notice.getByRole("button", { name: "Close" }).click();
			}
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
			await expect
				.poll(() => ranked(page).first().innerText())
				.toMatch(/WSD 20 % 1−√\s+1\s+\d\.\d{4}\s+−0\.0\d+.*\s3$/s);
			await page
				.getByRole("img", { name: /^Training loss minus that of Constant: .*WSD 20 % 1−√ ends at −/ })
				.waitFor();
			await page.getByRole("radio", { name: "Compare with WSD 20 % 1−√" }).click();
			await page.getByRole("heading", { name: "Loss minus that of WSD 20 % 1−√" }).waitFor();
			await expect.poll(() => ranked(page).nth(2).innerText()).toMatch(/Constant\s+3\s+\d\.\d{4}\s+\+0\.0\d+.*\s3$/s);
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
		await giveTunings(page);
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
		for (const row of rows) expect(row).toMatch(/\s[123]\s+\d\.\d{4}\s.*\s2$/s);
		await page.reload();
		await status(page, /All 6 runs finished and stored/);
		expect(await names(page)).toEqual(["Constant", "WSD 40 % linear", "WSD 20 % 1−√"]);
		expect(await ranked(page).allInnerTexts()).toEqual(rows);
		// Of what is trained by now, moments are kept: a fork in the decay trains its tail alone.
		await button(page, "Fork WSD 20 % 1−√").click();
		const fork = page.locator("isoflop-schedule-card").nth(3);
		await fork.getByLabel("Fork at, %").fill("90");
		await fork.getByLabel("Fork at, %").press("Enter");
		await page
			.getByText("Shares the first 71 of 79 steps with WSD 20 % 1−√, which has trained them: only the other 8 train.")
			.waitFor();
		await button(page, "Run").click();
		await page
			.locator("isoflop-training-bar")
			.getByText("All 8 runs finished and stored")
			.waitFor({ timeout: TRAINING });
		// Another comparison keeps its own moments alone.
		const kept = () =>
			page.evaluate(async () => {
				const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("isoflop-checkpoints");
				const found: string[] = [];
				for await (const name of folder.keys()) found.push(name);
				return found.filter((name) => name.endsWith(".kept")).map((name) => name.slice(0, 16));
			});
		const runs = new Set(await kept());
		expect(runs.size).toBe(6);
		await page.evaluate(() => localStorage.clear());
		await page.evaluate((text) => localStorage.setItem("isoflop-schedules", text), JSON.stringify(OTHER));
		await page.reload();
		await status(page, /2 runs, none trained yet/);
		await button(page, "Run").click();
		await status(page, /All 2 runs finished and stored/);
		const others = new Set(await kept());
		expect(others.size).toBe(2);
		expect([...others].some((id) => runs.has(id))).toBe(false);
		expect(complaints).toEqual([]);
		await context.close();
	});
});
