import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commandLineIsFresh, fingerprint } from "../../../src/node/setup/command-line.mjs";

const SOURCES = ["src/main.ts", "src/gpu/device.ts", "shaders/linear.wgsl", "vite.config.ts", "package-lock.json"];

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "isoflop-sources-"));
	for (const path of SOURCES) write(path, `the contents of ${path}`);
	write("dist/node/main.js", "built");
	write("dist/node/sources.sha256", fingerprint(folder));
	expect(commandLineIsFresh(folder)).toBe(true);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), text);
}

test("a copy with other times, of folders too, is not built again", () => {
	for (const path of ["", "src", "src/gpu", "shaders", ...SOURCES])
		utimesSync(join(folder, path), new Date("2100-01-01"), new Date("2100-01-01"));
	write("src/empty/kept.ts", "");
	rmSync(join(folder, "src/empty/kept.ts"));
	expect(commandLineIsFresh(folder)).toBe(true);
});

test.each<[string, () => void]>([
	["has changed", () => write("shaders/linear.wgsl", "other contents")],
	["of the build has changed", () => write("package-lock.json", "{}")],
	["is new", () => write("src/new.ts", "")],
	["is gone", () => rmSync(join(folder, "src/gpu/device.ts"))],
	["has another name", () => renameSync(join(folder, "src/main.ts"), join(folder, "src/other.ts"))],
])("is built again when a file %s, whatever its time", (_, change) => {
	change();
	for (const path of ["src", "shaders", "src/gpu", "shaders/linear.wgsl", "package-lock.json"])
		utimesSync(join(folder, path), new Date("2000-01-01"), new Date("2000-01-01"));
	expect(commandLineIsFresh(folder)).toBe(false);
});

test.each(["dist/node/main.js", "dist/node/sources.sha256"])("is built again without %s", (path) => {
	rmSync(join(folder, path));
	expect(commandLineIsFresh(folder)).toBe(false);
});
