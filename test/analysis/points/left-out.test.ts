import { expect, test } from "vitest";
import { listLeftOut } from "../../../src/analysis/points/left-out.ts";

const runs = (count: number, reason: string) =>
	Array.from({ length: count }, (_, i) => ({ run: `${reason} ${i}`, reason }));

test("50 runs are listed as they are", () => {
	const all = [...runs(25, "a"), ...runs(25, "b")];
	expect(listLeftOut(all)).toEqual({ leftOut: all });
});

test("of more, the first 50 for each reason are listed and the others counted", () => {
	const all = [...runs(60, "a"), ...runs(5, "b"), ...runs(2, "a")];
	expect(listLeftOut(all)).toEqual({
		leftOut: [...runs(50, "a"), ...runs(5, "b")],
		leftOutMore: [{ reason: "a", runs: 12 }],
	});
	expect(listLeftOut([...runs(40, "a"), ...runs(40, "b")])).toEqual({ leftOut: [...runs(40, "a"), ...runs(40, "b")] });
});
