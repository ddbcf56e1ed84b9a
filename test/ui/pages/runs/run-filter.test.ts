import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { RunRow } from "../../../../src/run/run-note.ts";
import { readFilter } from "../../../../src/ui/pages/runs/run-filter.ts";
import { rows } from "./rows.ts";

const named: RunRow = {
	...{ ...rows[0]!, name: "The baseline", tags: ["Keep", "for class"], studies: ["made"], seconds: 12.3 },
	...{ finished: new Date("2026-11-30T17:05:30").getTime(), validationLoss: 4.0123 },
};
const all = [named, ...rows.slice(1)];
const count = (filter: string) => all.filter(readFilter(filter)).length;
const shows = (filter: string) => readFilter(filter)(named);

test("forks of a schedule are told from it", () => {
	const { spec } = named;
	const tail = { after: 20, of: 40, cooldown: "linear" as const, floor: 0 };
	const fork: RunRow = { ...named, spec: { ...spec, schedule: { ...spec.schedule, kind: "cosine", tail } } };
	const whole: RunRow = { ...named, spec: { ...spec, schedule: { ...spec.schedule, kind: "cosine" } } };
	const found = (filter: string) => [fork, whole].map(readFilter(filter));
	expect(found("cosine forked")).toEqual([true, false]);
	expect(found("schedule = cosine")).toEqual([false, true]);
	expect(found("cosine")).toEqual([true, true]);
});

describe("a filter", () => {
	it.each([
		["", 72],
		["   ", 72],
		["cosine", 36],
		["COSINE", 36],
		["-cosine", 36],
		["width 32 cosine", 9],
		["width = 32 schedule = cosine seed = 2", 3],
		["seed 2", 24],
		["seed=2", 24],
		["seed != 2", 48],
		["rate <= 0.01", 48],
		["rate < 0.01", 24],
		["lr > 0.003", 48],
		["rate >= 0.03 seed 1", 8],
		["sotu constant", 36],
		['"schedule cosine"', 36],
		['"cosine schedule"', 0],
		['-"schedule cosine"', 36],
		["text = sotu", 72],
		["text != sotu", 0],
		["heads = 2 layers = 1 vocabulary 2,048", 36],
		["batch = 256 steps = 40 context 16", 72],
		["nothing-like-it", 0],
	])("%s shows %i of the runs", (filter, expected) => {
		expect(count(filter)).toBe(expected);
	});

	it.each([
		["baseline", true],
		['name = "the baseline"', true],
		["tag = keep", true],
		["tag = class", false],
		['tag = "FOR CLASS"', true],
		["tag != keep", false],
		["study = made", true],
		["loss = 4", true],
		["loss = 4.01", true],
		["loss = 4.02", false],
		["loss < 4.02", true],
		["loss > 4.01", false],
		["loss >= 4.01", true],
		["loss<5", true],
		["seconds > 10", true],
		["N < 100k N_T > 1e3", true],
		["n = 17.4k", true],
		["n = 18k", false],
		["finished > 2026-11-29", true],
		["finished = 2026-11-30", true],
		["finished > 2026-11-30", false],
		['finished > "2026-11-30 17:00"', true],
		['finished = "2026-11-30 17:05"', true],
		["finished < 2026-11-30", false],
	])("%s: %s for a run that is named, tagged and timed", (filter, expected) => {
		expect(shows(filter)).toBe(expected);
	});

	it("shows a run without a value for != alone", () => {
		const lost = { ...named, validationLoss: null };
		for (const op of ["<", "<=", "=", ">", ">="]) expect(readFilter(`loss ${op} 4`)(lost)).toBe(false);
		expect(readFilter("loss != 4")(lost)).toBe(true);
	});
});

describe("a filter that cannot be read says which part and why", () => {
	it.each([
		["< 4", "< stands without a field before it; it must be as in: loss < 4"],
		["loss <", "loss < has no value after it; it must be as in: loss < 4"],
		["loss < > 4", "loss < has no value after it; it must be as in: loss < 4"],
		["speed > 4", /^speed > 4: "speed" is no field; it must be one of name, study, tag, size,/],
		["loss < four", 'loss < four: "four" is no number; it must be one such as 0.003, 12k or 1e9'],
		["loss < 1e9999", /is no number/],
		["text < sotu", "text < sotu: text is text; it must be compared by = or !="],
		["finished > today", 'finished > today: "today" is no day; it must be one such as 2026-11-30'],
		["finished > 2026-13-77", /is no day/],
		["constructor = 1", /"constructor" is no field/],
		["x".repeat(501), "the filter has 501 characters; it must have at most 500"],
	])("%s", (filter, message) => {
		expect(() => readFilter(filter)).toThrow(message);
	});

	it("and nothing else goes wrong, whatever is typed", () => {
		const part = fc.constantFrom("loss", "seed", "<", "=", "!=", "2", '"', "-", "k", " ", "finished", "2026-11-30");
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.array(part).map((parts) => parts.join("")),
				),
				(text) => {
					try {
						expect(typeof readFilter(text)(named)).toBe("boolean");
					} catch (error) {
						expect((error as Error).message).toMatch(/must (be|have)/);
					}
				},
			),
			{ numRuns: 1000 },
		);
	});
});
