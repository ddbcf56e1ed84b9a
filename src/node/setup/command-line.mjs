// Builds the command line, src/node/main.ts, to dist/node.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageBin, root, runNode } from "./run.mjs";

/** The built command line. */
export const commandLine = join(root, "dist/node/main.js");

/** Whether dist/node is at least as new as all of its sources. */
export function commandLineIsFresh() {
	if (!existsSync(commandLine)) return false;
	const built = statSync(commandLine).mtimeMs;
	const sources = ["src", "shaders"].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)),
	);
	return [...sources, "vite.config.ts", "package-lock.json"].every(
		(path) => statSync(join(root, path)).mtimeMs <= built,
	);
}

/** Builds the command line with Vite; returns whether that succeeded. Prints to stderr, since stdout is for results. */
export function buildCommandLine() {
	const args = ["build", "--ssr", "src/node/main.ts", "--logLevel", "warn"];
	return runNode(packageBin("vite", "vite"), args, { stdio: ["ignore", 2, 2] }) === 0;
}
