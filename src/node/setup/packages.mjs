// The npm packages, as package-lock.json wants them.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, say } from "./run.mjs";

/** Whether node_modules holds every package of the lock file in its version. Reads two files; takes a few milliseconds. */
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

/** Installs the packages when one is missing or has another version; ends the process when that fails. */
export function ensurePackages() {
	if (packagesAreInstalled()) return;
	say("installing npm packages (npm ci, about a minute) …");
	// Development packages build and test the lab, so they are wanted even where NODE_ENV says production.
	const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
	const npm = process.env.npm_execpath;
	const { status } = npm
		? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: "inherit" })
		: spawnSync("npm", args, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
	if (status === 0) return;
	say("npm ci failed; its messages stand above. It needs the network, and Node 20.19 or newer with its npm.");
	process.exit(1);
}
