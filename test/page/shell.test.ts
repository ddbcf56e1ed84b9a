import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { presets } from "../../src/experiments/experiments.ts";
import { studySize } from "../../src/study/study-axes.ts";
import { accessibilityViolations, launchBrowser } from "./browser.ts";

// The shell around the pages, with a lab that trains nothing: navigation, focus, titles, messages.

const RUNS = studySize(presets.find(({ id }) => id === "minute")!.study);

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser();
});
afterAll(async () => {
	await browser?.close();
});

/** Opens the scripted page in a profile of its own; uncaught errors fail the test. */
async function withPage(
	address: string,
	use: (page: Page) => Promise<void>,
	options: BrowserContextOptions = { viewport: { width: 1280, height: 720 } },
): Promise<void> {
	const context = await browser.newContext(options);
	try {
		const page = await context.newPage();
		const errors: string[] = [];
		page.on("pageerror", (error) => errors.push(error.message));
		await page.goto(inject("scriptedUrl") + address);
		await use(page);
		expect(errors).toEqual([]);
	} finally {
		await context.close();
	}
}

const hash = (page: Page) => page.evaluate(() => location.hash);
const navigation = (page: Page) => page.getByRole("navigation", { name: "Pages" });
const link = (page: Page, name: string) => navigation(page).getByRole("link", { name, exact: true });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const status = (page: Page) => page.locator("isoflop-run-bar");
const isStudy = (page: Page) => status(page).getByText(`${RUNS} runs, none trained yet`).waitFor();

/** The text of the element that has the focus, wherever it is. */
const focused = (page: Page) =>
	page.evaluate(() => {
		let element = document.activeElement;
		while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
		return element?.textContent?.trim();
	});

describe("navigation", () => {
	it("is not shown where there is one page", async () => {
		await withPage("?onePage", async (page) => {
			await isStudy(page);
			expect(await navigation(page).count()).toBe(0);
			expect(await page.title()).toBe("Study · isoflop");
			expect(await hash(page)).toBe("");
		});
	});

	it("changes pages by keyboard; back and forward return to them", async () => {
		await withPage("?pages", async (page) => {
			await isStudy(page);
			expect(await focused(page)).toContain("");
			expect(await link(page, "Study").getAttribute("aria-current")).toBe("page");
			await page.keyboard.press("Tab");
			expect(await focused(page)).toBe("Skip to the page");
			await page.keyboard.press("Tab");
			await page.keyboard.press("Tab");
			expect(await focused(page)).toBe("Notes");
			await page.keyboard.press("Enter");
			await page.getByText("Nothing trains on this page.").waitFor();
			expect(await page.title()).toBe("Notes · isoflop");
			expect(await focused(page)).toBe("Notes");
			expect(await page.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual(["Notes"]);
			expect(await link(page, "Notes").getAttribute("aria-current")).toBe("page");
			expect(await link(page, "Study").getAttribute("aria-current")).toBeNull();

			await page.goBack();
			await isStudy(page);
			expect(await page.title()).toBe("Study · isoflop");
			expect(await focused(page)).toBe("Study");
			await page.goForward();
			await page.getByText("Nothing trains on this page.").waitFor();
			expect(await page.title()).toBe("Notes · isoflop");
		});
	});

	it("says where there is no page, and where one does not load", async () => {
		await withPage("?pages#/paper", async (page) => {
			await page.getByRole("heading", { name: "There is no page at this address" }).waitFor();
			await page.getByRole("link", { name: "Go to the study" }).click();
			await isStudy(page);
			await link(page, "Broken").click();
			await page.getByRole("heading", { name: "This page could not be loaded" }).waitFor();
			await link(page, "Study").click();
			await isStudy(page);
		});
	});
});

describe("an address", () => {
	it("picks a preset, in the old form too, and stays true", async () => {
		await withPage("#preset=reconcile", async (page) => {
			const radio = (name: string) => page.getByRole("radio", { name });
			await expect.poll(() => radio("Reconcile").isChecked()).toBe(true);
			expect(await hash(page)).toBe("#/study?preset=reconcile");
			const entries = await page.evaluate(() => history.length);
			await radio("Smoke test").click();
			await expect.poll(() => hash(page)).toBe("#/study?preset=smoke");
			expect(await page.evaluate(() => history.length)).toBe(entries);
			await page.getByText("Change the study").click();
			await page.getByLabel("Seeds").fill("7");
			await page.keyboard.press("Enter");
			await expect.poll(() => hash(page)).toBe("#/study");
			await page.evaluate(() => {
				location.hash = "#/study?preset=reconcile";
			});
			await expect.poll(() => radio("Reconcile").isChecked()).toBe(true);
		});
	});

	it("picks an experiment, which asks its question where the answer will be", async () => {
		await withPage("#/study?preset=shape-class", async (page) => {
			const question = (text: RegExp) => page.getByRole("heading", { name: text }).waitFor();
			await question(/^Does it matter how a fixed number of non-embedding parameters/);
			await page.getByText("Fewer than two shapes have finished runs.", { exact: true }).first().waitFor();
			await page.getByText("No finished runs yet.").waitFor();
			await page.getByRole("combobox", { name: "Experiment" }).click();
			await page.getByRole("option", { name: "Repeated text" }).click();
			await question(/^How much is a token worth that has been read before/);
			expect(await hash(page)).toBe("#/study?preset=repeat");
			await page.getByText("Change the study").click();
			await page.getByLabel("Seeds").fill("7");
			await page.keyboard.press("Enter");
			await expect.poll(() => hash(page)).toBe("#/study");
			await question(/^How much is a token worth that has been read before/);
		});
	});

	it("gives a page its parameters within their bounds, and starts nothing", async () => {
		await withPage("?pages#/notes?chapter=3", async (page) => {
			await page.getByRole("heading", { name: "Chapter 3" }).waitFor();
			await page.evaluate(() => {
				location.hash = "#/notes?chapter=10&run=1";
			});
			await page.getByRole("heading", { name: "Chapter 1" }).waitFor();
			expect(await hash(page)).toBe("#/notes");
			await page.evaluate(() => {
				location.hash = "#/study?preset=minute&run=1&start";
			});
			await isStudy(page);
			await page.waitForTimeout(300);
			await isStudy(page);
			expect(await button(page, "Run").isEnabled()).toBe(true);
		});
	});

	it("keeps a custom study while pages change", async () => {
		await withPage("?pages#/study?preset=minute", async (page) => {
			await isStudy(page);
			await page.getByText("Change the study").click();
			await page.getByLabel("Seeds").fill("7");
			await page.keyboard.press("Enter");
			await status(page)
				.getByText(`${RUNS / 3} runs, none trained yet`)
				.waitFor();
			await link(page, "Notes").click();
			await page.getByText("Nothing trains on this page.").waitFor();
			await page.goBack();
			await status(page)
				.getByText(`${RUNS / 3} runs, none trained yet`)
				.waitFor();
		});
	});
});

describe("without a GPU", () => {
	it("a page that trains shows what to do, in its place; other pages work", async () => {
		await withPage("?pages&noAdapter", async (page) => {
			const advice = page.getByRole("heading", { name: "This browser finds no GPU it can use" });
			await advice.waitFor();
			expect(await accessibilityViolations(page)).toEqual([]);
			expect(await status(page).count()).toBe(0);
			await link(page, "Notes").click();
			await page.getByText("Nothing trains on this page.").waitFor();
			expect(await advice.count()).toBe(0);
			await page.goBack();
			await advice.waitFor();
		});
	});
});

describe("training", () => {
	it("goes on while pages change, and says so in the header", async () => {
		await withPage("?pages&pause=5", async (page) => {
			await isStudy(page);
			await button(page, "Run").click();
			await status(page)
				.getByText(/^[1-9]\d* %/)
				.waitFor();
			const share = async () => Number(await page.locator("wa-progress-bar").getAttribute("value"));
			await link(page, "Notes").click();
			await page.getByText("Nothing trains on this page.").waitFor();
			const header = page.locator("isoflop-app-header");
			await header.getByText(/tokens\/s/).waitFor();
			await page.goBack();
			const onReturn = await share();
			await expect.poll(share).toBeGreaterThan(onReturn);
			await button(page, "Pause").click();
			await status(page)
				.getByText(/paused/)
				.waitFor();
			await header.getByText("idle").waitFor();
			await link(page, "Notes").click();
			await page.goBack();
			await button(page, "Resume").click();
			await button(page, "Stop").click();
			await page.getByText("Stopped.", { exact: true }).first().waitFor();
			await link(page, "Notes").click();
			await button(page, "Close").click();
			expect(await page.getByText("Stopped.", { exact: true }).count()).toBe(0);
		});
	});

	it("ends on another page, which is told", async () => {
		await withPage("?pages&pause=0&ticks=3", async (page) => {
			await isStudy(page);
			await button(page, "Run").click();
			await link(page, "Notes").click();
			await page.getByText(`All done: ${RUNS} of ${RUNS} runs finished and stored.`).waitFor({ timeout: 60_000 });
			await page.goBack();
			await status(page).getByText(`All ${RUNS} runs finished and stored`).waitFor();
		});
	});

	it("has the browser ask before the page is left", async () => {
		await withPage("?pages&pause=20", async (page) => {
			await isStudy(page);
			const asked: string[] = [];
			page.on("dialog", (dialog) => {
				asked.push(dialog.type());
				void dialog.dismiss();
			});
			await button(page, "Run").click();
			await button(page, "Pause").waitFor();
			await link(page, "Notes").click();
			expect(asked).toEqual([]);
			await page.evaluate(() => location.reload());
			await expect.poll(() => asked).toEqual(["beforeunload"]);
		});
	});

	it("draws again only what shows it", async () => {
		await withPage("?pause=20", async (page) => {
			await isStudy(page);
			await page.evaluate(() => customElements.whenDefined("isoflop-kernel-panel").then(() => {}));
			const updates = await page.evaluateHandle(() => {
				const counts: Record<string, number> = {};
				for (const tag of ["isoflop-run-bar", "isoflop-kernel-panel", "isoflop-page-outlet"]) {
					counts[tag] = 0;
					const { prototype } = customElements.get(tag) as unknown as { prototype: { performUpdate(): void } };
					const { performUpdate } = prototype;
					prototype.performUpdate = function (this: object) {
						counts[tag] = counts[tag]! + 1;
						performUpdate.call(this);
					};
				}
				return counts;
			});
			const now = () => updates.jsonValue();
			await button(page, "Run").click();
			await expect.poll(async () => (await now())["isoflop-run-bar"]).toBeGreaterThan(5);
			const before = await now();
			await expect.poll(async () => (await now())["isoflop-run-bar"]).toBeGreaterThan(before["isoflop-run-bar"]! + 5);
			expect(await now()).toMatchObject({
				"isoflop-kernel-panel": before["isoflop-kernel-panel"],
				"isoflop-page-outlet": 0,
			});
		});
	});
});

describe("the first study", () => {
	const reconcile = studySize(presets.find(({ id }) => id === "reconcile")!.study);
	const why = /^Chosen because this GPU takes about \d+ s for it\.$/;

	it("is what the adapter finishes in about a minute, and says so until another is picked", async () => {
		await withPage("?flops=2e12", async (page) => {
			await page.getByText(why).waitFor();
			await status(page).getByText(`${reconcile} runs, none trained yet`).waitFor();
			expect(await page.getByRole("radio", { name: "Reconcile" }).isChecked()).toBe(true);
			await page.getByText(/s, going by a quick measurement$/).waitFor();
			expect(await hash(page)).toBe("");
			await page.getByRole("radio", { name: "Smoke test" }).click();
			await page.getByText(why).waitFor({ state: "detached" });
		});
	});

	it("is that of the link, which nothing is measured for", async () => {
		await withPage("?flops=2e12#/study?preset=smoke", async (page) => {
			await status(page).getByText("6 runs, none trained yet").waitFor();
			await page.waitForTimeout(500);
			expect(await page.getByText(why).count()).toBe(0);
			expect(await page.getByRole("radio", { name: "Smoke test" }).isChecked()).toBe(true);
		});
	});

	it("stays once the visitor has begun something", async () => {
		await withPage("?flops=2e12&slowProbe", async (page) => {
			await isStudy(page);
			await page.keyboard.press("Tab");
			await page.evaluate(() => dispatchEvent(new Event("end-probe")));
			await page.waitForTimeout(500);
			expect(await page.getByText(why).count()).toBe(0);
			expect(await page.getByRole("radio", { name: "One minute" }).isChecked()).toBe(true);
		});
	});
});

describe("a file that is dropped", () => {
	it("anywhere on the study page becomes its text", async () => {
		await withPage("", async (page) => {
			await isStudy(page);
			await page.evaluate(() => {
				const dataTransfer = new DataTransfer();
				dataTransfer.items.add(new File(["It was a dark night. ".repeat(100)], "night.txt"));
				document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
			});
			await page.getByText("Text added.").waitFor();
			await page
				.getByText(/night\.txt \(.* bytes\) is now the text of this study/)
				.first()
				.waitFor();
		});
	});
});

describe.each([
	["light", 1440, 900],
	["light", 390, 844],
	["dark", 1440, 900],
	["dark", 390, 844],
] as const)("in %s at %d×%d", (colorScheme, width, height) => {
	const options = { colorScheme, viewport: { width, height } };
	const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth);

	it.each([
		["an empty study", "?pages&pause=1", (page: Page) => isStudy(page)],
		[
			"a running study",
			"?pages&pause=5&ticks=8",
			async (page: Page) => {
				await isStudy(page);
				await button(page, "Run").click();
				await status(page)
					.getByText(/: [1-9]\d? of/)
					.waitFor({ timeout: 60_000 });
				await button(page, "Pause").click();
			},
		],
		[
			"a finished study",
			"?pages&stored=1000#/study?preset=minute",
			(page: Page) => page.getByText(/1000 bootstrap resamples/).waitFor({ timeout: 60_000 }),
		],
		["another page", "?pages#/notes", (page: Page) => page.getByText("Nothing trains on this page.").waitFor()],
	] as const)("%s is accessible and fits", async (_, address, reach) => {
		await withPage(
			address,
			async (page) => {
				await reach(page);
				await expect.poll(() => fits(page)).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
			},
			options,
		);
	});
});

describe.each([
	["light", 1440, 900],
	["dark", 360, 700],
] as const)("storage that is full, in %s at %d×%d", (colorScheme, width, height) => {
	it("is told along the lower edge until everything is stored; other messages stand above", async () => {
		await withPage(
			"?pages&pause=0&ticks=3&room=2#/study?preset=smoke",
			async (page) => {
				const bar = page.locator("isoflop-storage-bar section");
				await button(page, "Run").click();
				await status(page).getByText("All 6 runs finished, 4 in this tab only").waitFor({ timeout: 60_000 });
				await bar.getByText("Storage is full.").waitFor();
				if (width < 640) await button(page, "More").click();
				await button(page, "Store again").click();
				await bar.getByText("Tried again; not everything could be stored.").waitFor();
				expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
				await page.evaluate(() => {
					const dataTransfer = new DataTransfer();
					dataTransfer.items.add(new File(["{"], "study.json"));
					document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
				});
				const notice = await page.getByText("study.json was not taken.", { exact: true }).boundingBox();
				expect(notice!.y + notice!.height).toBeLessThan((await bar.boundingBox())!.y);
				const asked: string[] = [];
				page.on("dialog", (dialog) => {
					asked.push(dialog.type());
					void dialog.dismiss();
				});
				await page.evaluate(() => location.reload());
				await expect.poll(() => asked).toEqual(["beforeunload"]);
			},
			{ colorScheme, viewport: { width, height } },
		);
	});
});
