import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preview } from "vite";
import type { TestProject } from "vitest/node";
import { findChromium } from "../../src/node/setup/browser.mjs";
import { packageBin, runNode } from "../../src/node/setup/run.mjs";
import { serveScriptedPage } from "./scripted-page.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Address of the built page, ending in "/". */
		pageUrl: string;
		/** Address of the page with a lab that trains nothing: see test/ui/scripted.ts. */
		scriptedUrl: string;
		/** Where tests keep what the kernels' measurement found, for other tests: see `giveTunings`. */
		tunings: string;
		/** Path of the browser for playwright-core. */
		chromium: string;
	}
}

/** Before the page tests: builds the page and serves it as `npm start` does, and the scripted page beside it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const chromium = findChromium();
	if (!chromium)
		throw new Error("No Chromium was found: install it, or set CHROMIUM to the path of Chromium or Chrome");
	// In a process of its own, because Vitest sets NODE_ENV and the page must be the one that users get.
	const { NODE_ENV, VITEST, ...env } = process.env;
	if (runNode(packageBin("vite", "vite"), ["build", "--logLevel", "warn"], { env }))
		throw new Error("The page does not build");
	const server = await preview({ preview: { port: 4173, strictPort: false } });
	project.provide("pageUrl", server.resolvedUrls?.local[0] ?? "");
	const scripted = await serveScriptedPage();
	project.provide("scriptedUrl", scripted.url);
	const folder = mkdtempSync(join(tmpdir(), "isoflop-tunings-"));
	project.provide("tunings", join(folder, "tunings.json"));
	project.provide("chromium", chromium);
	return async () => {
		rmSync(folder, { recursive: true });
		await scripted.close();
		await server.close();
	};
}
