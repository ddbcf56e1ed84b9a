import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// In processes of their own, as stderr is replaced. On Linux only: elsewhere nothing is filtered.

let folder: string;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "isoflop-quiet-"));
	await build({
		...{ root: resolve(import.meta.dirname, "../../.."), configFile: false, logLevel: "error", publicDir: false },
		build: {
			...{ ssr: "src/node/device/quiet-limits.ts", outDir: folder, target: "node20" },
			rolldownOptions: { output: { entryFileNames: "quiet-limits.mjs" } },
		},
	});
});
afterAll(() => rmSync(folder, { recursive: true }));

const warning = (kind: string) =>
	`Warning: maxDynamic${kind}BuffersPerPipelineLayout artificially reduced from 500000 to 16 to fit dynamic offset allocation limit.`;

/** Runs a shell command in which `$PROGRAM` prints natively, as Dawn does: before, within and after the filter. */
function shell(command: string, within: string): string {
	const program = `
		import { writeSync } from "node:fs";
		import { readFile } from "node:fs/promises";
		import { withoutLimitWarnings } from ${JSON.stringify(join(folder, "quiet-limits.mjs"))};
		const say = (text) => writeSync(2, text + "\\n");
		say("before");
		console.error("by Node");
		await readFile("/dev/null").then(() => ask());
		async function ask() {
		const answer = await withoutLimitWarnings(async () => { ${within}; return 3; });
		say("after " + answer);
		console.error("by Node again");
		}`;
	const env = { ...process.env, PROGRAM: program, NODE: process.execPath };
	return spawnSync("bash", ["-c", command], { env, encoding: "utf8", timeout: 60_000 }).stdout;
}

const lines = [warning("Uniform"), "Warning: something else", warning("Storage")];
const within = lines.map((line) => `say(${JSON.stringify(line)})`).join(";");
const run = '"$NODE" --input-type=module -e "$PROGRAM"';
const quiet = ["before", "by Node", "Warning: something else", "after 3", "by Node again"];

describe.runIf(process.platform === "linux")("Dawn's warnings about dynamic buffers", () => {
	it("are left out of a pipe, and nothing else is", () => {
		expect(shell(`${run} 2>&1 | cat`, within).trim().split("\n")).toEqual(quiet);
	});

	it("are left out of a terminal", () => {
		const path = join(folder, "typescript");
		shell(`script -qec '${run}' ${path}`, within);
		const typed = readFileSync(path, "utf8").split(/\r?\n/);
		expect(typed.filter((line) => line !== "" && !line.startsWith("Script "))).toEqual(quiet);
	});

	it("stay in a file, which others may be writing too", () => {
		const path = join(folder, "log");
		shell(`(echo first; ${run}; echo last) > ${path} 2>&1`, within);
		const [before, after] = [quiet.slice(0, 2), quiet.slice(3)];
		expect(readFileSync(path, "utf8").trim().split("\n")).toEqual(["first", ...before, ...lines, ...after, "last"]);
	});

	it("where nobody reads, nothing waits for ever", () => {
		for (const nobody of [">(true)", "/dev/null"])
			expect(shell(`${run} 2> ${nobody}; echo ended`, within)).toBe("ended\n");
	});

	it("an error in between comes out, and stderr is put back", () => {
		expect(shell(`${run} 2>&1 | cat`, `${within}; throw new Error("lost")`)).toMatch(
			/^before\nby Node\nWarning: something else\n(.*\n)*.*Error: lost/,
		);
	});
});
