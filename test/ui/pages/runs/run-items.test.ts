import { describe, expect, it } from "vitest";
import { fieldNamed } from "../../../../src/ui/pages/runs/run-fields.ts";
import { cellText, meanOf, runItems, sortedItems } from "../../../../src/ui/pages/runs/run-items.ts";
import { rows } from "./rows.ts";

const field = (name: string) => fieldNamed(name)!;
const withLosses = (losses: readonly (number | null)[]) =>
	rows.slice(0, losses.length).map((row, i) => ({ ...row, validationLoss: losses[i]! }));

describe("groups by seed", () => {
	it("hold the runs that differ in nothing else, ordered by seed", () => {
		const items = runItems([...rows].reverse(), true);
		expect(items).toHaveLength(24);
		for (const { rows: group } of items) {
			expect(group.map(({ spec }) => spec.seed)).toEqual([1, 2, 3]);
			expect(new Set(group.map(({ spec }) => JSON.stringify({ ...spec, seed: 0 }))).size).toBe(1);
		}
		expect(new Set(items.map(({ key }) => key)).size).toBe(24);
	});

	it("have the mean and half of the range, of the runs that have a value", () => {
		const [item] = runItems(withLosses([4, 4.5, null]), true);
		expect(meanOf(field("loss"), item!)).toEqual({ mean: 4.25, half: 0.25, count: 2 });
		expect(cellText(field("loss"), item!)).toBe("4.250 ± 0.250");
		expect(cellText(field("seed"), item!)).toBe("1, 2, 3");
		expect(cellText(field("name"), item!)).toBe("3 seeds");
		expect(cellText(field("rate"), item!)).toBe("0.003");
		const [none] = runItems(withLosses([null, null, null]), true);
		expect(cellText(field("loss"), none!)).toBe("–");
	});

	it("have the name that all share, and all their tags and studies", () => {
		const group = rows.slice(0, 3).map((row, i) => ({ ...row, name: "base", tags: ["a", `t${i}`], studies: ["s"] }));
		const [item] = runItems(group, true);
		expect(cellText(field("name"), item!)).toBe("base");
		expect(cellText(field("tag"), item!)).toBe("a, t0, t1, t2");
		expect(cellText(field("study"), item!)).toBe("s");
	});
});

describe("sorting", () => {
	it("is by value, with those without one last either way", () => {
		const items = runItems(withLosses([4, null, 3, 5]), false);
		const losses = (descending: boolean) =>
			sortedItems(items, field("loss"), descending).map((item) => item.rows[0].validationLoss);
		expect(losses(false)).toEqual([3, 4, 5, null]);
		expect(losses(true)).toEqual([5, 4, 3, null]);
	});

	it("of sizes is by parameters, and equal rows keep their order", () => {
		const items = sortedItems(runItems(rows, false), field("size"), true);
		const counts = items.map((item) => item.rows[0].parameters.total);
		expect(counts).toEqual([...counts].sort((a, b) => b - a));
		const [first] = items;
		expect(first!.rows[0]).toBe(rows.find(({ parameters }) => parameters.total === counts[0]));
	});
});
