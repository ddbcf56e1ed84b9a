import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { describe, expect, test } from "vitest";
import { parseSource, readSources, type SourceFile } from "./source-file.ts";

/** Configurations, counts and sizes: arithmetic that anyone may use. */
const PURE_MODEL = ["model/config", "model/size", "model/parameters", "model/parametrization", "model/working-set"];

/** What each layer may import, besides itself: a folder of src, or one file of it. `types`: only its types. */
const LAYERS: Record<string, { imports: string[]; types?: string[] }> = {
	gpu: { imports: [] },
	"model/config": { imports: [] },
	"model/size": { imports: ["model/config", "model/parameters"] },
	data: { imports: [], types: ["model/size", "study/run-result"] },
	theory: { imports: ["data/random", "analysis/least-squares"], types: ["model/size", "study/run-result"] },
	analysis: { imports: ["data/random"], types: ["model/size", "study/run-result"] },
	kernels: { imports: ["gpu", "kernels/padding"] },
	"kernels/padding": { imports: [] },
	model: { imports: [...PURE_MODEL, "kernels", "gpu", "data/random"] },
	"model/parametrization": { imports: ["model/config"] },
	"model/parameters": { imports: ["model/config", "model/parametrization", "kernels/padding"] },
	"model/working-set": { imports: ["model/config", "model/parameters", "kernels/padding"] },
	study: { imports: ["analysis", "theory", "data", ...PURE_MODEL] },
	train: {
		imports: [
			"model",
			"kernels",
			"gpu",
			"data",
			"study/schedule",
			"study/run-spec",
			"study/run-result",
			"study/events",
		],
	},
	bench: { imports: ["train", "model", "kernels", "gpu", "data/batches", "analysis/quantile"] },
	lab: { imports: ["train", "study", "data", "gpu"], types: ["model"] },
	worker: {
		imports: ["lab", "study", "analysis", "theory", "data", "kernels", "gpu", "model/config", "model/size"],
		types: ["train"],
	},
	node: { imports: ["lab", "bench", "train", "study", "analysis", "theory", "data", "model", "kernels", "gpu"] },
	ui: { imports: ["study", "analysis", "theory", "model/config", "model/size"], types: ["data", "worker/protocol"] },
};

/** These run anywhere: in the page, in workers, in Node. */
const PURE = ["analysis", "theory", "data", "study", ...PURE_MODEL];

/** Globals of one platform only. */
const PLATFORM =
	/^(GPU\w*|HTML\w*|SVG\w*|IDB\w*|window|document|navigator|location|history|localStorage|sessionStorage|indexedDB|self|postMessage|Worker|Element|customElements|requestAnimationFrame|alert|process|Buffer|NodeJS|require|__dirname|__filename|global|setImmediate)$/;

/** Packages for one platform only. */
const PLATFORM_PACKAGE = /^(lit|uplot|webgpu|webgpu-utils|comlink|idb|cac|cli-progress|@awesome\.me\/.*)(\/.*)?$/;

/** Ways to a device; everything else is handed one. */
const OBTAINS_DEVICE = ["requestAdapter", "requestDevice", "openGpu"];
const MAY_OBTAIN_DEVICE = ["gpu", "worker", "node"];

const sources = readSources();

function layerOf(path: string): string {
	const stem = path.replace(/\.\w+$/, "");
	return stem in LAYERS ? stem : path.split("/")[0];
}

const isWithin = (path: string, places: string[]) =>
	places.some((place) => path === place || path.startsWith(`${place}/`) || path.replace(/\.\w+$/, "") === place);

/** Imports of a file that its layer does not allow. */
function forbiddenImports({ path, imports }: SourceFile): string[] {
	const layer = layerOf(path);
	const { imports: values, types = [] } = LAYERS[layer];
	return imports
		.filter((imported) => !imported.path.startsWith("../") && layerOf(imported.path) !== layer)
		.filter((imported) => !isWithin(imported.path, imported.typeOnly ? [...values, ...types] : values))
		.map((imported) => `${path} imports ${imported.typeOnly ? "types of " : ""}${imported.path}`);
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

	test("pure folders name nothing of the page, the GPU or Node", () => {
		const pure = sources.filter(({ path }) => isWithin(path, PURE));
		expect(pure.flatMap(platformNames)).toEqual([]);
	});

	test("only the worker and the command line obtain a device", () => {
		expect(sources.flatMap(obtainsDevice)).toEqual([]);
	});

	test("every file is used", () => {
		const root = new URL("../", import.meta.url);
		const entries = ["package.json", "index.html", "src/node/setup/command-line.mjs"]
			.map((name) => readFileSync(new URL(name, root), "utf8"))
			.join();
		const used = new Set(sources.flatMap(({ imports, starts }) => [...imports.map(({ path }) => path), ...starts]));
		const unused = sources.filter(({ path }) => !used.has(path) && !entries.includes(`src/${path}`));
		expect(unused.map(({ path }) => path)).toEqual([]);
	});
});

describe("the rules catch", () => {
	const parse = (path: string, text: string) => parseSource(path, text);

	test.each([
		["gpu/a.ts", 'import { x } from "../kernels/b.ts";'],
		["study/a.ts", 'import type { x } from "../train/events.ts";'],
		["analysis/a.ts", 'import { x } from "../model/size.ts";'],
		["ui/a.ts", 'import { x, type Y } from "../data/corpus.ts";'],
		["train/a.ts", 'export * from "../study/planner.ts";'],
		["kernels/a.ts", 'const model = await import("../model/layout.ts");'],
		["kernels/a.ts", 'type Model = import("../model/layout.ts").Model;'],
		["model/size.ts", 'import { x } from "./layout.ts";'],
	])("an import that points up: %s: %s", (path, text) => {
		expect(forbiddenImports(parse(path, text))).toHaveLength(1);
	});

	test.each([
		["analysis/a.ts", 'import type { x } from "../model/size.ts";'],
		["ui/a.ts", 'import { type Y } from "../data/corpus.ts";'],
		["worker/a.ts", 'import { x } from "../lab/run-study.ts"; import "./b.ts"; import "lit";'],
	])("but not one that points down: %s: %s", (path, text) => {
		expect(forbiddenImports(parse(path, text))).toEqual([]);
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
