// Shared by the setup scripts. They run before anything is installed, so they use only Node's own modules.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the package. */
export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Prints one line for the user. */
export function say(line) {
	console.log(`isoflop: ${line}`);
}

/** Path of the script behind a command of an installed package: `packageBin("typescript", "tsc")`. */
export function packageBin(name, command) {
	const folder = join(root, "node_modules", name);
	const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/** Runs a Node script in the package folder and shows its output, uncolored in files; returns its exit code. */
export function runNode(script, args, { env = process.env, stdio = "inherit" } = {}) {
	const colors = process.stdout.isTTY || env.FORCE_COLOR ? {} : { NO_COLOR: "1" };
	const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, env: { ...env, ...colors }, stdio });
	return status ?? 1;
}

/** Runs a command silently; returns whether it succeeded, and its output. */
export function capture(command, args, env = process.env) {
	const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, env, encoding: "utf8" });
	return { ok: status === 0, stdout: stdout ?? "", stderr: stderr ?? "" };
}
