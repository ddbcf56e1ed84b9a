import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { frontierFigure } from "../../src/experiments/figures/frontier-figure.ts";
import { figureCsv } from "../../src/figures/csv.ts";
import { plainText, rich } from "../../src/figures/rich-text.ts";
import { lossFigure } from "../../src/ui/charts/loss-figure.ts";
import { analysis, runs } from "../ui/charts/five-sizes.ts";
import { figureOf } from "./figure-fixture.ts";

describe("a figure's table as CSV", () => {
	it.each([frontierFigure(analysis), lossFigure(runs, { analysis, axis: "total" })])(
		"keeps all digits of $name",
		(figure) => {
			const { data, errors } = Papa.parse<Record<string, string>>(figureCsv(figure), {
				header: true,
				skipEmptyLines: true,
			});
			expect(errors).toEqual([]);
			expect(data).toHaveLength(figure.table.rows.length);
			for (const [i, row] of figure.table.rows.entries()) {
				for (const [at, { id }] of figure.table.columns.entries()) {
					const cell = row[at]!;
					if (typeof cell === "number") expect(Number(data[i]![id])).toBe(cell);
					else expect(data[i]![id]).toBe(cell === null ? "" : plainText(cell));
				}
			}
		},
	);

	it("quotes what needs it and leaves cells empty where nothing is known", () => {
		const columns = [
			{ id: "name", name: rich("Name") },
			{ id: "loss", name: rich("Loss") },
		];
		const rows = [
			[rich('a "b", c'), null],
			[rich("d"), 1e-7],
		];
		const csv = figureCsv(figureOf([], { table: { caption: "values", columns, rows } }));
		expect(csv).toBe('name,loss\r\n"a ""b"", c",\r\nd,1e-7\r\n');
	});
});
