import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readingsOf } from "../../src/analysis/fit-points.ts";
import { drawPoints, type SyntheticStudy, syntheticCsv } from "../../src/analysis/points/synthetic-points.ts";
import { exponentRows, METHOD_TITLES } from "../../src/analysis/reports/exponent-rows.ts";
import { formatPercent } from "../../src/figures/format.ts";
import { fitSettings } from "../../src/node/commands/fit-options.ts";
import { pointsReport } from "../../src/node/commands/fit-report.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";

// The page "Replay" needs no GPU: the browser has none here.

let browser: Browser;
beforeAll(async () => {
	browser = await launchBrowser({ webgpu: false });
});
afterAll(() => browser?.close());

async function withPage(
	use: (page: Page) => Promise<void>,
	options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } },
): Promise<void> {
	const context = await browser.newContext(options);
	try {
		const { page, complaints } = await openPage(context, "#/replay");
		await button(page, "Draw and fit").waitFor();
		await use(page);
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
	}
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const input = (page: Page) => page.locator("isoflop-replay-file input[type=file]");
const column = (page: Page, label: string) => page.locator("isoflop-column-mapping").getByLabel(label, { exact: true });
const alerts = (page: Page) => page.getByRole("alert").allInnerTexts();
const fitted = (page: Page) => page.getByRole("status").getByText("Fitted.").waitFor({ timeout: 100_000 });

const study: SyntheticStudy = {
	law: EPOCH.law,
	design: { kind: "isoflop", budgets: { from: 1e18, to: 1e20, count: 4 }, sizes: 7, spread: 8 },
	...{ noise: 0.003, pointNoise: 0, seed: 5 },
};
const table = syntheticCsv(drawPoints(study));

async function drop(page: Page, texts: Record<string, string>): Promise<void> {
	await page.evaluate((texts) => {
		const data = new DataTransfer();
		for (const [name, text] of Object.entries(texts)) data.items.add(new File([text], name));
		dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
	}, texts);
}

const choose = (page: Page, name: string, content: string | Uint8Array) =>
	input(page).setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });

/** The cells of the exponent table by method. */
async function shownExponents(page: Page): Promise<Record<string, string[]>> {
	const rows = await page
		.getByRole("region", { name: "Exponents by method", exact: true })
		.locator("tbody tr")
		.evaluateAll((all) =>
			all.map((row) => [...row.children].map((cell) => cell.textContent!.replace(/\s+/g, " ").trim())),
		);
	return Object.fromEntries(rows.map(([title, ...cells]) => [title!, cells]));
}

/** What `isoflop fit` prints of the same table. */
function commandLine(
	text: string | Record<string, string>,
	given: Parameters<typeof fitSettings>[0] = {},
): Record<string, string[]> {
	const settings = fitSettings(given);
	const files = Object.entries(typeof text === "string" ? { "points.csv": text } : text);
	const [experiment] = pointsReport(
		files.map(([name, text]) => ({ name, text })),
		settings,
	).report.experiments;
	return Object.fromEntries(
		exponentRows(readingsOf(experiment!, settings)).map(({ title, cells, reason, points, remarks }) => {
			const last = [String(points), remarks.length === 0 ? "✓none" : `⚠ ${remarks.length}`];
			if (reason !== null) return [title, [`not determined: ${reason}`, ...last]];
			const texts = Object.values(cells).map((cell) => {
				if (cell === null) return "not of this method";
				const { estimate, low, high } = cell;
				if (estimate === null) return "not determined";
				const interval = low === null || high === null ? "no interval" : `${low.toFixed(3)} to ${high.toFixed(3)}`;
				return `${estimate.toFixed(3)} ${interval}`;
			});
			return [title, [...texts, ...last]];
		}),
	);
}

describe("a file", () => {
	it("that is dropped gives the exponents of the command line, packed too", async () => {
		await withPage(async (page) => {
			expect(Object.keys(await shownExponents(page))).toEqual(METHOD_TITLES);
			await drop(page, { "points.csv": table });
			await page.getByRole("heading", { name: "points.csv: 28 rows" }).waitFor({ timeout: 100_000 });
			const expected = commandLine(table);
			expect(await shownExponents(page)).toEqual(expected);
			expect(expected["Method 2, parabola"]![0]).toMatch(/^0\.\d+ 0\.\d+ to 0\.\d+$/);
			await page.getByRole("img", { name: /^Best model size.*Method 2, parabola: slope 0\.5/ }).waitFor();
			await page.getByRole("img", { name: "4 of 4 budgets have a minimum" }).waitFor();
			await page.getByRole("img", { name: /28 points of 28 runs/ }).waitFor();

			await choose(page, "packed.csv.gz", gzipSync(table));
			await page.getByRole("heading", { name: "packed.csv.gz: 28 rows" }).waitFor({ timeout: 100_000 });
			expect(await shownExponents(page)).toEqual(expected);
		});
	});

	it("that is broken, hostile or too large is refused with the reason, and nothing changes", async () => {
		await withPage(async (page) => {
			await choose(page, "good.csv", table);
			await page.getByRole("heading", { name: "good.csv: 28 rows" }).waitFor({ timeout: 100_000 });
			const before = await shownExponents(page);
			const refused = async (text: string) => {
				await expect.poll(async () => (await alerts(page)).join()).toContain(text);
				await fitted(page);
				expect(await shownExponents(page)).toEqual(before);
				await page.getByRole("heading", { name: "good.csv: 28 rows" }).waitFor();
				await button(page, "Close").click();
				await expect.poll(() => alerts(page)).toEqual([]);
			};
			await choose(page, "broken.csv", "params,tokens,loss\n1e6,1e8,3\n1e6,-5,3\n");
			await refused('broken.csv: line 3, column tokens: "-5" is not a positive number; it must be a number above 0');
			await choose(page, "binary.csv", new Uint8Array([0, 1, 2, 3, 0, 0]));
			await refused("binary.csv: the file is no text, or UTF-16; save it as UTF-8");
			await choose(page, "bomb.csv.gz", gzipSync(Buffer.alloc(130 * 2 ** 20, "1")));
			await refused("bomb.csv.gz unpacks to more than 128 MiB; that is the limit");
			await choose(
				page,
				"<img src=x onerror=alert(1)>.csv",
				`${"<script>alert(1)</script>,".repeat(50)}x\n${"1,".repeat(50)}1\n`,
			);
			await refused("<img src=x onerror=alert(1)>.csv: there is no column of losses");
			await page.evaluate(() => {
				const file = new File([new Uint8Array(65 * 2 ** 20)], "huge.csv");
				const data = new DataTransfer();
				data.items.add(file);
				dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true }));
			});
			await refused("huge.csv has 65 MiB; at most 64 MiB are read");
		});
	});

	it("whose columns have other names is read once they are chosen", async () => {
		await withPage(async (page) => {
			await choose(page, "odd.csv", table.replace("params,tokens,flops,loss", "size,seen,ops,metric"));
			await expect.poll(async () => (await alerts(page)).join()).toContain("odd.csv: there is no column of losses");
			await column(page, "Loss").selectOption("metric");
			await expect.poll(async () => (await alerts(page)).join()).toContain("there is no column of parameters");
			await column(page, "Parameters N, all").selectOption("size");
			await expect.poll(async () => (await alerts(page)).join()).toContain("there is no column of tokens or compute");
			await column(page, "Training tokens D").selectOption("seen");
			await page.getByRole("heading", { name: "odd.csv: 28 rows" }).waitFor({ timeout: 100_000 });
			expect(await alerts(page)).toEqual([]);
			expect(await shownExponents(page)).toEqual(commandLine(table, { flops: "6nd" }));
		});
	});

	it("with several experiments shows each, and counts as it is told", async () => {
		await withPage(async (page) => {
			const [header, ...lines] = table.trim().split("\n");
			const text = [`stage,${header}`, ...lines.map((line, i) => `${i % 2 ? "odd" : "even"},${line}`)].join("\n");
			await choose(page, "two.csv", text);
			await page.getByRole("heading", { name: "two.csv: 28 rows" }).waitFor({ timeout: 100_000 });
			expect(await shownExponents(page)).toEqual(commandLine(text, { where: "stage=even" }));
			const pick = async (label: string, option: string) => {
				await page.getByRole("combobox", { name: label, exact: true }).click();
				await page.getByRole("option", { name: option, exact: true }).click();
			};
			await pick("Experiment", "odd");
			await expect.poll(() => shownExponents(page)).toEqual(commandLine(text, { where: "stage=odd" }));
			await pick("Count C as", "6·N·D");
			await page.getByText("C: 6·N·D.").waitFor({ timeout: 100_000 });
			expect(await shownExponents(page)).toEqual(commandLine(text, { where: "stage=odd", flops: "6nd" }));
		});
	});

	it("is read otherwise by keyboard alone, and what cannot be read keeps the fit before", async () => {
		await withPage(async (page) => {
			await choose(page, "points.csv", table.replace("run,", "label,"));
			await page.getByRole("heading", { name: "points.csv: 28 rows" }).waitFor({ timeout: 100_000 });
			await column(page, "Unit of Training tokens D").focus();
			await page.keyboard.press("ArrowDown");
			await page.keyboard.press("ArrowDown");
			await expect.poll(() => column(page, "Unit of Training tokens D").inputValue()).toBe("1000000");
			await fitted(page);
			const expected = commandLine(table, { units: "tokens=1e6" });
			await expect.poll(() => shownExponents(page)).toEqual(expected);
			await page.getByText("if N is in units of 1e6, say --units params=1e6").waitFor();

			await column(page, "Training tokens D").focus();
			await page.keyboard.press("Home");
			await expect.poll(() => column(page, "Training tokens D").inputValue()).toBe("label");
			await expect
				.poll(async () => (await alerts(page)).join())
				.toContain('points.csv: line 2, column label: "run 1" is not a positive number');
			expect(await shownExponents(page)).toEqual(expected);
		});
	});
});

it("several files are read together, and what to run next is that of the command line", async () => {
	await withPage(async (page) => {
		const [header, ...lines] = table.trim().split("\n");
		const half = (parity: number) => [header, ...lines.filter((_, i) => i % 2 === parity)].join("\n");
		const both = { "a.csv": half(0), "b.csv": half(1) };
		await drop(page, both);
		await page.getByRole("heading", { name: "a.csv, b.csv: 28 rows" }).waitFor({ timeout: 100_000 });
		expect(await shownExponents(page)).toEqual(commandLine(both));

		const settings = fitSettings({});
		const files = Object.entries(both).map(([name, text]) => ({ name, text }));
		const { nextRuns } = pointsReport(files, settings).report.experiments[0]!;
		const rows = page.getByRole("region", { name: "Runs by what they narrow per FLOP" }).locator("tbody tr");
		expect(nextRuns!.length).toBeGreaterThan(0);
		expect(await rows.evaluateAll((all) => all.map((row) => row.lastElementChild!.textContent!.trim()))).toEqual(
			nextRuns!.map(({ narrowing }) => formatPercent(narrowing)),
		);
	});
});

it("the largest runs are set aside and predicted, and stay so for other measurements", async () => {
	await withPage(async (page) => {
		const choice = page.locator("isoflop-replay-held-out");
		await choose(page, "points.csv", table);
		await page.getByRole("heading", { name: "points.csv: 28 rows" }).waitFor({ timeout: 100_000 });
		await choice.getByRole("radio", { name: "The largest budget" }).click();
		await page.getByText("7 runs of the largest budget, predicted from 21 runs.").waitFor({ timeout: 100_000 });
		const predicted = page.getByRole("region", { name: "Predicted losses by law" });
		await expect.poll(() => predicted.locator("tbody tr").count()).toBe(9);
		expect(await predicted.innerText()).toMatch(/✓ inside/);
		await page.getByRole("img", { name: /7 runs came out/ }).waitFor();
		await button(page, "Draw and fit").click();
		await page.getByText("54 points, 54 runs").waitFor({ timeout: 100_000 });
		await page.getByText("9 runs of the largest budget, predicted from 45 runs.").waitFor();
		await choice.getByRole("radio", { name: "Nothing" }).click();
		await expect.poll(() => predicted.count(), { timeout: 100_000 }).toBe(0);
	});
});

describe("a synthetic study", () => {
	it("has the truth beside every estimate, and other noise with another seed", async () => {
		await withPage(async (page) => {
			await button(page, "Draw and fit").click();
			await page.getByText("54 points, 54 runs").waitFor({ timeout: 100_000 });
			const first = await shownExponents(page);
			expect(first.Truth).toEqual(["0.513", "0.487", "no power law", "0.178", "", ""]);
			expect(first["Method 2, parabola"]![0]).toMatch(/^0\.5\d\d 0\.\d+ to 0\.\d+ [✓✗] (holds|misses) truth 0\.513$/);
			expect(first["Method 3"]![3]).toMatch(/truth 0\.178$/);
			expect(first.Kaplan![0]).toMatch(/truth 0\.513$/);
			await page.getByText("The laws' parameters").click();
			const laws = page.getByRole("region", { name: "Parameters of the laws" });
			await laws.getByRole("cell", { name: "482.0", exact: true }).waitFor();

			await button(page, "Again with other noise").click();
			await expect.poll(() => shownExponents(page), { timeout: 100_000 }).not.toEqual(first);
			const second = await shownExponents(page);
			expect([second.Truth, await page.getByLabel("Seed", { exact: true }).inputValue()]).toEqual([first.Truth, "2"]);
			const saved = page.waitForEvent("download");
			await button(page, "Save its points as CSV").click();
			const printed = commandLine(await readFile(await (await saved).path(), "utf8"));
			for (const title of METHOD_TITLES)
				for (const [i, cell] of printed[title]!.entries())
					expect(second[title]![i]!.replace(/ ?([✓✗] (holds|misses) )?truth .*/, "")).toBe(cell);
		});
	});

	it("of training curves in one's own law can be drawn; what is none is explained", async () => {
		await withPage(async (page) => {
			await page.getByRole("combobox", { name: "Law", exact: true }).click();
			await page.getByRole("option", { name: "Your own constants" }).click();
			await page.getByLabel("β", { exact: true }).fill("0.37");
			await page.getByRole("radio", { name: "Curves" }).click();
			await page.getByLabel("Largest size N").fill("1M");
			await page.keyboard.press("Enter");
			await page.getByText("The smallest size, 30.0M, is above the largest, 1.00M; it must be below.").waitFor();
			expect(await button(page, "Draw and fit").isDisabled()).toBe(true);
			await page.getByLabel("Largest size N").fill("3B");
			await page.keyboard.press("Enter");
			await button(page, "Draw and fit").click();
			await page.getByText(/9 runs, 9 sizes/).waitFor({ timeout: 100_000 });
			const { Truth, ...methods } = await shownExponents(page);
			expect([Truth![0], Truth![3]]).toEqual(["0.515", "0.179"]);
			expect(methods["Method 1, crossings"]![0]).toMatch(/truth 0\.515$/);
		});
	});
});

it("a long fit is cancelled, a newer one wins, and the page answers meanwhile", async () => {
	await withPage(async (page) => {
		await choose(page, "points.csv", table);
		await page.getByRole("heading", { name: "points.csv: 28 rows" }).waitFor({ timeout: 100_000 });
		const before = await shownExponents(page);
		const resamples = page.getByRole("combobox", { name: "Resamples for intervals" });
		const pick = async (name: string) => {
			await resamples.click();
			await page.getByRole("option", { name, exact: true }).click();
		};
		await pick("5000");
		await page
			.getByRole("status")
			.getByText(/ of 5 …/)
			.waitFor();
		const waited = await page.evaluate(async () => {
			const start = performance.now();
			await new Promise((resolve) => setTimeout(resolve, 0));
			return performance.now() - start;
		});
		expect(waited).toBeLessThan(1000);
		await button(page, "Cancel").click();
		await fitted(page);
		expect(await shownExponents(page)).toEqual(before);
		await expect.poll(() => resamples.inputValue()).toBe("1000");
		await pick("5000");
		await button(page, "Cancel").waitFor();
		await pick("none: no intervals");
		await page.getByText("Without intervals.").waitFor({ timeout: 100_000 });
		expect((await shownExponents(page))["Method 3"]![0]).toMatch(/ no interval$/);

		await page.getByRole("link", { name: "Plan", exact: true }).click();
		await page.getByLabel("Training compute C").waitFor();
		await page.getByRole("link", { name: "Replay", exact: true }).click();
		await page.getByText("Without intervals.").waitFor();
	});
});

describe.each([
	["light", 1440, 900],
	["dark", 1440, 900],
	["light", 390, 844],
	["dark", 390, 844],
	["light", 360, 740],
] as const)("in %s at %d×%d", (colorScheme, width, height) => {
	it("is accessible and fits, empty, filled and with a file refused", async () => {
		await withPage(
			async (page) => {
				const fits = () => page.evaluate(() => document.documentElement.scrollWidth);
				await expect.poll(fits).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
				await button(page, "Draw and fit").click();
				await page.getByText("54 points, 54 runs").waitFor({ timeout: 100_000 });
				await page.locator("isoflop-figure canvas").first().waitFor();
				expect(await fits()).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
				await choose(page, "points.csv", table);
				await page.getByRole("heading", { name: "points.csv: 28 rows" }).waitFor({ timeout: 100_000 });
				await choose(page, `${"long-name".repeat(20)}.csv`, `${"x".repeat(300)},tokens\n1,2\n`);
				await page.getByText("Not taken.").waitFor();
				await page.getByText("The laws' parameters").click();
				await page.getByRole("radio", { name: "The largest budget" }).click();
				await page.getByText("7 runs of the largest budget, predicted from 21 runs.").waitFor({ timeout: 100_000 });
				expect(await fits()).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
			},
			{ colorScheme, viewport: { width, height } },
		);
	});
});
