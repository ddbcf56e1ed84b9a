import { expect, it } from "vitest";
import { CHANGES, rememberedView, rememberView } from "../../../../src/ui/pages/runs/runs-view.ts";
import { usesText } from "../../../../src/ui/pages/runs/uses-text.ts";
import { rows } from "./rows.ts";

function memoryOf(text: string | null) {
	const memory = {
		text,
		getItem: () => memory.text,
		setItem: (_: string, value: string) => {
			memory.text = value;
		},
	};
	return memory;
}

it("is remembered, with the columns in their own order", () => {
	const memory = memoryOf(null);
	const usual = rememberedView(memory);
	expect(usual.columns).toContain("loss");
	const view = {
		columns: [CHANGES, "loss", "name"],
		sorting: { field: "loss", descending: false },
		bySeed: true,
		showHidden: true,
	};
	rememberView(memory, view);
	expect(rememberedView(memory)).toEqual({ ...view, columns: ["name", "loss", CHANGES] });
});

it.each(["{", "null", "[]", '{"columns":["x"],"sorting":{"field":"__proto__"}}', '{"columns":7}'])(
	"is the usual one where %s was kept",
	(text) => {
		expect(rememberedView(memoryOf(text))).toEqual(rememberedView(memoryOf(null)));
	},
);

it("what else uses runs is said by study", () => {
	const used = [{ ...rows[0]!, studies: ["a"] }, { ...rows[1]!, studies: ["a", "b"], weightBytes: 10 }, rows[2]!];
	expect(usesText(used, { name: "c", ids: new Set([rows[2]!.id]) })).toBe(
		"“a” uses 2 of them; “b” uses 1 of them; “c” uses 1 of them; “c”, open on the page Study, would train them again; 1 run had kept weights, which go too.",
	);
	expect(usesText([rows[0]!], { name: "c", ids: new Set() })).toBe("No known study uses them.");
});
