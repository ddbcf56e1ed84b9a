import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { ENGINES, isSupported, SUPPORTED } from "../../../src/node/setup/supported-node.mjs";

const root = resolve(import.meta.dirname, "../../..");
const read = (path: string) => readFileSync(join(root, path), "utf8").replaceAll(/\s+/g, " ");

describe("the supported versions of Node", () => {
	it.each([
		...(["18.20.8", "20.18.3", "21.7.3", "22.11.0", "23.11.0"].map((version) => [version, false]) as [
			string,
			boolean,
		][]),
		...(["20.19.0", "20.20.2", "22.12.0", "24.0.0", "25.1.0", "26.10.0"].map((version) => [version, true]) as [
			string,
			boolean,
		][]),
	])("%s: %s", (version, supported) => {
		expect(isSupported(version)).toBe(supported);
	});

	it("are this one", () => {
		expect(isSupported(process.versions.node)).toBe(true);
	});

	it("are the same in engines, lock file, README and CONTRIBUTING", () => {
		expect(JSON.parse(read("package.json")).engines.node).toBe(ENGINES);
		expect(JSON.parse(read("package-lock.json")).packages[""].engines.node).toBe(ENGINES);
		expect(read("README.md").replace("[Node](https://nodejs.org)", "Node")).toContain(SUPPORTED);
		expect(read("CONTRIBUTING.md")).toContain(SUPPORTED);
	});

	it("are the oldest for types and for the command line", () => {
		const [oldest] = /\d+/.exec(ENGINES)!;
		expect(JSON.parse(read("package.json")).devDependencies["@types/node"]).toMatch(new RegExp(`^\\^${oldest}\\.`));
		expect(read("vite.config.ts")).toContain(`"node${oldest}"`);
	});
});

describe("on an unsupported Node", () => {
	it.each(["isoflop.mjs", "setup/start.mjs", "setup/test.mjs", "setup/prepare.mjs"])(
		"%s says so in one line",
		(script) => {
			const url = pathToFileURL(join(root, "src/node", script)).href;
			const program = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });
			await import(${JSON.stringify(url)});`;
			const { status, stderr, stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
				...{ encoding: "utf8", timeout: 60_000 },
			});
			expect([status, stdout]).toEqual([1, ""]);
			expect(stderr).toBe(`isoflop needs ${SUPPORTED}; this is Node 18.20.8. See https://nodejs.org.\n`);
		},
	);
});
