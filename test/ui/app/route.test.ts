import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PAGES } from "../../../src/ui/app/pages.ts";
import { formatRoute, type Page, parseRoute } from "../../../src/ui/app/route.ts";

const page = (path: string, parameters?: Page["parameters"]): Page => ({
	...{ path, title: path, needsGpu: false, tag: `test-${path}`, load: async () => {} },
	...(parameters && { parameters }),
});
const values = ["smoke", "reconcile"];
const study = page("study", { preset: { kind: "choice", values } });
const theory = page("theory", {
	loss: { kind: "number", min: 0.5, max: 12 },
	model: { kind: "choice", values: ["a b"] },
});
const pages = [study, theory] as const;

describe("an address", () => {
	it.each([
		["", study, {}],
		["#", study, {}],
		["#/", null, {}],
		["#/study", study, {}],
		["#/study?preset=reconcile", study, { preset: "reconcile" }],
		["#preset=reconcile", study, { preset: "reconcile" }],
		["#/theory?loss=3.5&model=a+b", theory, { loss: 3.5, model: "a b" }],
		["#/theory?loss=12", theory, { loss: 12 }],
	] as const)("%s leads to its page", (hash, expected, parameters) => {
		expect(parseRoute(hash, [...pages])).toEqual({ page: expected, parameters });
	});

	it.each([
		"#/study?preset=",
		"#/study?preset=paper",
		"#/study?preset=__proto__",
		"#/study?run=1&start=true",
		"#preset=constructor&run=1",
		"#run=smoke",
		"#smoke",
		"#/study?%E0%A4%A=%",
	])("%s gives no parameter", (hash) => {
		expect(parseRoute(hash, [...pages])).toEqual({ page: study, parameters: {} });
	});

	it.each(["loss=0.49", "loss=12.01", "loss=", "loss=+", "loss=NaN", "loss=Infinity", "loss=1e999", "loss=two"])(
		"#/theory?%s is out of bounds",
		(query) => {
			expect(parseRoute(`#/theory?${query}`, [...pages])).toEqual({ page: theory, parameters: {} });
		},
	);

	it.each(["#/paper", "#/study/", "#//study", "#/STUDY", "#/__proto__", `#/study?${"x".repeat(1000)}`])(
		"%s leads nowhere",
		(hash) => {
			expect(parseRoute(hash, [...pages])).toEqual({ page: null, parameters: {} });
		},
	);

	it("gives the texts that a page reads itself, and of one that is too long a little too much", () => {
		const linked = page("linked", { study: { kind: "text", longest: 2000 } });
		const read = (length: number) => parseRoute(`#/linked?study=${"x".repeat(length)}`, [study, linked]);
		expect(read(2000)).toEqual({ page: linked, parameters: { study: "x".repeat(2000) } });
		expect(read(500_000)).toEqual({ page: linked, parameters: { study: "x".repeat(2001) } });
		expect(parseRoute(formatRoute(linked, { study: "a b&c=d" }), [study, linked]).parameters).toEqual({
			study: "a b&c=d",
		});
	});

	it("whatever it is, leads to registered pages and allowed values only", () => {
		const query = fc.webQueryParameters();
		const known = fc.constantFrom("#/study?", "#/theory?", "#/", "#");
		const names = fc.constantFrom("preset=", "loss=", "model=", "__proto__=");
		const likely = fc
			.tuple(known, names, fc.oneof(fc.string(), fc.double().map(String), query))
			.map((parts) => parts.join(""));
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: "binary" }), likely), (hash) => {
				const { page: found, parameters } = parseRoute(hash, [...pages]);
				expect([study, theory, null]).toContain(found);
				for (const [name, value] of Object.entries(parameters)) {
					const rule = found!.parameters![name]!;
					if (rule.kind === "choice") expect(rule.values).toContain(value);
					else if (rule.kind === "number") expect(Number(value) >= rule.min && Number(value) <= rule.max).toBe(true);
				}
				if (found) expect(parseRoute(formatRoute(found, parameters), [...pages])).toEqual({ page: found, parameters });
			}),
			{ numRuns: 2000 },
		);
	});
});

describe("the registry", () => {
	it("has an address and an element for each page, and no two alike", () => {
		for (const key of ["path", "title", "tag"] as const)
			expect(new Set(PAGES.map((each) => each[key])).size).toBe(PAGES.length);
		for (const { path, tag } of PAGES) {
			expect(path).toMatch(/^[a-z][a-z-]*$/);
			expect(tag).toMatch(/^isoflop-[a-z-]+-page$/);
			expect(parseRoute(`#/${path}`, [...PAGES] as [Page])).toMatchObject({ page: { path } });
		}
	});
});
