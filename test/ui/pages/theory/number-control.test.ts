import { describe, expect, it } from "vitest";
import { plainText } from "../../../../src/figures/rich-text.ts";
import { EXPONENT_CONTROLS, numberText, readNumber, SECTIONS } from "../../../../src/ui/pages/theory/number-control.ts";
import { PAPER_INPUTS } from "../../../../src/ui/pages/theory/theory-inputs.ts";

const controls = [...EXPONENT_CONTROLS, ...SECTIONS.flatMap((section) => section.controls)];
const named = (name: string) => controls.find((control) => control.name.startsWith(name))!;

describe("the controls", () => {
	it("show the paper's numbers, within what their sliders reach", () => {
		const shown = controls.map((control) => numberText(control.read(PAPER_INPUTS)));
		expect(shown).toEqual([
			...["0.3478", "0.3658", "482.01", "2085.43", "1.8172"],
			...["47491", "0.333333", "2.9", "9.2", "12.95", "20.7"],
		]);
		for (const { read, slider, bounds } of controls) {
			const value = slider.log ? Math.log10(read(PAPER_INPUTS)) : read(PAPER_INPUTS);
			expect(value).toBeGreaterThan(slider.min);
			expect(value).toBeLessThan(slider.max);
			const reach = slider.log ? [10 ** slider.min, 10 ** slider.max] : [slider.min, slider.max];
			expect(reach[0]).toBeGreaterThanOrEqual(bounds[0]);
			expect(reach[1]).toBeLessThanOrEqual(bounds[1]);
		}
	});

	it("write what they read, and nothing else", () => {
		for (const control of controls) {
			const value = (control.read(PAPER_INPUTS) + control.bounds[0]) / 2;
			const written = control.write(PAPER_INPUTS, value);
			expect(control.read(written)).toBe(value);
			for (const other of controls) if (other !== control) expect(other.read(written)).toBe(other.read(PAPER_INPUTS));
		}
	});

	it("make a changed constant one's own; embeddings and ranges leave the law", () => {
		expect(named("The scale of tokens").write(PAPER_INPUTS, 400).choice).toBe("own");
		expect(named("The weight of embeddings").write(PAPER_INPUTS, 400).choice).toBe("epoch");
	});

	it("move the budgets in total parameters along", () => {
		const { flops } = named("The smallest budget").write(PAPER_INPUTS, 11.95).ranges;
		expect(flops).toEqual({ nonEmbedding: { from: 11.95, to: 20.7 }, total: { from: 13, to: 20.7 } });
	});

	it("say what a power of ten comes to", () => {
		expect(named("The smallest size").meaning!(2.9)).toBe("794");
		expect(named("The largest budget").meaning!(21)).toBe("10²¹ FLOP");
		expect(SECTIONS.map(({ note }) => plainText(note(PAPER_INPUTS)))).toEqual([
			"N_T = N_\\E + ω · N_\\E^δ",
			"N_\\E from 794 to 1.58B",
			"C_\\E, FLOP; C_T from 10^14",
		]);
	});
});

describe("a text", () => {
	const delta = named("The exponent of embeddings");
	it("is a number within the bounds", () => {
		for (const [text, value] of [
			["0.5", 0.5],
			[" 5e-1 ", 0.5],
			["0,5", 0.5],
			["0", 0],
		] as const)
			expect(readNumber(delta, text)).toBe(value);
	});

	it.each([
		["abc", "The exponent of embeddings δ is “abc”; it must be a number from 0 to 0.99"],
		["", "The exponent of embeddings δ is empty; it must be a number from 0 to 0.99"],
		["1", "The exponent of embeddings δ is “1”; it must be a number from 0 to 0.99"],
		["-0.1", "is “-0.1”"],
		["Infinity", "is “Infinity”"],
	])("%j is refused", (text, message) => {
		expect(() => readNumber(delta, text)).toThrow(RangeError);
		expect(() => readNumber(delta, text)).toThrow(message);
	});
});
