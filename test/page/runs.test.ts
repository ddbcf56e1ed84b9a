import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { strFromU8, unzipSync } from "fflate";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { initialParameters } from "../../src/model/init.ts";
import { encodeModel } from "../../src/model/trained-model.ts";
import { readRunLines, runLine, studyLine } from "../../src/run/run-lines.ts";
import { madeRuns, madeStudy, manyRuns } from "../ui/made-runs.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";

// The page "Runs" needs no GPU: the browser has none here.

const results = await madeRuns(60);
const file = results.map(runLine).join("");
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser({ webgpu: false });
});
afterAll(() => browser?.close());

async function withContext(
	use: (page: Page, context: BrowserContext) => Promise<void>,
	options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } },
): Promise<void> {
	const context = await browser.newContext(options);
	try {
		const { page, complaints } = await openPage(context, "#/runs");
		page.setDefaultTimeout(60_000);
		await page.getByText("Nothing has been trained here yet").waitFor();
		await use(page, context);
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
	}
}

/** A page with the 72 made runs. */
const withRuns = (use: (page: Page, context: BrowserContext) => Promise<void>, options?: BrowserContextOptions) =>
	withContext(async (page, context) => {
		await add(page, "made.jsonl", file);
		await page.getByText("72 runs added.").waitFor();
		await page.locator("isoflop-runs-messages").getByRole("button", { name: "Close" }).click();
		await use(page, context);
	}, options);

const add = (page: Page, name: string, content: string | Uint8Array) =>
	page
		.locator("isoflop-runs-toolbar input[type=file]")
		.setInputFiles({ name, mimeType: "application/jsonl", buffer: Buffer.from(content) });

const grid = (page: Page) => page.getByRole("grid", { name: "Runs" });
const rows = (page: Page) => page.locator("isoflop-run-grid tbody tr[data-at]");
const countIs = (page: Page, text: string) =>
	page.locator("isoflop-runs-page .heading").getByText(text, { exact: true }).waitFor();
const filter = (page: Page) => page.getByRole("textbox", { name: "Filter" });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const selection = (page: Page) => page.getByRole("group", { name: "Selected runs" });

/** The texts of a column, of the rows in sight and a little beyond. */
async function column(page: Page, title: string): Promise<string[]> {
	const titles = await grid(page).getByRole("columnheader").allInnerTexts();
	const at = titles.findIndex((text) => text.replace(/[↑↓\s]/g, "") === title);
	return page
		.locator(`isoflop-run-grid tbody tr[data-at] td:nth-child(${at + 1})`)
		.evaluateAll((cells) => cells.map((cell) => cell.textContent!.trim()));
}

const sortBy = (page: Page, title: string) => grid(page).getByRole("button", { name: title, exact: true }).click();

describe("runs from a file", () => {
	it("are listed with their settings, and saved again as they came", async () => {
		await withContext(async (page) => {
			await add(page, "results.jsonl.gz", gzipSync(studyLine(madeStudy(60)) + file));
			await page.getByText("72 runs added. They are the study “made”.").waitFor();
			await countIs(page, "72 runs");
			expect(new Set(await column(page, "Study"))).toEqual(new Set(["made"]));
			await page.getByRole("checkbox", { name: "Select all" }).check();
			const saved = async (name: string) => {
				const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
				return readFile(await download.path(), "utf8");
			};
			const lines = readRunLines(await saved("JSONL")).results;
			expect(lines.sort(byId)).toEqual([...results].sort(byId));
			expect((await saved("CSV")).trim().split("\r\n")).toHaveLength(73);
			expect((await saved("Curves, CSV")).split("\r\n")[0]).toMatch(/^run,params,/);
		});
	});

	it("that is no such file, or forged, is refused with the reason, and nothing changes", async () => {
		await withRuns(async (page) => {
			for (const [text, reason] of [
				["x,y\n1,2\n", "bad.jsonl was not taken: line 1 is not a run: it is not a JSON object"],
				[
					file.replaceAll('"seed":1,', '"seed":9,'),
					/bad\.jsonl was not taken: runs: run [0-9a-f]{16} has a spec whose hash/,
				],
				[gzipSync(file).subarray(0, 999), "bad.jsonl was not taken: bad.jsonl is damaged: it is not a whole gzip file"],
			] as const) {
				await add(page, "bad.jsonl", text);
				await page.getByRole("alert").getByText(reason).waitFor();
				await button(page, "Close").click();
				await countIs(page, "72 runs");
			}
		});
	});
});

describe("the table", () => {
	it("filters by text and by value, and keeps the last filter that could be read", async () => {
		await withRuns(async (page) => {
			await filter(page).fill("width 32 cosine seed = 2");
			await countIs(page, "3 of 72 runs");
			expect(new Set(await column(page, "Schedule"))).toEqual(new Set(["cosine"]));
			expect(new Set(await column(page, "Size"))).toEqual(new Set(["32×2×2"]));
			await filter(page).fill("width 32 cosine seed = two");
			await page.getByRole("alert").getByText('Not filtered by this: seed = two: "two" is no number').waitFor();
			await countIs(page, "3 of 72 runs");
			await filter(page).fill("");
			await countIs(page, "72 runs");
		});
	});

	it("sorts by any column, either way", async () => {
		await withRuns(async (page) => {
			await sortBy(page, "Loss");
			const losses = (await column(page, "Loss")).map(Number);
			expect(losses).toEqual([...losses].sort((a, b) => a - b));
			expect(losses[0]).toBeCloseTo(Math.min(...results.map((result) => result.validationLoss!)), 3);
			await sortBy(page, "Loss");
			expect(Number((await column(page, "Loss"))[0])).toBeCloseTo(
				Math.max(...results.map((result) => result.validationLoss!)),
				3,
			);
			await expect
				.poll(() => grid(page).getByRole("columnheader", { name: "Loss" }).getAttribute("aria-sort"))
				.toBe("descending");
		});
	});

	it("groups seeds, says what rows have otherwise than the one above, and remembers its columns", async () => {
		await withRuns(async (page) => {
			await page.getByLabel("Group seeds").check();
			await countIs(page, "72 runs, in 24 lines");
			expect(new Set(await column(page, "Seed"))).toEqual(new Set(["1, 2, 3"]));
			await page.getByText("Columns", { exact: true }).click();
			await page.getByLabel("Differences from the row above").check();
			await page.getByRole("checkbox", { name: "Training loss" }).check();
			await page.keyboard.press("Escape");
			expect((await column(page, "Trainingloss"))[0]).toMatch(/^\d\.\d{3} ± 0\.\d{3}$/);
			await sortBy(page, "Rate");
			expect((await column(page, "Otherwisethantherowabove"))[1]).toMatch(/schedule cosine|width/);
			await page.reload();
			await countIs(page, "72 runs, in 24 lines");
			expect((await column(page, "Trainingloss"))[0]).toMatch(/±/);
		});
	});

	it("compares the selected runs: the settings that differ, and their curves", async () => {
		await withRuns(async (page) => {
			await filter(page).fill("width 32 constant seed 1");
			await countIs(page, "3 of 72 runs");
			for (const at of [0, 1, 2]) await rows(page).nth(at).click();
			const table = page.getByRole("region", { name: "Settings that differ" });
			await expect
				.poll(() => table.getByRole("rowheader").allInnerTexts())
				.toEqual(["rate", "Loss", "Training loss", "All parameters", "Tokens", "FLOP", "Seconds"]);
			await expect
				.poll(async () => (await table.getByRole("row").nth(1).getByRole("cell").allInnerTexts()).sort())
				.toEqual(["0.003", "0.01", "0.03"]);
			await page.getByRole("img", { name: /^Training losses of 3 runs: .*ends at/ }).waitFor();
			await page.getByRole("radio", { name: "C\\E" }).click();
			await page.locator("isoflop-compare-panel .axis.x").getByText("Compute without embeddings").waitFor();
		});
	});
});

describe("labels", () => {
	it("name, tag and hide runs, and are still there after a reload", async () => {
		await withRuns(async (page) => {
			await filter(page).fill("width 8 rate 0.003 constant seed 1");
			await countIs(page, "1 of 72 runs");
			await rows(page).first().click();
			await button(page, "Name and tag").click();
			await page.getByRole("textbox", { name: "Name", exact: true }).fill("the <b>baseline</b>");
			await page.getByRole("textbox", { name: "Tags" }).fill("keep, for class");
			await button(page, "Save").click();
			await expect.poll(() => column(page, "Name")).toEqual(["the <b>baseline</b>"]);
			await filter(page).fill('tag = "for class"');
			await countIs(page, "1 of 72 runs");
			await filter(page).fill("width 16");
			await countIs(page, "18 of 72 runs");
			await button(page, "Clear").click();
			await page.getByRole("checkbox", { name: "Select all" }).check();
			await button(page, "Hide").click();
			await countIs(page, "0 of 72 runs, 18 hidden");
			await page.reload();
			await countIs(page, "54 of 72 runs, 18 hidden");
			await page.getByLabel("Show hidden").check();
			await countIs(page, "72 runs");
			await filter(page).fill("tag = keep");
			await expect.poll(() => column(page, "Name")).toEqual(["the <b>baseline</b>"]);
		});
	});
});

describe("kept weights", () => {
	/** Keeps weights of a run, as training does where they are wanted. */
	async function keep(page: Page): Promise<void> {
		const [{ id, spec }] = results as [(typeof results)[0]];
		const bytes = encodeModel({ config: spec.model, weights: initialParameters(spec.model, 1), about: { id } });
		await page.evaluate(
			async ({ id, text }) => {
				const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
				const root = await navigator.storage.getDirectory();
				const folder = await root.getDirectoryHandle("isoflop-weights", { create: true });
				const stream = await (await folder.getFileHandle(`${id}.safetensors`, { create: true })).createWritable();
				await stream.write(bytes);
				await stream.close();
				await new Promise((resolve, reject) => {
					const opening = indexedDB.open("isoflop");
					opening.onsuccess = () => {
						const transaction = opening.result.transaction("notes", "readwrite");
						transaction.objectStore("notes").put({ id, name: "kept", weightBytes: bytes.length });
						transaction.oncomplete = resolve;
						transaction.onerror = reject;
					};
				});
			},
			{ id, text: Buffer.from(bytes).toString("base64") },
		);
	}

	it("write text, are saved as a Hugging Face folder, and go with their run", async () => {
		await withRuns(async (page) => {
			const panel = page.locator("isoflop-weights-panel");
			const wanted = page.getByLabel("Keep the weights of studies that are started from now on");
			await wanted.check();
			await keep(page);
			await page.reload();
			await expect.poll(() => wanted.isChecked()).toBe(true);
			await filter(page).fill("name = kept");
			await rows(page).first().click();
			await button(page, "Sample text").click();
			await expect
				.poll(() => panel.getByRole("region", { name: "Text of the run" }).innerText())
				.toMatch(/^My fellow.{50}/s);
			expect(await accessibilityViolations(page)).toEqual([]);
			const [download] = await Promise.all([
				page.waitForEvent("download"),
				panel.getByRole("button", { name: /^Hugging Face folder/ }).click(),
			]);
			const files = unzipSync(new Uint8Array(await readFile(await download.path())));
			expect(JSON.parse(strFromU8(files["config.json"]!))).toMatchObject({ model_type: "gpt2", vocab_size: 2048 });
			await button(page, "Delete").click();
			await page.getByText(/1 run had kept weights, which go too\./).waitFor();
			await page.getByRole("link", { name: "Plan", exact: true }).click();
			const kept = () =>
				page.evaluate(async () => {
					const root = await navigator.storage.getDirectory();
					const names: string[] = [];
					for await (const name of (await root.getDirectoryHandle("isoflop-weights")).keys()) names.push(name);
					return names;
				});
			await expect.poll(kept).toEqual(["wanted"]);
		});
	});
});

describe("deleting", () => {
	it("can be undone; else the runs are gone when the reader leaves, also by a reload", async () => {
		await withRuns(async (page) => {
			await filter(page).fill("cosine");
			await page.getByRole("checkbox", { name: "Select all" }).check();
			await button(page, "Delete").click();
			await page.getByText("36 runs deleted. No known study uses them.").waitFor();
			await countIs(page, "0 of 36 runs");
			await button(page, "Undo").click();
			await countIs(page, "36 of 72 runs");
			await expect.poll(() => selection(page).innerText()).toContain("36 runs selected");
			await button(page, "Delete").click();
			await page.getByText("36 runs deleted.").waitFor();
			await page.getByRole("link", { name: "Plan", exact: true }).click();
			// Who goes back before the other page is loaded has not left.
			await page.getByRole("heading", { name: /^How large a model/ }).waitFor();
			await page.getByRole("link", { name: "Runs", exact: true }).click();
			await countIs(page, "36 runs");
			await page.getByRole("checkbox", { name: "Select all" }).check();
			await button(page, "Delete").click();
			await page.getByText("Nothing has been trained here yet").waitFor();
			await page.reload();
			await page.getByText("Nothing has been trained here yet").waitFor();
		});
	});
});

describe("the keyboard alone", () => {
	it("filters, selects, compares, names, deletes and undoes", async () => {
		await withRuns(async (page) => {
			await filter(page).focus();
			await page.keyboard.type("seed 1 constant");
			await countIs(page, "12 of 72 runs");
			while ((await page.evaluate(focusedTag)) !== "TR") await page.keyboard.press("Tab");
			await page.keyboard.press("Space");
			await page.keyboard.press("ArrowDown");
			await page.keyboard.press("Shift+ArrowDown");
			await page.keyboard.press("Shift+ArrowDown");
			await expect.poll(() => selection(page).innerText()).toContain("4 runs selected");
			await page.keyboard.press("End");
			await expect.poll(() => page.evaluate(focusedRow)).toBe("11");
			expect(await page.evaluate(focusIsVisible)).toBe(true);
			await page.keyboard.press("Escape");
			await page.keyboard.press("Space");
			await expect.poll(() => selection(page).innerText()).toContain("1 run selected");
			while ((await page.evaluate(focusedText)) !== "Name and tag") await page.keyboard.press("Shift+Tab");
			await page.keyboard.press("Enter");
			await page.getByRole("textbox", { name: "Name", exact: true }).waitFor();
			while ((await page.evaluate(focusedTag)) !== "INPUT") await page.keyboard.press("Tab");
			await page.keyboard.type("by keys");
			await page.keyboard.press("Enter");
			await expect.poll(() => column(page, "Name")).toContain("by keys");
			while ((await page.evaluate(focusedTag)) !== "TR") await page.keyboard.press("Tab");
			await page.keyboard.press("Delete");
			await page.getByText("1 run deleted.").waitFor();
			await expect.poll(() => page.evaluate(focusedTag)).toBe("TR");
			await page.keyboard.press("Control+z");
			await countIs(page, "12 of 72 runs");
			await expect.poll(() => column(page, "Name")).toContain("by keys");
			await page.keyboard.press("Control+a");
			await expect.poll(() => selection(page).innerText()).toContain("12 runs selected");
		});
	});
});

describe("5,000 runs", () => {
	it("are listed, scrolled, sorted and filtered without long tasks of the page's own", async () => {
		const many = (await manyRuns(5000)).map(runLine).join("");
		await withContext(async (page) => {
			await add(page, "many.jsonl.gz", gzipSync(many));
			await page.getByText("5000 runs added.").waitFor();
			await page.reload();
			await countIs(page, "5000 runs");
			expect(await rows(page).count()).toBeLessThan(60);
			await page.evaluate(watchLongTasks);
			await grid(page).getByRole("button", { name: "Loss", exact: true }).click();
			await page.locator("isoflop-run-grid .scroll").evaluate(async (scroller) => {
				for (let step = 1; step <= 40; step++) {
					scroller.scrollTop = (scroller.scrollHeight * step) / 40;
					await new Promise(requestAnimationFrame);
				}
			});
			await expect.poll(() => page.locator('tr[data-at="4999"]').count()).toBe(1);
			await filter(page).fill("width 32 seed < 100");
			await page
				.locator("isoflop-runs-page .heading")
				.getByText(/^\d+ of 5000 runs$/)
				.waitFor();
			const longest = await page.evaluate(() => Math.max(0, ...(globalThis as unknown as LongTasks).longTasks));
			// On a busy machine a task takes several times as long as on an idle one.
			expect(longest).toBeLessThan(500);
		});
	});
});

interface LongTasks {
	longTasks: number[];
}

function watchLongTasks(): void {
	const seen: number[] = [];
	(globalThis as unknown as LongTasks).longTasks = seen;
	new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({
		type: "longtask",
	});
}

function focused(): Element | null {
	let element = document.activeElement;
	while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
	return element;
}
const inPage = (read: string) => `(() => { ${focused}; const element = focused(); ${read} })()`;
const focusedTag = inPage("return element?.tagName");
const focusedRow = inPage("return element?.dataset.at");
const focusedText = inPage("return (element?.getRootNode().host ?? element)?.textContent.trim()");
const focusIsVisible = inPage("return getComputedStyle(element).outlineStyle !== 'none'");

describe.each([
	["light", 1440, 900],
	["dark", 1440, 900],
	["light", 390, 844],
	["dark", 360, 740],
] as const)("in %s at %d×%d", (colorScheme, width, height) => {
	it("is accessible and fits, empty and filled", async () => {
		const fits = (page: Page) =>
			expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
		await withContext(
			async (page) => {
				await fits(page);
				expect(await accessibilityViolations(page)).toEqual([]);
				await add(page, "made.jsonl", file);
				await page.getByText("72 runs added.").waitFor();
				for (const at of [0, 4]) await rows(page).nth(at).click();
				await page.getByRole("img", { name: /^Training losses of 2 runs/ }).waitFor();
				await button(page, "Name and tag").click();
				await page.getByText("Columns", { exact: true }).click();
				await fits(page);
				expect(await accessibilityViolations(page)).toEqual([]);
			},
			{ colorScheme, viewport: { width, height } },
		);
	});
});
