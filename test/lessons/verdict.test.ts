import { expect, test } from "vitest";
import { byDifference, byFactor, sentences } from "../../src/lessons/verdict.ts";

const format = (value: number) => value.toFixed(1);

test.each([
	[null, ""],
	[3, "Your guess of 3.0 is 1.0 too high."],
	[0, "Your guess of 0.0 is 2.0 too low."],
	[2.1, "Your guess of 2.1 is right."],
])("a difference: %s", (guess, said) => {
	expect(byDifference(guess, 2, { range: 10, format })).toBe(said);
});

test("a difference has words of its own where high and low mislead", () => {
	expect(byDifference(3, 2, { range: 10, format, words: ["flat", "steep"] })).toBe(
		"Your guess of 3.0 is 1.0 too flat.",
	);
});

test.each([
	[null, ""],
	[2.1, "Your guess of 2.1 is right."],
	[3, "Your guess of 3.0 is 1.50 times too high."],
	[0.5, "Your guess of 0.5 is 4.0 times too low."],
	[100, "Your guess of 100.0 is 50 times too high."],
])("a factor: %s", (guess, said) => {
	expect(byFactor(guess, 2, { near: 1.1, format })).toBe(said);
});

test("what says nothing is left out", () => {
	expect(sentences("One.", "", "Two.")).toBe("One. Two.");
});
