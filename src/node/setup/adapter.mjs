// Which Vulkan driver Dawn sees on Linux. ISOFLOP_ADAPTER=default|lavapipe|swiftshader chooses one.
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { capture } from "./run.mjs";

/** Software Vulkan drivers by name: the folders of their manifests and how those are called. */
const SOFTWARE = {
	lavapipe: { folders: manifestFolders(), name: /^lvp_icd.*\.json$/ },
	swiftshader: { folders: ["/usr/lib/chromium", "/opt/google/chrome"], name: /^vk_swiftshader_icd\.json$/ },
};

/** What to do where there is no adapter; printed by the tests. */
export const HOW_TO_GET_AN_ADAPTER = [
	"No WebGPU adapter was found. Any one of these gives one:",
	"  a GPU with its Vulkan driver (Linux), or macOS or Windows with their own;",
	"  lavapipe: mesa-vulkan-drivers 23 or newer, on Debian 12 from bookworm-backports, on Fedora mesa-vulkan-drivers;",
	"  SwiftShader: comes with Debian's chromium; needs libvulkan1 beside it.",
	"As root on Debian, `npm test` installs them. ISOFLOP_ADAPTER=default|lavapipe|swiftshader chooses.",
].join("\n");

function manifestFolders() {
	const shared = (process.env.XDG_DATA_DIRS || "/usr/local/share:/usr/share").split(":");
	const local = process.env.XDG_DATA_HOME || join(homedir(), ".local/share");
	return [...shared, local, "/etc", "/usr/local/etc"].map((folder) => join(folder, "vulkan/icd.d"));
}

function listJson(folder) {
	return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
}

/** The manifest of a software driver, or undefined where it is not installed. */
export function softwareManifest(driver) {
	const { folders, name } = SOFTWARE[driver];
	for (const folder of folders) {
		const file = listJson(folder).find((candidate) => name.test(candidate));
		if (file) return join(folder, file);
	}
}

/** Whether the user has chosen a driver, by our variable or by Vulkan's own. */
export function driverIsChosen(env = process.env) {
	return Boolean(env.ISOFLOP_ADAPTER || env.VK_DRIVER_FILES || env.VK_ICD_FILENAMES);
}

/**
 * The variables to set, before Dawn starts, for the driver that ISOFLOP_ADAPTER names. Without it the Vulkan loader
 * finds the drivers itself; where none is installed, Chromium's SwiftShader serves. Drivers that the user has chosen
 * by Vulkan's own variables stay.
 *
 * @throws when ISOFLOP_ADAPTER names no driver, or one that is not installed
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

/** Asks Dawn, in a process of its own, for the adapter that `variables` lead to; its name, or undefined. */
export function probeAdapter(variables) {
	const probe = fileURLToPath(new URL("./probe-adapter.mjs", import.meta.url));
	const { ok, stdout } = capture(process.execPath, [probe], { ...process.env, ...variables });
	return ok ? stdout.trim() : undefined;
}

/**
 * The first adapter that answers: the chosen or installed one, else SwiftShader.
 *
 * @returns its name and the variables that lead to it, or undefined
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
