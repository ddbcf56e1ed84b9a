import { isBuiltin } from "node:module";
import { describe, expect, test } from "vitest";
import { parseSource, readSources, type SourceFile } from "./source-file.ts";

/**
 * What each folder of src may import besides itself: the layers below it. Two stacks, one that runs anywhere and one that
 * trains, meet in `lab`, `bench`, `worker` and `node`.
 */
const LAYERS: Record<string, readonly string[]> = {
	maths: [],
	architecture: ["maths"],
	run: ["architecture"],
	data: ["run", "maths"],
	figures: ["architecture"],
	theory: ["figures", "architecture", "maths"],
	analysis: ["theory", "run", "architecture", "maths"],
	study: ["analysis", "theory", "data", "run", "architecture", "maths"],
	experiments: ["study", "analysis", "theory", "figures", "run", "architecture", "maths"],
	lessons: ["experiments", "theory", "figures", "architecture", "maths"],

	gpu: [],
	kernels: ["gpu", "run", "architecture", "maths"],
	model: ["kernels", "gpu", "run", "architecture", "maths"],
	train: ["model", "kernels", "gpu", "data", "run", "architecture", "maths"],

	bench: ["train", "kernels", "gpu", "data", "architecture", "maths"],
	lab: ["train", "gpu", "study", "data", "run", "maths"],
	worker: ["lab", "kernels", "gpu", "study", "analysis", "data", "run", "architecture", "maths"],
	node: [
		...["lab", "bench", "train", "model", "kernels", "gpu"],
		...["experiments", "figures", "study", "analysis", "theory", "data", "run", "architecture"],
	],
	ui: ["lessons", "experiments", "study", "analysis", "theory", "figures", "data", "run", "architecture"],
};

/** Types that a folder may also take from another: the page speaks to its workers through their protocol. */
const TYPES: Record<string, readonly string[]> = { ui: ["worker"] };

/** These run anywhere: in the page, in workers, in Node. */
const PURE = [
	"maths",
	"architecture",
	"run",
	"data",
	"figures",
	"theory",
	"analysis",
	"study",
	"experiments",
	"lessons",
];

/** Globals of one platform only. */
const PLATFORM =
	/^(GPU\w*|HTML\w*|SVG\w*|IDB\w*|window|document|navigator|location|history|localStorage|sessionStorage|indexedDB|self|postMessage|Worker|Element|customElements|requestAnimationFrame|alert|process|Buffer|NodeJS|require|__dirname|__filename|global|setImmediate)$/;

/** Packages for one platform only. */
const PLATFORM_PACKAGE = /^(lit|uplot|webgpu|webgpu-utils|comlink|idb|cac|cli-progress|@awesome\.me\/.*)(\/.*)?$/;

/** Ways to a device; everything else is handed one. */
const OBTAINS_DEVICE = ["requestAdapter", "requestDevice", "openGpu"];
const MAY_OBTAIN_DEVICE = ["gpu", "worker", "node"];

const sources = readSources();

const layerOf = (path: string) => path.split("/")[0]!;

const isWithin = (path: string, layers: readonly string[]) => layers.includes(layerOf(path));

/** Imports of a file that its layer does not allow. */
function forbiddenImports({ path, imports }: SourceFile): string[] {
	const layer = layerOf(path);
	const allowed = [layer, ...LAYERS[layer]!];
	return imports
		.filter((imported) => !imported.path.startsWith("../"))
		.filter((imported) => !isWithin(imported.path, imported.typeOnly ? [...allowed, ...(TYPES[layer] ?? [])] : allowed))
		.map((imported) => `${path} imports ${imported.typeOnly ? "types of " : ""}${imported.path}`);
}

/** Pages of the page: each may import what is shared, never another page. */
const pageOf = (path: string) => /^ui\/pages\/([^/]+)\//.exec(path)?.[1];

function importsOfOtherPages({ path, imports }: SourceFile): string[] {
	const page = pageOf(path);
	return imports
		.filter((imported) => page !== undefined && ![undefined, page].includes(pageOf(imported.path)))
		.map((imported) => `${path} imports ${imported.path}`);
}

/** Allowances of the table that no file uses. */
function unusedAllowances(files: readonly SourceFile[]): string[] {
	const used = new Set(
		files.flatMap(({ path, imports }) => imports.map((imported) => `${layerOf(path)} ${layerOf(imported.path)}`)),
	);
	return [LAYERS, TYPES].flatMap((table) =>
		Object.entries(table).flatMap(([layer, below]) =>
			below.filter((other) => !used.has(`${layer} ${other}`)).map((other) => `${layer} may import ${other}`),
		),
	);
}

/** Groups of files that import each other, directly or through others (Tarjan's strongly connected components, 1972). */
function findCircles(files: readonly Pick<SourceFile, "path" | "imports">[]): string[][] {
	const imports = new Map(files.map((file) => [file.path, file.imports.map((imported) => imported.path)]));
	const order = new Map<string, number>();
	const lowest = new Map<string, number>();
	const open: string[] = [];
	const circles: string[][] = [];
	const visit = (path: string) => {
		order.set(path, order.size);
		lowest.set(path, order.get(path)!);
		open.push(path);
		for (const next of imports.get(path)!.filter((other) => imports.has(other))) {
			if (!order.has(next)) visit(next);
			if (open.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
		}
		if (lowest.get(path) !== order.get(path)) return;
		const members = open.splice(open.indexOf(path));
		if (members.length > 1) circles.push(members.sort());
	};
	for (const path of imports.keys()) if (!order.has(path)) visit(path);
	return circles;
}

function platformNames({ path, globals, modules, imports }: SourceFile): string[] {
	const names = [...globals].filter((name) => PLATFORM.test(name));
	const packages = modules.filter((name) => isBuiltin(name) || PLATFORM_PACKAGE.test(name));
	const shaders = imports.filter((imported) => imported.path.endsWith(".wgsl")).map((imported) => imported.path);
	return [...names, ...packages, ...shaders].map((name) => `${path} names ${name}`);
}

function obtainsDevice({ path, names }: SourceFile): string[] {
	if (isWithin(path, MAY_OBTAIN_DEVICE)) return [];
	return OBTAINS_DEVICE.filter((name) => names.has(name)).map((name) => `${path} names ${name}`);
}

describe("src", () => {
	test("every folder is a layer", () => {
		expect(sources.length).toBeGreaterThan(0);
		expect(sources.map(({ path }) => path).filter((path) => !(layerOf(path) in LAYERS))).toEqual([]);
	});

	test("imports point down", () => {
		expect(sources.flatMap(forbiddenImports)).toEqual([]);
	});

	test("the table allows nothing that no file uses", () => {
		expect(unusedAllowances(sources)).toEqual([]);
	});

	test("no files import each other in a circle", () => {
		expect(findCircles(sources)).toEqual([]);
	});

	test("a page imports no other page", () => {
		expect(sources.flatMap(importsOfOtherPages)).toEqual([]);
	});

	test("pure folders name nothing of the page, the GPU or Node", () => {
		const pure = sources.filter(({ path }) => isWithin(path, PURE));
		expect(pure.flatMap(platformNames)).toEqual([]);
	});

	test("only the worker and the command line obtain a device", () => {
		expect(sources.flatMap(obtainsDevice)).toEqual([]);
	});
});

describe("the rules catch", () => {
	const parse = (path: string, text: string) => parseSource(path, text);

	test.each([
		["gpu/a.ts", 'import { x } from "../kernels/b.ts";'],
		["run/a.ts", 'import type { x } from "../study/study.ts";'],
		["analysis/method1/a.ts", 'import { x } from "../../study/study.ts";'],
		["ui/state/a.ts", 'import { x, type Y } from "../../worker/protocol.ts";'],
		["train/a.ts", 'export * from "../study/planner.ts";'],
		["kernels/a.ts", 'const model = await import("../model/state.ts");'],
		["kernels/a.ts", 'type Model = import("../model/state.ts").Model;'],
	])("an import that points up: %s: %s", (path, text) => {
		expect(forbiddenImports(parse(path, text))).toHaveLength(1);
	});

	test.each([
		["analysis/method1/a.ts", 'import type { x } from "../../run/run-spec.ts";'],
		["ui/state/a.ts", 'import { type Y } from "../../worker/protocol.ts";'],
		["worker/a.ts", 'import { x } from "../lab/run-study.ts"; import "./b.ts"; import "lit";'],
	])("but not one that points down: %s: %s", (path, text) => {
		expect(forbiddenImports(parse(path, text))).toEqual([]);
	});

	test("an import of another page", () => {
		const text = 'import { x } from "../plan/b.ts"; import { y } from "./c.ts"; import { z } from "../../parts/d.ts";';
		expect(importsOfOtherPages(parse("ui/pages/study/a.ts", text))).toEqual([
			"ui/pages/study/a.ts imports ui/pages/plan/b.ts",
		]);
	});

	test("circles, of two files and of more, types included", () => {
		const texts = {
			"run/a.ts": 'import type { B } from "./b.ts";',
			"run/b.ts": 'import { a } from "./a.ts"; import "./c.ts";',
			"run/c.ts": 'import "./d.ts";',
			"run/d.ts": 'import "./e.ts";',
			"run/e.ts": 'export * from "./c.ts";',
			"run/f.ts": 'import "./a.ts";',
		};
		const files = Object.entries(texts).map(([path, text]) => parse(path, text));
		expect(findCircles(files)).toEqual([
			["run/c.ts", "run/d.ts", "run/e.ts"],
			["run/a.ts", "run/b.ts"],
		]);
	});

	test("an allowance that nothing uses", () => {
		const files = [parse("bench/a.ts", 'import { x } from "../train/b.ts";')];
		expect(unusedAllowances(files)).toContain("bench may import gpu");
		expect(unusedAllowances(files)).not.toContain("bench may import train");
	});

	test.each([
		"document.title",
		"const x: GPUDevice = y",
		'import { readFile } from "node:fs"',
		'import shader from "../../shaders/a.wgsl?raw"',
		"const f = ({ b = process.env }) => b",
		'import { html } from "lit"',
	])("a platform's name: %s", (text) => {
		expect(platformNames(parse("study/a.ts", text))).toHaveLength(1);
	});

	test.each([
		"for (const document of documents) count(document)",
		"const f = ({ location: process }: Options) => process",
		"const options = { window: 3 }; options.window",
		"await crypto.subtle.digest(name, bytes)",
	])("but not a name of its own: %s", (text) => {
		expect(platformNames(parse("study/a.ts", text))).toEqual([]);
	});

	test("a device obtained elsewhere", () => {
		const text = "const adapter = await navigator.gpu.requestAdapter()";
		expect(obtainsDevice(parse("ui/a.ts", text))).toHaveLength(1);
		expect(obtainsDevice(parse("worker/a.ts", text))).toEqual([]);
	});
});
