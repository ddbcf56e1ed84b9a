// Installs the npm packages of package-lock.json.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, say } from "./run.mjs";

/** Whether node_modules has every package of the lock file in the right version. Takes a few milliseconds. */
export function packagesAreInstalled() {
	const read = (path) => JSON.parse(readFileSync(join(root, path), "utf8")).packages;
	try {
		const installed = read("node_modules/.package-lock.json");
		return Object.entries(read("package-lock.json")).every(([path, wanted]) => {
			const found = installed[path];
			return path === "" || (found ? found.version === wanted.version : wanted.optional || wanted.peer);
		});
	} catch {
		return false;
	}
}

/** Installs the packages if one is missing or outdated; exits if that fails. */
export function ensurePackages() {
	if (packagesAreInstalled()) return;
	say("installing npm packages (npm ci, about a minute) …");
	// Development packages are needed to build and test, even if NODE_ENV is "production".
	const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
	const npm = process.env.npm_execpath;
	const { status } = npm
		? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: "inherit" })
		: spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
	if (status === 0) return;
	say("npm ci failed; see its messages above. It needs a network connection.");
	process.exit(1);
}
