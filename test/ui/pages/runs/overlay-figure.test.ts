import { expect, it } from "vitest";
import { flopsOf } from "../../../../src/architecture/flops.ts";
import type { LineMark } from "../../../../src/figures/figure.ts";
import { figureSvg } from "../../../../src/figures/svg.ts";
import { overlayFigure } from "../../../../src/ui/pages/runs/overlay-figure.ts";
import { rows } from "./rows.ts";

const curve = { tokens: [100, 200], loss: [5, 4] };
const runs = rows.slice(0, 8).map((row, i) => ({ row, label: `run ${i}`, curve }));

it("draws each run's curve against tokens or compute, told apart by color and dash", () => {
	const figure = overlayFigure(runs, "tokens", "none");
	const lines = figure.marks as readonly LineMark[];
	expect(lines.map(({ points }) => points)).toEqual(
		Array(8).fill([
			[100, 5],
			[200, 4],
		]),
	);
	expect(new Set(lines.map(({ color, dash }) => JSON.stringify([color, dash]))).size).toBe(8);
	expect(figure.legend.map(({ series }) => series)).toEqual(runs.map(({ row }) => row.id));
	for (const axis of ["total", "nonEmbedding"] as const) {
		const [line] = overlayFigure(runs, axis, "none").marks as readonly LineMark[];
		expect(line!.points[0]).toEqual([flopsOf(rows[0]!.parameters[axis], 100), 5]);
	}
	expect(figure.summary).toMatch(/^Training losses of 8 runs: run 0 ends at \d\.\d{3};/);
	expect(figureSvg(figure)).toContain("run 7");
});

it("says what to do while there is nothing to draw", () => {
	expect(overlayFigure([], "tokens", "Select some.")).toMatchObject({ marks: [], empty: "Select some." });
});
