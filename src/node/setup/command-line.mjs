// Builds the command line, src/node/main.ts, to dist/node.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { packageBin, root, runNode } from "./run.mjs";

/** The built command line. */
export const commandLine = join(root, "dist/node/main.js");

/**
 * Whether dist/node in `folder` was built from the sources that are there. Their contents decide: an unpacked copy has new
 * times, and a file that is gone leaves none.
 */
export function commandLineIsFresh(folder = root) {
	const built = fingerprintFile(folder);
	if (!existsSync(join(folder, "dist/node/main.js")) || !existsSync(built)) return false;
	return readFileSync(built, "utf8") === fingerprint(folder);
}

/** Builds the command line with Vite; returns whether that succeeded. Prints to stderr, since stdout is for results. */
export function buildCommandLine() {
	const args = ["build", "--ssr", "src/node/main.ts", "--logLevel", "warn"];
	// Taken before, so that what changes meanwhile is built the next time.
	const sources = fingerprint(root);
	if (runNode(packageBin("vite", "vite"), args, { stdio: ["ignore", 2, 2] }) !== 0) return false;
	writeFileSync(fingerprintFile(root), sources);
	return true;
}

/** Where a build keeps the fingerprint of its sources. */
const fingerprintFile = (folder) => join(folder, "dist/node/sources.sha256");

/** A hash of the paths and contents of everything that the command line is built from. */
export function fingerprint(folder) {
	const hash = createHash("sha256");
	for (const path of sourceFiles(folder)) {
		const bytes = readFileSync(join(folder, path));
		hash.update(`${path}\0${bytes.length}\0`).update(bytes);
	}
	return hash.digest("hex");
}

/** Paths in `folder`, always in the same order. */
function sourceFiles(folder) {
	const files = ["src", "shaders"].flatMap((name) =>
		readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => relative(folder, join(entry.parentPath, entry.name))),
	);
	return [...files.sort(), "vite.config.ts", "package-lock.json"];
}
