import { describe, expect, it } from "vitest";
import { CHINCHILLA, EPOCH } from "../../../../src/theory/specifications.ts";
import { PAGES } from "../../../../src/ui/app/pages.ts";
import { formatRoute, parseRoute } from "../../../../src/ui/app/route.ts";
import { inputsOf, PAPER_INPUTS, parametersOf, withLaw } from "../../../../src/ui/pages/theory/theory-inputs.ts";

/** What a link's text comes to, with the page's own rules. */
function read(hash: string) {
	const { page, parameters } = parseRoute(hash, PAGES);
	expect(page?.path).toBe("theory");
	return inputsOf(parameters);
}

describe("a link", () => {
	it("without parameters is the paper", () => {
		expect(read("#/theory")).toEqual(PAPER_INPUTS);
		expect(parametersOf(PAPER_INPUTS)).toEqual({});
	});

	it("names a law, ω, δ and constants of one's own", () => {
		expect(read("#/theory?law=chinchilla")).toEqual({ ...PAPER_INPUTS, choice: "chinchilla", law: CHINCHILLA.law });
		expect(read("#/theory?omega=0&delta=0.5").embedding).toEqual({ omega: 0, delta: 0.5 });
		expect(read("#/theory?alpha=0.4")).toMatchObject({ choice: "own", law: { ...EPOCH.law, alpha: 0.4 } });
		expect(read("#/theory?law=chinchilla&beta=0.4").law).toEqual({ ...CHINCHILLA.law, beta: 0.4 });
	});

	it("is not read where it breaks the bounds", () => {
		expect(read("#/theory?law=kaplan&omega=-1&delta=1&alpha=0&beta=6&A=x")).toEqual(PAPER_INPUTS);
	});

	it("that the page writes comes back as the same inputs", () => {
		const page = PAGES.find(({ path }) => path === "theory")!;
		const own = { ...withLaw(PAPER_INPUTS, "chinchilla"), choice: "own" as const };
		for (const inputs of [
			PAPER_INPUTS,
			withLaw(PAPER_INPUTS, "chinchilla"),
			withLaw(PAPER_INPUTS, "own"),
			{ ...own, law: { ...own.law, A: 1e-5 }, embedding: { omega: 1609.8197926613188, delta: 0.343124536425101 } },
		])
			expect(read(formatRoute(page, parametersOf(inputs)))).toEqual(inputs);
	});
});

it("one's own constants begin with those there were", () => {
	expect(withLaw(withLaw(PAPER_INPUTS, "chinchilla"), "own")).toMatchObject({ choice: "own", law: CHINCHILLA.law });
	expect(withLaw(withLaw(PAPER_INPUTS, "chinchilla"), "epoch")).toEqual(PAPER_INPUTS);
});
