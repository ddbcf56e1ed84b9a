import { expect, test } from "vitest";
import { presetNamed } from "../../src/experiments/experiments.ts";
import { figureSvg } from "../../src/figures/svg.ts";
import { initialView, shownRanges } from "../../src/figures/view.ts";
import type { Lesson } from "../../src/lessons/lesson.ts";
import { LESSON_IDS } from "../../src/lessons/lesson-ids.ts";
import { LESSONS, lessonOf } from "../../src/lessons/lessons.ts";
import { MEASURED } from "../../src/lessons/measured.ts";
import { formulasOf } from "./formulas-of.ts";

/** An answer that the field allows, and is not right. */
function guessOf({ question }: Lesson): number {
	return question.kind === "choice"
		? 0
		: question.scale === "log"
			? question.max
			: question.min + 0.9 * (question.max - question.min);
}

test("links name every lesson, in their order", () => {
	expect(LESSONS.map(({ id }) => id)).toEqual(LESSON_IDS);
	expect(LESSON_IDS.map((id) => lessonOf(id).id)).toEqual(LESSON_IDS);
});

test.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))(
	"%s has a text of a page, and a preset with its cost",
	(_, lesson) => {
		const words = lesson.text
			.join(" ")
			.replace(/\$[^$]*\$/g, "x")
			.split(/\s+/).length;
		expect(words).toBeGreaterThanOrEqual(130);
		expect(words).toBeLessThanOrEqual(250);
		expect(lesson.sources.length).toBeGreaterThan(0);
		for (const { url } of lesson.sources) expect(url).toMatch(/^https:\/\/(arxiv\.org\/abs|doi\.org)\//);
		expect(presetNamed(lesson.practice.preset)).toBeDefined();
		expect(MEASURED.presets[lesson.practice.preset]!.runs).toBeGreaterThan(0);
	},
);

test.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))(
	"%s marks a guess in its figure and says how far off it is",
	(_, lesson) => {
		const guess = guessOf(lesson);
		const [without, withGuess] = [lesson.answer(null, 0), lesson.answer(guess, 0)];
		expect(without.verdict).not.toMatch(/[Yy]ou(r guess| chose| said)/);
		expect(withGuess.verdict).toMatch(/Your guess of .* too (high|low|flat|steep)\.|You chose/);
		expect(withGuess.verdict).not.toMatch(/NaN|undefined|Infinity/);
		expect(withGuess.figure.marks.length).toBeGreaterThan(without.figure.marks.length);
		const ofGuess = (figure: typeof without.figure) => figure.marks.filter(({ series }) => series?.includes("guess"));
		expect(ofGuess(without.figure)).toEqual([]);
		expect(ofGuess(withGuess.figure).length).toBeGreaterThan(0);
		expect(withGuess.figure.summary).not.toMatch(/NaN|undefined|Infinity/);
		expect(shownRanges(withGuess.figure, initialView(withGuess.figure))).not.toBeNull();
		expect(figureSvg(withGuess.figure)).not.toContain("NaN");
	},
);

test.each(LESSONS.map((lesson) => [lesson.id, lesson] as const))(
	"%s begins its slider elsewhere than at the truth, and takes 50 ms at most",
	(_, lesson) => {
		const { question } = lesson;
		if (question.kind === "number") {
			expect(question.start).toBeGreaterThan(question.min);
			expect(lesson.answer(question.start, 0).verdict).not.toContain("is right");
		}
		// Of the processor, not of the clock: other tests run at the same time.
		const times = [1, 2, 3, 4, 5, 6].map((round) => {
			const before = process.cpuUsage();
			lesson.answer(guessOf(lesson), round);
			const { user, system } = process.cpuUsage(before);
			return (user + system) / 1000;
		});
		expect(Math.min(...times)).toBeLessThan(50);
	},
);

test("other seeds change what chance changes, and nothing else", () => {
	for (const lesson of LESSONS) {
		const [first, second] = [lesson.answer(null, 0), lesson.answer(null, 1)];
		const same = JSON.stringify(first.figure.table) === JSON.stringify(second.figure.table);
		expect([lesson.id, same]).toEqual([lesson.id, lesson.chance === null]);
		expect(lesson.answer(null, 0).verdict).toBe(first.verdict);
	}
	expect(LESSONS.filter(({ chance }) => chance !== null)).toHaveLength(2);
});

test("every formula is one that KaTeX can set", () => {
	for (const { id, text, explanation, question } of LESSONS)
		for (const formula of formulasOf([...text, ...explanation, question.text]))
			expect({ id, formula, error: formula.error }).toMatchObject({ error: null });
});
