import { existsSync, readFileSync, writeFileSync } from "node:fs";
import axe from "axe-core";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { inject } from "vitest";
import { TUNING_FOLDER } from "../../src/worker/tuning-store.ts";

/** Chromium with its software WebGPU adapter; `--disable-gpu` would leave it none. */
const ALWAYS = [
	"--no-sandbox",
	"--no-first-run",
	"--disable-quic",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const SOFTWARE_WEBGPU = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Else a browser gives pages no adapter any more after its GPU process has crashed. */
const SURVIVES_CRASHES = ["--disable-gpu-process-crash-limit", "--disable-domain-blocking-for-3d-apis"];

/** Starts the browser. `webgpu: false` leaves it without an adapter. */
export function launchBrowser({ webgpu = true } = {}): Promise<Browser> {
	return chromium.launch({
		executablePath: inject("chromium"),
		args: webgpu ? [...ALWAYS, ...SOFTWARE_WEBGPU, ...SURVIVES_CRASHES] : [...ALWAYS, "--disable-features=WebGPU"],
	});
}

/**
 * Hands the page's origin the measurements of kernels that another test kept, of this file or another, as if they had been made
 * there: on software adapters they take half a minute.
 */
export async function giveTunings(page: Page): Promise<void> {
	const path = inject("tunings");
	const tunings: Record<string, string> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
	await page.evaluate(
		async ({ name, tunings }) => {
			const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
			for (const [file, text] of Object.entries(tunings)) {
				const stream = await (await folder.getFileHandle(file, { create: true })).createWritable();
				await stream.write(text);
				await stream.close();
			}
		},
		{ name: TUNING_FOLDER, tunings },
	);
}

/** Keeps what the page's origin has measured, if anything, for `giveTunings`. Returns the number of its files. */
export async function keepTunings(page: Page): Promise<number> {
	const tunings = await page.evaluate(async (name) => {
		const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true });
		const files: Record<string, string> = {};
		for await (const handle of folder.values())
			files[handle.name] = await (await (handle as FileSystemFileHandle).getFile()).text();
		return files;
	}, TUNING_FOLDER);
	const count = Object.keys(tunings).length;
	if (count > 0) writeFileSync(inject("tunings"), JSON.stringify(tunings));
	return count;
}

/** A page with its complaints: console errors, uncaught errors and requests to other hosts. */
export interface WatchedPage {
	page: Page;
	complaints: string[];
}

/** Opens the built page in a context and waits until it has settled. */
export async function openPage(context: BrowserContext, hash = ""): Promise<WatchedPage> {
	const page = await context.newPage();
	const complaints: string[] = [];
	const url = inject("pageUrl");
	page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(error.message));
	page.on("request", (request) => {
		if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) complaints.push(request.url());
	});
	await page.goto(url + hash);
	return { page, complaints };
}

/** Rules of accessibility that the page breaks now, with the elements that break them. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
	await page.evaluate(axe.source);
	const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
	return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}
