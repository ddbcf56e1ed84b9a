import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { serveFolder } from "./plain-server.ts";

// The built page on a plain file server, in a folder of it.

let server: Awaited<ReturnType<typeof serveFolder>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];
beforeAll(async () => {
	server = await serveFolder("dist/page", "/school/lab/");
	browser = await launchBrowser();
	context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
	page = await context.newPage();
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
	page.on("request", (request) => {
		if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(server.url)) complaints.push(request.url());
	});
	await page.goto(server.url);
});
afterAll(async () => {
	await browser?.close();
	await server?.close();
});

const form = () => page.getByRole("radio", { name: "One minute" });

describe("a folder of a plain server", () => {
	it("shows the lab, with its texts and its other pages", async () => {
		await form().waitFor();
		// The plan needs the texts that the training worker has read.
		await page.getByText(/\d+ runs?, none trained yet/).waitFor();
		await page.getByRole("link", { name: "Plan" }).click();
		await page.getByLabel("Training compute C", { exact: true }).waitFor();
		await page.goBack();
		await form().waitFor();
		expect(complaints).toEqual([]);
	});

	it("keeps to the policy that the page carries itself", async () => {
		const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
		expect(await policy.getAttribute("content")).toMatch(/^default-src 'none'; script-src 'self'; /);
		const refused = await page.evaluate(() => {
			const script = document.createElement("script");
			script.textContent = "window.ran = true";
			document.head.append(script);
			return !("ran" in window);
		});
		expect(refused).toBe(true);
		complaints.length = 0;
	});

	it("opens without a network after the first visit, and can be installed", async () => {
		await page.evaluate(async () => {
			await navigator.serviceWorker.ready;
		});
		const response = await page.request.get(new URL("manifest.webmanifest", server.url).href);
		expect(await response.json()).toMatchObject({ name: "isoflop", start_url: "./", display: "standalone" });
		await page.reload();
		await form().waitFor();
		await server.close();
		for (const [hash, shown] of [
			["", form()],
			["#/plan", page.getByLabel("Training compute C", { exact: true })],
			["#/theory", page.getByRole("heading", { name: /Kaplan|exponent/ }).first()],
		] as const) {
			await page.goto("about:blank");
			await page.goto(`${server.url}${hash}`);
			await shown.waitFor();
		}
	});
});
