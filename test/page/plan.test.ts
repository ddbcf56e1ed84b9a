import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { formatScientific } from "../../src/figures/format.ts";
import { formatAmount } from "../../src/figures/format-amount.ts";
import type { LawAdvice } from "../../src/theory/advice.ts";
import { isoflop } from "../node/isoflop.ts";
import { accessibilityViolations, launchBrowser, openPage } from "./browser.ts";

// The page "Plan" needs no GPU: the browser has none here.

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
		await field(page, "Training compute C").waitFor();
		await use(page);
		expect(complaints).toEqual([]);
	} finally {
		await context.close();
	}
}

const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const TABLES = {
	allocation: "Best size and tokens by each law",
	lifetime: "Cheapest to train and use, by each law",
	own: "Your size at the same loss, by each law",
	batch: "Steps and tokens at this batch, by each law",
	flops: "Compute by each way of counting",
};
/** The texts of a table's rows, below its head. */
const rows = (page: Page, table: keyof typeof TABLES) =>
	page
		.getByRole("region", { name: TABLES[table], exact: true })
		.locator("tbody tr")
		.evaluateAll((all) =>
			all.map((row) => [...row.children].map((cell) => cell.textContent!.replace(/\s+/g, " ").trim())),
		);
const hash = (page: Page) => page.evaluate(() => location.hash);

async function allocate(...argv: string[]): Promise<LawAdvice[]> {
	const { json } = await isoflop("allocate", ...argv, "--json");
	return (json[0] as { laws: LawAdvice[] }).laws;
}

async function enter(page: Page, label: string, text: string): Promise<void> {
	await field(page, label).fill(text);
	await page.keyboard.press("Enter");
}

describe("what is typed with units", () => {
	it("gives what isoflop allocate gives, for every law", async () => {
		await withPage("#/plan", async (page) => {
			await enter(page, "Training compute C", "100 PF-days");
			await page.getByText("= 8.64 × 10²¹ FLOP, 100 PF-days").waitFor();
			await enter(page, "Tokens of use in the model's life", "2 trillion tokens");
			await enter(page, "A size N of your own", "5B");
			await enter(page, "Batch size B", "500k");
			const laws = await allocate(
				...["--flops", "8.64e21", "--inference-tokens", "2e12", "--parameters", "5e9", "--batch", "5e5"],
			);
			const { length } = laws;
			await expect.poll(async () => (await rows(page, "batch"))[0]!.length).toBe(9);
			const allocation = await rows(page, "allocation");
			expect([allocation.length, length]).toEqual([7, 7]);
			for (const [i, { law, parameters, tokens, loss, reasons, beyond }] of laws.entries()) {
				const [name, size, text, , nats, , , budget] = allocation[i]!;
				expect(name).toContain(law.label);
				expect([size, text]).toEqual([formatAmount(parameters), formatAmount(tokens)]);
				expect(nats).toBe(loss === null ? reasons.loss : loss.toFixed(4));
				expect(budget).toContain(beyond ?? "within");
			}
			for (const [i, cells] of (await rows(page, "lifetime")).entries()) {
				const { inference, reasons } = laws[i]!;
				if (inference)
					expect(cells.slice(1, 5)).toEqual([
						formatAmount(inference.trainingOptimal.parameters),
						formatScientific(inference.trainingOptimal.flops),
						formatAmount(inference.lifetimeOptimal.parameters),
						formatAmount(inference.lifetimeOptimal.tokens),
					]);
				else expect(cells[1]).toBe(reasons.inference);
			}
			for (const [i, cells] of (await rows(page, "own")).entries()) {
				const { overTraining, reasons } = laws[i]!;
				expect(cells.slice(1, 3)).toEqual(
					overTraining ? ["5.00B", formatAmount(overTraining.tokens)] : [reasons.overTraining],
				);
			}
			for (const [i, cells] of (await rows(page, "batch")).entries()) {
				const { batch, reasons } = laws[i]!;
				if (batch)
					expect([cells[1], cells[3], cells[5]]).toEqual(
						[batch.criticalBatch, batch.steps, batch.tokens].map(formatAmount),
					);
				else expect(cells[1]).toBe(reasons.batch);
			}
		});
	});

	it("is explained beside its field when it cannot be read, and changes nothing", async () => {
		await withPage("#/plan?flops=1e21", async (page) => {
			const before = await rows(page, "allocation");
			const address = await hash(page);
			await enter(page, "Training compute C", "10 parsecs");
			const alert = page.locator("isoflop-allocation-calculator isoflop-quantity-field").getByRole("alert");
			await expect
				.poll(() => alert.innerText())
				.toBe(
					"“10 parsecs” has a unit that is not known here, “parsecs”; compute is in FLOP or PF-days, as in 5.88e23, 3 EFLOP or " +
						"10 PF-days. Still counted with: 1 × 10²¹ FLOP, 11.5741 PF-days.",
				);
			expect(await rows(page, "allocation")).toEqual(before);
			expect(await hash(page)).toBe(address);
			await enter(page, "A size N of your own", "7 tokens");
			await page.getByText("“7 tokens” is an amount of tokens; a size is in parameters").waitFor();
			await enter(page, "Training compute C", "2e21");
			await expect.poll(() => alert.count()).toBe(0);
			expect(await rows(page, "allocation")).not.toEqual(before);
		});
	});

	it("a critical batch of one's own gives steps by every law, and may be taken back", async () => {
		await withPage("#/plan", async (page) => {
			const label = "Critical batch size, if you know it";
			expect((await rows(page, "batch")).filter(({ length }) => length === 9)).toHaveLength(4);
			await enter(page, label, "2M");
			await expect.poll(async () => (await rows(page, "batch")).filter(({ length }) => length === 9).length).toBe(7);
			expect((await rows(page, "batch")).map((cells) => cells[1])).toEqual(Array(7).fill("2.00M"));
			await enter(page, label, "");
			await expect.poll(async () => (await rows(page, "batch")).filter(({ length }) => length === 9).length).toBe(4);
			expect(await hash(page)).toBe("#/plan");
		});
	});
});

describe("the address", () => {
	it("gives the numbers, within their bounds, and follows them without filling the history", async () => {
		await withPage("#/plan?flops=1e21&batch=0&inferenceTokens=0&law=x", async (page) => {
			expect(await hash(page)).toBe("#/plan?flops=1e%2B21&inferenceTokens=0");
			expect(await field(page, "Training compute C").inputValue()).toBe("1e21");
			expect(await field(page, "Batch size B").inputValue()).toBe("4M");
			const [first] = await allocate("--flops", "1e21");
			expect((await rows(page, "allocation"))[0]![1]).toBe(formatAmount(first!.parameters));
			const entries = await page.evaluate(() => history.length);
			await enter(page, "Training compute C", "3 ZFLOP");
			await expect.poll(() => hash(page)).toBe("#/plan?flops=3e%2B21&inferenceTokens=0");
			await enter(page, "A size N of your own", "70 M");
			await expect.poll(() => hash(page)).toBe("#/plan?flops=3e%2B21&parameters=70000000&inferenceTokens=0");
			expect(await page.evaluate(() => history.length)).toBe(entries);
			const shown = await rows(page, "own");
			await page.reload();
			await expect.poll(() => rows(page, "own")).toEqual(shown);
			await page.evaluate(() => {
				location.hash = "#/plan";
			});
			await expect.poll(() => field(page, "Training compute C").inputValue()).toBe("5.88e23");
		});
	});
});

describe("figures and models", () => {
	it("the figure switches between sizes, tokens and losses", async () => {
		await withPage("#/plan", async (page) => {
			const figure = (name: RegExp) => page.locator("isoflop-allocation-calculator").getByRole("img", { name });
			await figure(/^At 5\.88 × 10²³ FLOP: .*Epoch 73\.0B, Porian, tuned 76\.9B parameters\./).waitFor();
			await page.getByRole("radio", { name: "D*" }).click();
			await figure(/Epoch 1\.34T, .* tokens\./).waitFor();
			await page.getByRole("radio", { name: "L*" }).click();
			await figure(/Hoffmann, Approach 3 1\.9177, Epoch 1\.9739 nats per token\./).waitFor();
		});
	});

	it("a model's exact compute stands beside 6ND, and an impossible one is explained", async () => {
		await withPage("#/plan", async (page) => {
			const exact = async () => (await rows(page, "flops")).find(([name]) => name === "Exact: all three")!;
			expect((await exact()).slice(2)).toEqual(["3.96 × 10¹¹", "5.55 × 10²³", "100.0 %"]);
			await enter(page, "Layers", "40");
			await expect.poll(async () => (await exact())[2]).toBe("1.99 × 10¹¹");
			const before = await rows(page, "flops");
			await enter(page, "Heads", "60");
			await page.getByText("Width 8192 is no multiple of 60 heads; give the head size, or a width that is.").waitFor();
			expect(await rows(page, "flops")).toEqual(before);
			await enter(page, "Head size", "128");
			await expect.poll(() => rows(page, "flops")).not.toEqual(before);
			await enter(page, "Layers", "2.5");
			await page.getByText("“2.5” is no whole number; it must be one, as 512 is.").waitFor();
			await page.getByRole("combobox", { name: "Begin with" }).click();
			await page.getByRole("option", { name: "GPT-2, 124M" }).click();
			await page.getByText(/T = 124M: /).waitFor();
			expect(await page.getByRole("alert").count()).toBe(0);
		});
	});
});

it("is used by keyboard alone", async () => {
	await withPage("#/plan", async (page) => {
		const focused = () =>
			page.evaluate(() => {
				let element = document.activeElement;
				while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
				return element?.tagName;
			});
		for (let i = 0; i < 10 && (await focused()) !== "INPUT"; i++) await page.keyboard.press("Tab");
		expect(await focused()).toBe("INPUT");
		await page.keyboard.press("Control+A");
		await page.keyboard.type("1 ZFLOP");
		await page.keyboard.press("Enter");
		await expect.poll(() => hash(page)).toBe("#/plan?flops=1e%2B21");
		await page.keyboard.press("Tab");
		if ((await focused()) === "A") await page.keyboard.press("Tab");
		await page.keyboard.press("ArrowRight");
		await page.getByRole("heading", { name: "Best number of tokens against compute, by each law" }).waitFor();
	});
});

describe.each([
	["light", 1440, 900],
	["dark", 1440, 900],
	["light", 390, 844],
	["dark", 390, 844],
	["light", 360, 740],
] as const)("in %s at %d×%d", (colorScheme, width, height) => {
	it("is accessible and fits, with a mistake shown too", async () => {
		await withPage(
			"#/plan",
			async (page) => {
				await page.locator("isoflop-lifetime-calculator canvas").first().waitFor();
				const fits = () => page.evaluate(() => document.documentElement.scrollWidth);
				await expect.poll(fits).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
				await enter(page, "Training compute C", `1${"0".repeat(80)} furlongs`);
				await page.getByRole("alert").first().waitFor();
				await page.locator("isoflop-allocation-calculator").getByText("Where each law is from").click();
				expect(await fits()).toBe(width);
				expect(await accessibilityViolations(page)).toEqual([]);
			},
			{ colorScheme, viewport: { width, height } },
		);
	});
});

/** The methods that the stored runs of `reconcile` determine a law by. */
const OWN = ["Method 1", "Method 2", "Method 3", "Rosenfeld's form"];

describe("a study with a fit", () => {
	it("has laws of its own beside the published ones", { timeout: 120_000 }, async () => {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
		try {
			const page = await context.newPage();
			await page.goto(`${inject("scriptedUrl")}?stored=1000#/study?preset=reconcile`);
			await page.getByText(/1000 bootstrap resamples/).waitFor({ timeout: 60_000 });
			await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Plan" }).click();
			await expect
				.poll(async () => (await rows(page, "allocation")).slice(7).map(([name]) => name!.replace(/ \(.*/, "")), {
					timeout: 60_000,
				})
				.toEqual([...OWN.map((method) => `Your study, ${method}`)]);
			const own = (await rows(page, "allocation"))[7]!;
			expect(own[0]).toMatch(/^Your study, Method 1 \(N(T|\\E)\)$/);
			expect(own[1]).toMatch(/^[\d.]+[kMBT]$/);
			expect(own[7]).toBe("▲ above its data");
			await page
				.getByRole("img", { name: /Your study, Method 1 [\d.]+[kMBT], Your study, Method 2 .* parameters\./ })
				.waitFor();
			expect((await rows(page, "lifetime"))[7]![1]).toContain("this law gives only N* and D*");
			// Method 3's law of L(N, D) answers for other sizes too.
			expect((await rows(page, "lifetime"))[7 + OWN.indexOf("Method 3")]![1]).toMatch(/^[\d.]+[kMBT]$/);
			expect(await accessibilityViolations(page)).toEqual([]);
		} finally {
			await context.close();
		}
	});
});
