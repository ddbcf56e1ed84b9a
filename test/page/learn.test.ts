import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LESSON_IDS } from "../../src/lessons/lesson-ids.ts";
import { LESSONS } from "../../src/lessons/lessons.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";

// The page "Learn" needs no GPU: the browser has none here.

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser({ webgpu: false });
});
afterAll(() => browser?.close());

async function withPage(
	address: string,
	use: (page: Page) => Promise<void>,
	options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } },
): Promise<void> {
	const context = await browser.newContext(options);
	try {
		const { page, complaints } = await openPage(context, address);
		await page.getByRole("navigation", { name: "Lessons" }).waitFor({ state: "attached" });
		await use(page);
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
	}
}

const hash = (page: Page) => page.evaluate(() => location.hash);
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const slides = (page: Page) => page.getByRole("dialog");
/** The field beside the slider. */
const typed = (within: Page | Locator) => within.getByRole("textbox", { name: /, typed$/ });
const width = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);
/** "Question, 2 of 5" */
const place = (page: Page) => slides(page).locator(".name").innerText();

/** The role or tag, and the name, of what has the focus. */
const focused = (page: Page) =>
	page.evaluate(() => {
		let element = document.activeElement;
		while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
		return element?.getAttribute("role") ?? element?.tagName.toLowerCase();
	});

async function tabTo(page: Page, wanted: string): Promise<void> {
	for (let i = 0; i < 30 && (await focused(page)) !== wanted; i++) await page.keyboard.press("Tab");
	expect(await focused(page)).toBe(wanted);
}

describe("a lesson to read", () => {
	it("is done from question to answer by keyboard alone, and stays marked", async () => {
		await withPage("#/learn?lesson=counting", async (page) => {
			await page.getByRole("heading", { name: "Kaplan and Chinchilla are counting" }).waitFor();
			await tabTo(page, "slider");
			for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowRight");
			await expect.poll(() => typed(page).inputValue()).toBe("0.60");
			await tabTo(page, "button");
			await page.keyboard.press("Enter");
			await page.getByText("Your guess of 0.60 is 0.14 too low.").waitFor();
			await page.getByRole("img", { name: /^Best size against compute, seeds 1 to 3: .* 0\.491 .* 0\.742/ }).waitFor();
			// The button that was pressed still has the focus, and begins again.
			await page.keyboard.press("Enter");
			await expect.poll(() => typed(page).inputValue()).toBe("");
			expect(await page.getByText("Your guess of").count()).toBe(0);
			const link = page.getByRole("link", { name: /Kaplan and Chinchilla.* done/ });
			await link.waitFor();
			await page.reload();
			await link.waitFor();
			await page.getByText("1 of 8 done").waitFor();
			await button(page, "Start over").click();
			await page.getByText("0 of 8 done").waitFor();
			expect(await page.evaluate(() => localStorage.getItem("isoflop-lessons"))).toBeNull();
		});
	});

	it("takes an answer that is typed, and explains one that it cannot read", async () => {
		await withPage("#/learn?lesson=loss-curve", async (page) => {
			await typed(page).fill("a few thousand");
			await page.keyboard.press("Enter");
			await page
				.getByRole("alert")
				.getByText("Tokens read is “a few thousand”; it must be a number from 1.00k to 3.00M.")
				.waitFor();
			await typed(page).fill("1.6M");
			await page.keyboard.press("Enter");
			await expect.poll(() => typed(page).inputValue()).toBe("1.60M");
			expect(await page.getByRole("alert").count()).toBe(0);
			await button(page, "Show the answer").click();
			await page.getByText("Your guess of 1.60M is right.").waitFor();
		});
	});

	it("asks once for an answer before it shows its own", async () => {
		await withPage("#/learn?lesson=envelope", async (page) => {
			await button(page, "Show the answer").click();
			await page.getByText("Give an answer first").waitFor();
			expect(await page.getByText("0 of 8 done").count()).toBe(1);
			await page.getByRole("radio", { name: "17.4k parameters" }).click();
			await button(page, "Show the answer").click();
			await page.getByText("You chose 17.4k parameters, whose loss is").waitFor();
			await button(page, "Answer again").click();
			await button(page, "Show the answer").click();
			await button(page, "Show it without an answer").click();
			await page.getByText("The model of 39.6k parameters is best there").waitFor();
			expect(await page.getByText("You chose").count()).toBe(0);
		});
	});

	it("draws other seeds where chance is the lesson", async () => {
		await withPage("#/learn?lesson=counting", async (page) => {
			await button(page, "Show the answer").click();
			await button(page, "Show it without an answer").click();
			await button(page, "The same study with other seeds").click();
			await page.getByRole("img", { name: /seeds 4 to 6: .* 0\.498 / }).waitFor();
		});
	});

	it("pins what the model wrote to the loss curve", async () => {
		await withPage("#/learn?lesson=loss-curve", async (page) => {
			await button(page, "Show the answer").click();
			await button(page, "Show it without an answer").click();
			const texts = page.getByRole("list", { name: "Texts of the numbers in the figure" }).getByRole("listitem");
			await expect.poll(() => texts.count()).toBe(5);
			expect(await texts.last().innerText()).toMatch(/3\.07M tokens read, loss 3\.1\d\d\s+“?We have/);
		});
	});

	it("leads to the next one, to its study, and says every formula in MathML", async () => {
		await withPage("#/learn?lesson=valleys", async (page) => {
			expect(await page.locator("isoflop-lesson-view math").count()).toBeGreaterThan(5);
			const study = page.getByRole("link", { name: "Open this study" });
			expect(await study.getAttribute("href")).toBe("#/study?preset=isoflop");
			const next = page.getByRole("link", { name: "Next lesson: Annealing" });
			await next.scrollIntoViewIfNeeded();
			await next.click();
			await page.getByRole("heading", { name: "Annealing", exact: true }).waitFor();
			expect(await hash(page)).toBe("#/learn?lesson=annealing");
			await expect.poll(() => focused(page)).toBe("h2");
			expect(await page.evaluate(() => scrollY)).toBe(0);
		});
	});

	it("is the first that is not done where the address names none, or one that there is not", async () => {
		await withPage("#/learn?lesson=alchemy&present=always", async (page) => {
			await page.getByRole("heading", { name: LESSONS[0]!.title }).waitFor();
			expect(await hash(page)).toBe("#/learn");
			expect(await slides(page).count()).toBe(0);
		});
	});
});

describe("a presentation", () => {
	it("goes by keys through its slides and to the next lesson, and back", async () => {
		await withPage("#/learn?lesson=annealing&present=on", async (page) => {
			expect(await place(page)).toBe("Text, 1 of 5");
			await page.keyboard.press("ArrowLeft");
			expect(await hash(page)).toBe("#/learn?lesson=valleys&present=on");
			await expect.poll(() => place(page)).toBe("Try it, 5 of 5");
			await page.keyboard.press("ArrowRight");
			await expect.poll(() => place(page)).toBe("Text, 1 of 5");
			await page.keyboard.press("Space");
			await expect.poll(() => place(page)).toBe("Question, 2 of 5");
			// Arrows belong to the field while it has the focus.
			await tabTo(page, "slider");
			await page.keyboard.press("ArrowRight");
			await expect.poll(() => typed(slides(page)).inputValue()).toBe("0.41 nats");
			expect(await place(page)).toBe("Question, 2 of 5");
			await tabTo(page, "group");
			await page.keyboard.press("ArrowRight");
			await expect.poll(() => place(page)).toBe("Answer, 3 of 5");
			await slides(page).getByText("Your guess of 0.41 nats is 0.18 nats too high.").waitFor();
			await slides(page).getByRole("img", { name: "Validation loss under three schedules" }).waitFor();
			await page.keyboard.press("End");
			await expect.poll(() => place(page)).toBe("Try it, 5 of 5");
			await page.keyboard.press("ArrowRight");
			await expect.poll(() => place(page)).toBe("Text, 1 of 5");
			expect(await hash(page)).toBe("#/learn?lesson=repeated-data&present=on");
			await page.keyboard.press("ArrowLeft");
			await expect.poll(() => place(page)).toBe("Try it, 5 of 5");
			await page.keyboard.press("Home");
			await expect.poll(() => place(page)).toBe("Text, 1 of 5");
			await page.keyboard.press("Escape");
			await expect.poll(() => slides(page).count()).toBe(0);
			expect(await hash(page)).toBe("#/learn?lesson=annealing");
			await expect.poll(() => focused(page)).toBe("h2");
			// What was answered in front of the class is answered.
			await page.getByText("1 of 8 done").waitFor();
			await page.getByText("Your guess of 0.41 nats").waitFor();
		});
	});

	it("ends with the last lesson, and fills the screen when asked", async () => {
		await withPage("#/learn?lesson=forecast&present=on", async (page) => {
			await page.keyboard.press("End");
			await page.keyboard.press("ArrowRight");
			expect(await place(page)).toBe("Try it, 5 of 5");
			expect(await button(page, "Next lesson →").isDisabled()).toBe(true);
			await button(page, "Full screen").click();
			await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(true);
			await button(page, "Leave full screen").click();
			await expect.poll(() => page.evaluate(() => document.fullscreenElement !== null)).toBe(false);
			await button(page, "Close").click();
			await expect.poll(() => slides(page).count()).toBe(0);
		});
	});

	it.each([
		[1280, 720],
		[1920, 1080],
	])("fits every slide of every lesson on %d×%d", async (width, height) => {
		await withPage(
			"#/learn?lesson=power-laws&present=on",
			async (page) => {
				const beyond = () =>
					slides(page)
						.getByRole("group")
						.evaluate((slide) => [slide.scrollWidth - slide.clientWidth, slide.scrollHeight - slide.clientHeight]);
				const at = async () => `${await hash(page)} ${await place(page)}`;
				for (const [i, { id }] of LESSONS.entries()) {
					const count = id === "loss-curve" ? 6 : 5;
					for (let step = 1; step <= count; step++) {
						await expect.poll(at).toMatch(new RegExp(`lesson=${id}&present=on \\w.*, ${step} of ${count}$`));
						expect([await at(), await beyond()]).toEqual([await at(), [0, 0]]);
						if (step < count || i < LESSONS.length - 1) await page.keyboard.press("ArrowRight");
					}
				}
			},
			{ viewport: { width, height } },
		);
	});
});

describe.each([
	["light", 1440, 900],
	["dark", 1440, 900],
	["light", 390, 844],
	["dark", 360, 740],
] as const)("in %s at %d×%d", (colorScheme, across, height) => {
	const options = { colorScheme, viewport: { width: across, height } };

	it("is accessible, asked and answered", async () => {
		await withPage(
			"#/learn?lesson=power-laws",
			async (page) => {
				expect(await accessibilityViolations(page)).toEqual([]);
				await button(page, "Show the answer").click();
				await button(page, "Show it without an answer").click();
				await page.locator("isoflop-lesson-view canvas").first().waitFor();
				expect(await accessibilityViolations(page)).toEqual([]);
			},
			options,
		);
	});

	it("is accessible as a presentation", async () => {
		await withPage(
			"#/learn?lesson=power-laws",
			async (page) => {
				// A slide that is still fading in has the contrast of its fading.
				await page.emulateMedia({ reducedMotion: "reduce" });
				await page.getByRole("link", { name: "Present" }).click();
				for (const name of ["Text", "Question", "Answer"]) {
					await expect.poll(() => place(page)).toContain(name);
					expect([name, await accessibilityViolations(page)]).toEqual([name, []]);
					await page.keyboard.press("ArrowRight");
				}
			},
			options,
		);
	});

	it("fits, whatever the lesson", async () => {
		await withPage(
			"#/learn",
			async (page) => {
				for (const id of LESSON_IDS) {
					await page.evaluate((lesson) => {
						location.hash = `#/learn?lesson=${lesson}`;
					}, id);
					await page.getByRole("heading", { name: LESSONS.find((lesson) => lesson.id === id)!.title }).waitFor();
					await button(page, "Show the answer").click();
					await button(page, "Show it without an answer").click();
					await page.getByRole("heading", { name: "Why" }).waitFor();
					expect([id, await width(page)]).toEqual([id, across]);
				}
			},
			options,
		);
	});
});

it("loads its code and the fonts of formulas with itself, not before", async () => {
	await withPage("#/learn", async (page) => {
		const loaded = () =>
			page.evaluate(() =>
				performance
					.getEntriesByType("resource")
					.map(({ name }) => name)
					.filter((name) => /learn-page|KaTeX/.test(name)),
			);
		await expect.poll(async () => (await loaded()).some((name) => name.includes("KaTeX"))).toBe(true);
		await page.evaluate(() => {
			location.hash = "#/plan";
		});
		await page.getByRole("heading", { name: "How large a model, and how much text?" }).waitFor();
		await page.reload();
		await page.getByRole("heading", { name: "How large a model, and how much text?" }).waitFor();
		expect(await loaded()).toEqual([]);
	});
});
