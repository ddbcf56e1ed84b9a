import { readFile } from "node:fs/promises";
import axe from "axe-core";
import Papa from "papaparse";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import type uPlot from "uplot";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Figure } from "../../src/figures/figure.ts";
import type { FigureView } from "../../src/ui/charts/figure-view.ts";
import { launchBrowser } from "./browser.ts";

const HIGH = { width: 1440, height: 5000 };
let browser: Browser;

/** A page so high that nothing has to scroll. Every test leaves it as it was. */
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
	browser = await launchBrowser();
	page = await open(await browser.newContext({ viewport: HIGH, colorScheme: "light" }));
});
afterAll(async () => {
	await browser?.close();
});

/** Opens the page of a scripted lab with a finished study. */
async function open(context: BrowserContext): Promise<Page> {
	const page = await context.newPage();
	// Drawing takes a while on a busy machine.
	page.setDefaultTimeout(100_000);
	page.on("pageerror", (error) => complaints.push(error.message));
	await page.goto(`${inject("scriptedUrl")}?stored=45#/study?preset=reconcile`);
	await frontier(page)
		.getByRole("img", { name: /slope 0\.5/ })
		.waitFor();
	await loss(page).locator(".u-over").waitFor();
	return page;
}

const frontier = (page: Page) => page.locator("isoflop-figure").first();
const loss = (page: Page) => page.locator("isoflop-runs-panel isoflop-figure");
const reset = (page: Page) => loss(page).getByRole("button", { name: "Reset zoom" });

const read = <Value>(figure: Locator, value: (figure: FigureView) => Value) =>
	figure.evaluate(value as unknown as (element: Element) => Value);
const windowOf = (figure: Locator) => read(figure, (element) => element.view.window);
/** What a figure's element holds. */
interface Plotted {
	figure: Figure;
	plot: { plot: { uplot: uPlot } };
}

const litRows = (page: Page) => page.locator("isoflop-run-table tr.lit");

/** Where the plot of a figure lies, inside its axes. */
const plotBox = async (figure: Locator) => (await figure.locator(".u-over").boundingBox())!;

/** Drags from one place of the plot to another, in shares from its upper left corner. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
	const { x, y, width, height } = await plotBox(loss(page));
	await page.mouse.move(x + from[0] * width, y + from[1] * height);
	await page.mouse.down();
	await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 4 });
	await page.mouse.up();
}

async function violations(page: Page): Promise<string[]> {
	await page.evaluate(axe.source);
	const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
	return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

describe("zoom", () => {
	it("goes to the rectangle that is dragged, stays as the reader looks elsewhere, and is reset by a button", async () => {
		expect(await reset(page).isVisible()).toBe(false);
		await drag(page, [0.5, 0.2], [0.75, 0.6]);
		await reset(page).waitFor();
		const { x, y } = (await windowOf(loss(page)))!;
		expect(x.max / x.min).toBeGreaterThan(5);
		expect(y.max / y.min).toBeLessThan(2);
		expect(await windowOf(frontier(page))).toBeNull();
		await loss(page).getByRole("button", { name: "Zoom in" }).click();
		const closer = (await windowOf(loss(page)))!;
		expect(Math.log(x.max / x.min) / Math.log(closer.x.max / closer.x.min)).toBeCloseTo(1.5, 6);
		await reset(page).click();
		await reset(page).waitFor({ state: "hidden" });
		expect(await windowOf(loss(page))).toBeNull();
	});

	it("works by keyboard", async () => {
		await loss(page).getByRole("img").focus();
		for (const key of ["+", "+", "ArrowRight"]) await page.keyboard.press(key);
		const { x } = (await windowOf(loss(page)))!;
		await page.keyboard.press("ArrowLeft");
		expect((await windowOf(loss(page)))!.x.min).toBeLessThan(x.min);
		await page.keyboard.press("-");
		await page.keyboard.press("0");
		expect(await windowOf(loss(page))).toBeNull();
	});

	it("works with two fingers, while one finger scrolls the page", async () => {
		const context = await browser.newContext({ viewport: { width: 390, height: 9000 }, hasTouch: true });
		const phone = await open(context);
		const { x, y, width, height } = await plotBox(loss(phone));
		const session = await context.newCDPSession(phone);
		const finger = (id: number, left: number) => ({ id, x: left, y: y + height / 2 });
		const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart: number) => {
			const [left, right] = [x + width / 2 - apart / 2, x + width / 2 + apart / 2];
			const touchPoints = type === "touchEnd" ? [] : [finger(0, left), finger(1, right)];
			return session.send("Input.dispatchTouchEvent", { type, touchPoints });
		};
		await touch("touchStart", 60);
		for (const apart of [80, 100, 120]) await touch("touchMove", apart);
		await touch("touchEnd", 0);
		await reset(phone).waitFor();
		const over = loss(phone).locator(".u-over");
		expect(await over.evaluate((element) => getComputedStyle(element).touchAction)).toBe("pan-x pan-y");
		await context.close();
	});

	it("ends when the axes mean something else", async () => {
		await loss(page).getByRole("button", { name: "Zoom in" }).click();
		await reset(page).waitFor();
		await page.locator("isoflop-loss-axis wa-radio[value=tokens]").click();
		await reset(page).waitFor({ state: "hidden" });
		expect(await loss(page).getByRole("img").getAttribute("aria-label")).toMatch(
			/^Training loss against training tokens/,
		);
		await page.locator("isoflop-loss-axis wa-radio[value=compute]").click();
		await expect
			.poll(() => loss(page).getByRole("img").getAttribute("aria-label"))
			.toMatch(/^Training loss against compute/);
	});
});

describe("axes", () => {
	it("switch between logarithmic and linear", async () => {
		const chart = loss(page).getByRole("img");
		expect(await chart.getAttribute("aria-label")).toMatch(/Both axes are logarithmic\.$/);
		await loss(page).getByRole("button", { name: "log x" }).click();
		expect(await chart.getAttribute("aria-label")).toMatch(
			/The horizontal axis is linear, the vertical one logarithmic\.$/,
		);
		expect(await loss(page).getByRole("button", { name: "log x" }).getAttribute("aria-pressed")).toBe("false");
		await loss(page).getByRole("button", { name: "log y" }).click();
		expect(await chart.getAttribute("aria-label")).toMatch(/Both axes are linear\.$/);
		await loss(page).getByRole("button", { name: "log y" }).click();
		await loss(page).getByRole("button", { name: "log x" }).click();
		expect(await chart.getAttribute("aria-label")).toMatch(/Both axes are logarithmic\.$/);
	});
});

describe("categories and labels", () => {
	it("are drawn in the room that they ask for", async () => {
		const drawn = await page.evaluate(async () => {
			const text = (words: string) => [{ text: words, style: "normal" as const }];
			const axis = { label: text("axis"), scale: "linear" as const, pad: 0.1, tick: String };
			const categories = ["one change after another, in many words", "another", "and the last one of them"];
			const points = [
				[0, 1],
				[2.5, 3],
			] as const;
			const line = { kind: "line" as const, points, width: 2, color: { light: "#ff0000", dark: "#ff0000" } };
			const figure = {
				...{ name: "test", title: text("test"), x: { ...axis, categories }, y: axis, legend: [] },
				...{ table: { caption: "none", columns: [], rows: [] }, summary: "A test.", empty: "" },
				marks: [{ ...line, label: text("a label") }],
			};
			const element = document.createElement("isoflop-figure") as FigureView;
			element.style.cssText = "display: block; width: 400px";
			document.body.append(element);
			const plotted = async (shown: Figure) => {
				element.figure = shown;
				for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
				const uplot = (element as unknown as Partial<Plotted>).plot?.plot?.uplot;
				if (!uplot) return null;
				const { ctx, bbox } = uplot;
				const right = ctx.canvas.width - bbox.left - bbox.width;
				const { data } = ctx.getImageData(bbox.left + bbox.width, 0, right, ctx.canvas.height);
				const isRed = (at: number) => data[at]! > 200 && data[at + 1]! < 60 && data[at + 3]! > 200;
				const red = Array.from({ length: data.length / 4 }, (_, i) => 4 * i).filter(isRed).length;
				return { width: bbox.width, height: bbox.height, red };
			};
			let labeled = await plotted(figure);
			while (!labeled) labeled = await plotted(figure);
			const plain = await plotted({ ...figure, x: axis, marks: [line] });
			element.remove();
			return { labeled, plain: plain! };
		});
		const { labeled, plain } = drawn;
		expect(plain.width - labeled.width).toBeGreaterThan(30);
		expect(plain.height - labeled.height).toBeGreaterThanOrEqual(28);
		expect(labeled.red).toBeGreaterThan(20);
		expect(plain.red).toBe(0);
	});
});

describe("a run under the pointer", () => {
	it("stands out in both figures and in the table", async () => {
		const target = await frontier(page).evaluate((element) => {
			const {
				figure,
				plot: { plot },
			} = element as unknown as Plotted;
			const dots = figure.marks.find((mark) => mark.kind === "dots")!;
			const [x, y] = dots.points[1]!;
			return { left: plot.uplot.valToPos(x, "x"), top: plot.uplot.valToPos(y, "y"), runs: dots.pointRuns![1]! };
		});
		const box = await plotBox(frontier(page));
		await page.mouse.move(box.x + target.left + 2, box.y + target.top);
		await frontier(page)
			.getByText(/^All parameters: the best size passes/)
			.waitFor();
		await expect.poll(() => litRows(page).count()).toBe(target.runs.length);
		expect(target.runs.length).toBe(6);
		expect(await read(loss(page), (element) => element.highlight)).toEqual(target.runs);
		await page.mouse.move(5, 5);
		await expect.poll(() => litRows(page).count()).toBe(0);
		await page.locator("isoflop-run-table tbody tr").nth(2).hover();
		await expect.poll(() => read(loss(page), (element) => element.highlight.length)).toBe(1);
		expect(await read(frontier(page), (element) => element.highlight.length)).toBe(1);
		expect(await litRows(page).count()).toBe(1);
	});

	it("shows where the same compute lies in the other figure", async () => {
		const { x, y, width, height } = await plotBox(loss(page));
		await page.mouse.move(x + 0.7 * width, y + 0.9 * height);
		const computeAt = (figure: Locator) =>
			figure.evaluate((element) => {
				const { uplot } = (element as unknown as Plotted).plot.plot;
				return uplot.posToVal(uplot.cursor.left!, "x");
			});
		const ratio = async () => (await computeAt(frontier(page))) / (await computeAt(loss(page)));
		await expect.poll(ratio).toBeCloseTo(1, 6);
		expect(await frontier(page).locator("#tip").count()).toBe(0);
		await page.locator("isoflop-loss-axis wa-radio[value=tokens]").click();
		await page.mouse.move(x + 0.5 * width, y + 0.9 * height);
		const cursor = frontier(page).locator(".u-cursor-x");
		await expect.poll(() => cursor.getAttribute("class")).toContain("u-off");
		await page.locator("isoflop-loss-axis wa-radio[value=compute]").click();
	});
});

describe("legend, smoothing and table", () => {
	it("the legend hides series by keyboard and says so", async () => {
		const item = loss(page).getByRole("button", { name: "best loss at each compute" });
		await item.focus();
		await page.keyboard.press("Space");
		expect(await item.getAttribute("aria-pressed")).toBe("false");
		expect(await read(loss(page), (element) => [...element.view.hidden])).toEqual(["envelope"]);
		await page.keyboard.press("Space");
		expect(await item.getAttribute("aria-pressed")).toBe("true");
	});

	it("smoothing is offered where lines are measured", async () => {
		const smoothing = loss(page).getByLabel("Smoothing");
		await smoothing.selectOption("30");
		expect(await read(loss(page), (element) => element.view.smoothing)).toBe(30);
		expect(await frontier(page).getByLabel("Smoothing").count()).toBe(0);
		await smoothing.selectOption("1");
	});

	it("the table holds what is drawn", async () => {
		await loss(page).getByText("Show as table: ends of the loss curves").click();
		const rows = loss(page).locator("tbody tr");
		await expect.poll(() => rows.count()).toBe(36);
		expect(await rows.first().locator("td").allInnerTexts()).toEqual([
			"17.4k",
			"0.0015",
			"1",
			"2.00M",
			expect.stringMatching(/^5\.\d{3}$/),
		]);
	});
});

describe("the runs of the loss figure", () => {
	const lines = () => read(loss(page), ({ figure }) => figure.marks.filter(({ kind }) => kind === "line").length);

	it("are drawn one by one, or as the mean of their seeds", async () => {
		expect(await lines()).toBe(36 + 1);
		const choice = loss(page).getByRole("checkbox", { name: "Mean of seeds" });
		await choice.focus();
		await page.keyboard.press("Space");
		await expect.poll(lines).toBe(12 + 1);
		expect(await read(loss(page), ({ figure }) => figure.marks.filter(({ kind }) => kind === "band").length)).toBe(12);
		await page.keyboard.press("Space");
		await expect.poll(lines).toBe(36 + 1);
	});

	it("can be hidden, which leaves the fits alone and is undone with a click", async () => {
		const first = page.getByRole("checkbox", { name: "Show 17.4k parameters, learning rate 0.0015, seed 1 in" });
		const exponent = () => read(frontier(page), ({ figure }) => figure.summary);
		const before = await exponent();
		await first.focus();
		await page.keyboard.press("Space");
		await expect.poll(lines).toBe(35 + 1);
		await page.getByText("1 run hidden in the loss figure; the fits use all runs.").waitFor();
		expect(await exponent()).toBe(before);
		await page.getByRole("button", { name: "Show all" }).click();
		await expect.poll(lines).toBe(36 + 1);
		expect(await first.isChecked()).toBe(true);
	});

	it("are drawn against the time that they took", async () => {
		await loss(page).getByText("Time", { exact: true }).click();
		await expect.poll(lines).toBe(36);
		await loss(page).getByText("Time from the start of its pack (seconds)").waitFor();
		await loss(page).getByText("Compute", { exact: true }).click();
		await expect.poll(lines).toBe(36 + 1);
	});
});

describe("files", () => {
	it("are saved as PNG, SVG and CSV from what is shown", async () => {
		const save = async (name: string) => {
			await loss(page).getByText("Save", { exact: true }).click();
			const [file] = await Promise.all([
				page.waitForEvent("download"),
				loss(page).getByRole("button", { name }).click(),
			]);
			return { name: file.suggestedFilename(), content: await readFile((await file.path())!) };
		};
		const png = await save("Picture (PNG)");
		expect(png.name).toBe("loss.png");
		expect([...png.content.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
		expect([png.content.readUInt32BE(16), png.content.readUInt32BE(20)]).toEqual([1920, 1200]);
		const shades = await page.evaluate(
			async (source) => {
				const bitmap = await createImageBitmap(await (await fetch(source)).blob());
				const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
				context.drawImage(bitmap, 0, 0);
				const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
				return { corner: [...data.subarray(0, 4)], colors: new Set(new Uint32Array(data.buffer)).size };
			},
			`data:image/png;base64,${png.content.toString("base64")}`,
		);
		expect(shades.corner).toEqual([255, 255, 255, 255]);
		expect(shades.colors).toBeGreaterThan(100);
		const svg = await save("Drawing (SVG)");
		const parsed = await page.evaluate((text) => {
			const { documentElement } = new DOMParser().parseFromString(text, "image/svg+xml");
			return { name: documentElement.nodeName, paths: documentElement.querySelectorAll("path").length };
		}, svg.content.toString());
		expect(svg.name).toBe("loss.svg");
		expect(parsed.name).toBe("svg");
		expect(parsed.paths).toBeGreaterThan(36);
		const csv = await save("Table (CSV)");
		const { data, errors } = Papa.parse<Record<string, string>>(csv.content.toString(), {
			header: true,
			skipEmptyLines: true,
		});
		expect([csv.name, errors, data.length]).toEqual(["loss.csv", [], 36]);
		expect(Number(data[0]!.tokens)).toBeGreaterThan(7e5);
	});

	it("the menu closes by Escape and when the focus leaves it", async () => {
		const menu = loss(page).locator(".menu");
		await menu.locator("summary").focus();
		await page.keyboard.press("Enter");
		await menu.getByRole("button", { name: "Drawing (SVG)" }).focus();
		await page.keyboard.press("Escape");
		expect(await menu.getAttribute("open")).toBeNull();
		await page.keyboard.press("Enter");
		expect(await menu.getAttribute("open")).toBe("");
		await page.keyboard.press("Shift+Tab");
		expect(await menu.getAttribute("open")).toBeNull();
	});
});

describe("everyone", () => {
	it("can use them: no accessibility violations, light and dark", async () => {
		await loss(page).getByText("Show as table").click();
		await loss(page).getByRole("button", { name: "Zoom in" }).click();
		await loss(page).getByRole("button", { name: "best loss at each compute" }).click();
		for (const colorScheme of ["light", "dark"] as const) {
			await page.emulateMedia({ colorScheme });
			await loss(page).getByText("Save", { exact: true }).click();
			expect(await violations(page)).toEqual([]);
		}
		await page.emulateMedia({ colorScheme: "light" });
		await reset(page).click();
		await loss(page).getByRole("button", { name: "best loss at each compute" }).click();
		await loss(page).getByText("Show as table").click();
	});

	it("hits targets of at least 24 pixels, in a page no wider than a phone", async () => {
		await page.setViewportSize({ width: 390, height: 844 });
		const sizes = await loss(page)
			.locator("button:visible, select:visible, .menu > summary")
			.evaluateAll((targets) => targets.map((target) => target.getBoundingClientRect().toJSON() as DOMRect));
		expect(sizes.length).toBeGreaterThan(10);
		for (const { width, height } of sizes) {
			expect(width).toBeGreaterThanOrEqual(24);
			expect(height).toBeGreaterThanOrEqual(24);
		}
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
		await page.setViewportSize(HIGH);
	});

	it("prints figures without their tools", async () => {
		await page.emulateMedia({ media: "print" });
		expect(await loss(page).locator(".tools").isVisible()).toBe(false);
		expect(await loss(page).locator(".legend").isVisible()).toBe(true);
		await page.emulateMedia({ media: "screen" });
	});

	it("finds nothing in the console", () => {
		expect(complaints).toEqual([]);
	});
});
