// Selects the Vulkan driver for Dawn on Linux. ISOFLOP_ADAPTER=default|lavapipe|swiftshader overrides the choice.
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { capture } from "./run.mjs";

/** Software Vulkan drivers: where their manifests are, and what the files are called. */
const SOFTWARE = {
	lavapipe: { folders: manifestFolders(), name: /^lvp_icd.*\.json$/ },
	swiftshader: { folders: ["/usr/lib/chromium", "/opt/google/chrome"], name: /^vk_swiftshader_icd\.json$/ },
};

/** Advice for a machine without an adapter; printed by the tests. */
export const HOW_TO_GET_AN_ADAPTER = [
	"No WebGPU adapter was found. Any of these provides one:",
	"  a GPU with a Vulkan driver (Linux), or the GPU drivers of macOS and Windows;",
	"  lavapipe: mesa-vulkan-drivers 23 or newer (Debian 12: from bookworm-backports; Fedora: mesa-vulkan-drivers);",
	"  SwiftShader: included in Debian's chromium; also needs libvulkan1.",
	"As root on Debian, `npm test` installs them. ISOFLOP_ADAPTER=default|lavapipe|swiftshader selects a driver.",
].join("\n");

function manifestFolders() {
	const shared = (process.env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(":");
	const local = process.env.XDG_DATA_HOME || join(homedir(), ".local/share");
	return [...shared, local, "/etc", "/usr/local/etc"].map((folder) => join(folder, "vulkan/icd.d"));
}

function listJson(folder) {
	return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
}

/** Path of a software driver's manifest, or undefined if it is not installed. */
export function softwareManifest(driver) {
	const { folders, name } = SOFTWARE[driver];
	for (const folder of folders) {
		const file = listJson(folder).find((candidate) => name.test(candidate));
		if (file) return join(folder, file);
	}
}

/** Whether the user has chosen a driver, through ISOFLOP_ADAPTER or Vulkan's own variables. */
export function driverIsChosen(env = process.env) {
	return Boolean(env.ISOFLOP_ADAPTER || env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES);
}

/**
 * Environment variables to set before Dawn starts, for the driver in ISOFLOP_ADAPTER. By default the Vulkan loader finds
 * the drivers itself, and Chromium's SwiftShader is the fallback if none is installed. Vulkan's own variables, if set,
 * take precedence over that default.
 *
 * @throws when ISOFLOP_ADAPTER is not a known driver, or is not installed
 */
export function adapterVariables(env = process.env) {
	const choice = env.ISOFLOP_ADAPTER || "auto";
	if (process.platform !== "linux") return {};
	const variables = env.XDG_RUNTIME_DIR ? {} : { XDG_RUNTIME_DIR: "/tmp" };
	if (choice in SOFTWARE) return { ...variables, VK_DRIVER_FILES: requiredManifest(choice) };
	if (choice !== "auto" && choice !== "default")
		throw new Error(`ISOFLOP_ADAPTER is "${choice}"; it must be default, lavapipe or swiftshader`);
	if (driverIsChosen(env)) return variables;
	const fallback = manifestFolders().some((folder) => listJson(folder).length)
		? undefined
		: softwareManifest("swiftshader");
	return fallback ? { ...variables, VK_DRIVER_FILES: fallback } : variables;
}

function requiredManifest(driver) {
	const manifest = softwareManifest(driver);
	if (!manifest) throw new Error(`ISOFLOP_ADAPTER is "${driver}", which is not installed on this machine`);
	return manifest;
}

/** The name of the adapter that Dawn finds with `variables`, or undefined. Asked in a separate process. */
export function probeAdapter(variables) {
	const probe = fileURLToPath(new URL("./probe-adapter.mjs", import.meta.url));
	const { ok, stdout } = capture(process.execPath, [probe], { ...process.env, ...variables });
	return ok ? stdout.trim() : undefined;
}

/**
 * The first adapter that works: the chosen or installed one, else SwiftShader.
 *
 * @returns its name and the variables that select it, or undefined
 */
export function findAdapter() {
	const candidates = [adapterVariables()];
	const swiftshader = softwareManifest("swiftshader");
	if (!driverIsChosen() && swiftshader) candidates.push({ ...candidates[0], VK_DRIVER_FILES: swiftshader });
	for (const variables of candidates) {
		const name = probeAdapter(variables);
		if (name) return { name, variables };
	}
}
