import { describe, expect, test } from "vitest";
import { formatCount } from "../../../../src/figures/format.ts";
import type { NumberQuestion } from "../../../../src/lessons/lesson.ts";
import { LESSONS } from "../../../../src/lessons/lessons.ts";
import { readAnswer } from "../../../../src/ui/pages/learn/typed-answer.ts";

const question: NumberQuestion = {
	...{ kind: "number", text: "How many?", label: "Tokens", min: -1, max: 3e6, step: 1, start: 5, scale: "linear" },
	format: formatCount,
};

describe("an answer that is typed", () => {
	test.each([
		["0.74", 0.74],
		["−0,25", -0.25],
		["-0.25", -0.25],
		["66.1k", 66_100],
		["2 M tokens", 2e6],
		["0.41 nats", 0.41],
		["3e5", 3e5],
		[" 1.5 times", 1.5],
	])("%s", (text, value) => {
		expect(readAnswer(question, text)).toBeCloseTo(value, 9);
	});

	test.each([
		["", "Tokens is empty; it must be a number from −1 to 3.00M."],
		["many", "Tokens is “many”; it must be a number from −1 to 3.00M."],
		["4M", "Tokens is “4M”; it must be a number from −1 to 3.00M."],
		["1.2.3", "Tokens is “1.2.3”; it must be a number from −1 to 3.00M."],
		["x".repeat(50), `Tokens is “${"x".repeat(20)}”; it must be a number from −1 to 3.00M.`],
	])("is refused: %s", (text, message) => {
		expect(() => readAnswer(question, text)).toThrow(new RangeError(message));
	});

	test("reads back what a lesson shows in the field", () => {
		for (const { question } of LESSONS)
			if (question.kind === "number")
				for (const value of [question.min, question.start, question.max])
					expect(readAnswer(question, question.format(value)) / (value || 1)).toBeCloseTo(value === 0 ? 0 : 1, 2);
	});
});
