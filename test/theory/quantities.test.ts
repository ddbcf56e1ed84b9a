import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PF_DAY } from "../../src/theory/kaplan.ts";
import { type Dimension, quantityText, readQuantity } from "../../src/theory/quantities.ts";

const WIDE = { min: 1e-30, max: 1e60 };

describe("a number with its unit", () => {
	test.each([
		["1e21", "flops", 1e21],
		["5.88e23", "flops", 5.88e23],
		["5.88E+23", "flops", 5.88e23],
		["3 EFLOP", "flops", 3e18],
		["3eflops", "flops", 3e18],
		["3E", "flops", 3e18],
		["2.5 ZFLOPs", "flops", 2.5e21],
		["1 YFLOP", "flops", 1e24],
		["10 PF-days", "flops", 10 * PF_DAY],
		["10 PF-day", "flops", 10 * PF_DAY],
		["10 PFLOP/s-days", "flops", 10 * PF_DAY],
		["10 petaflop/s-days", "flops", 10 * PF_DAY],
		["10 PF days", "flops", 10 * PF_DAY],
		["1 PF-s", "flops", 1e15],
		["2 TF-hours", "flops", 7.2e15],
		["0.01 EF-days", "flops", 10 * PF_DAY],
		["5.88·10^23 FLOP", "flops", 5.88e23],
		["5.88 × 10²³", "flops", 5.88e23],
		["5 x 10⁻³ YFLOP", "flops", 5e21],
		["7B", "parameters", 7e9],
		["7 bn", "parameters", 7e9],
		["7G", "parameters", 7e9],
		["7 billion parameters", "parameters", 7e9],
		["70 M", "parameters", 70e6],
		["70m params", "parameters", 70e6],
		["1.4T tokens", "tokens", 1.4e12],
		["1.4 trillion tokens", "tokens", 1.4e12],
		["1.4e12tokens", "tokens", 1.4e12],
		["300k", "tokens", 300e3],
		["524,288 tokens", "tokens", 524_288],
		[" 12 ", "count", 12],
		[".5k", "count", 500],
		["50K", "count", 50e3],
	] as const)("%s of %s", (text, dimension, value) => {
		const reading = readQuantity(text, dimension, WIDE);
		expect(reading).toEqual({ value: expect.closeTo(value, -Math.log10(value) + 12) });
	});

	test("a field's first text is read as the same number, whatever it is", () => {
		const dimensions: Dimension[] = ["flops", "parameters", "tokens", "count"];
		fc.assert(
			fc.property(fc.double({ min: 1, max: 1e40, noNaN: true }), fc.constantFrom(...dimensions), (value, dimension) => {
				expect(readQuantity(quantityText(value, dimension), dimension, WIDE)).toEqual({ value });
			}),
		);
		expect(quantityText(5.88e23, "flops")).toBe("5.88e23");
		expect(quantityText(30e9, "parameters")).toBe("30B");
		expect(quantityText(1e13, "tokens")).toBe("10T");
		expect(quantityText(0, "tokens")).toBe("0");
		expect(quantityText(1_234_567_891, "tokens")).toBe("1234567891");
	});
});

describe("what cannot be read says why, and how it is written", () => {
	test.each([
		["", "flops", "The field is empty; compute is in FLOP or PF-days, as in 5.88e23, 3 EFLOP or 10 PF-days."],
		["lots", "flops", "“lots” does not begin with a number; compute is in FLOP"],
		["10 parsecs", "flops", "“10 parsecs” has a unit that is not known here, “parsecs”; compute is in FLOP"],
		["3 PFLOP/s", "flops", "“3 PFLOP/s” is a speed, and an amount of compute is a speed times a time; compute is"],
		["7B parameters", "flops", "“7B parameters” is an amount of parameters; compute is in FLOP"],
		["10 PF-days", "parameters", "“10 PF-days” is an amount of compute; a size is in parameters, as in 70M or 7B."],
		["7B parameters", "tokens", "is an amount of parameters; text is in tokens"],
		["7 tokens", "count", "is an amount of tokens; this is a plain number"],
		["7 XB", "parameters", "has a unit that is not known here, “XB”"],
		["1,5", "parameters", "has a comma that groups no thousands; decimals follow a point"],
		["1.5.2B", "parameters", "has a unit that is not known here"],
		["-3B", "parameters", "“-3B” is out of bounds; it must be from 1 to 1e20, as 7B is."],
		["−3B", "parameters", "“-3B” is out of bounds"],
		["0", "parameters", "“0” is out of bounds"],
		["1e999", "parameters", "“1e999” is out of bounds"],
		["<img src=x>", "tokens", "“<img src=x>” does not begin with a number"],
	] as const)("%j for %s", (text, dimension, problem) => {
		const reading = readQuantity(text, dimension, { min: 1, max: 1e20 });
		expect(reading).toEqual({ problem: expect.stringContaining(problem) });
	});

	test("a part of a layer, and a text without end", () => {
		expect(readQuantity("2.5", "count", WIDE, true)).toEqual({
			problem: expect.stringContaining("“2.5” is no whole number"),
		});
		expect(readQuantity("2.5k", "count", WIDE, true)).toEqual({ value: 2500 });
		const { problem } = readQuantity("z".repeat(1e5), "count", WIDE) as { problem: string };
		expect(problem.length).toBeLessThan(200);
	});

	test("nothing makes it fail or give what is no number", () => {
		fc.assert(
			fc.property(fc.string(), (text) => {
				const reading = readQuantity(text, "flops", { min: 1, max: 1e40 });
				expect("value" in reading ? Number.isFinite(reading.value) : reading.problem.length > 10).toBe(true);
			}),
		);
	});
});
