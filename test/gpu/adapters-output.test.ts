import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

it("a command's output holds nothing that Dawn says of limits on dynamic buffers", () => {
	const root = resolve(import.meta.dirname, "../..");
	const env = { ...process.env, NODE: process.execPath };
	const { stdout } = spawnSync("bash", ["-c", '"$NODE" src/node/isoflop.mjs adapters 2>&1 | cat'], {
		...{ cwd: root, env, encoding: "utf8" },
	});
	expect(stdout).toMatch(/^name +API/m);
	expect(stdout).not.toContain("maxDynamic");
});
