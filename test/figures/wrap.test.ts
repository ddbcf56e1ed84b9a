import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { italic, plainText, rich, sub } from "../../src/figures/rich-text.ts";
import { wrap } from "../../src/figures/wrap.ts";

const length = (text: Parameters<typeof plainText>[0]) => plainText(text).length;

describe("wrapped text", () => {
	it("stays as it is where it fits", () => {
		const text = rich("size ", italic("N"), sub("T"));
		expect(wrap(text, 20, length)).toEqual([text]);
	});

	it("breaks at spaces, never between a symbol and its index", () => {
		const text = rich("exponent of ", italic("N"), sub("T"), "* against compute");
		expect(wrap(text, 12, length).map(plainText)).toEqual(["exponent of", "N_T* against", "compute"]);
	});

	it("loses nothing, and only single words are wider than asked for", () => {
		fc.assert(
			fc.property(
				fc.array(fc.stringMatching(/^\w{1,9}$/), { minLength: 1 }),
				fc.integer({ min: 1, max: 30 }),
				(words, width) => {
					const lines = wrap(rich(words.join(" ")), width, length).map(plainText);
					expect(lines.join(" ")).toBe(words.join(" "));
					for (const line of lines) expect(line.length <= width || !line.includes(" ")).toBe(true);
				},
			),
		);
	});
});
