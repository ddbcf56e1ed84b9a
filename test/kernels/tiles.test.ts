import { describe, expect, test } from "vitest";
import { LINEAR_FORWARD } from "../../src/kernels/linear-variants.ts";
import { type Large, sideFor, tileFor, tilesHeader, workgroupOf } from "../../src/kernels/tiles.ts";

const variants = Object.entries(LINEAR_FORWARD.variants).filter(([, variant]) => "columns" in variant);

describe.each(variants as [string, Large][])("%s", (_, variant) => {
	const sides = [32, 64, 128];
	const tiles = sides.flatMap((rows) => sides.map((columns) => [rows, columns] as const));
	const possible = tiles.filter(([rows, columns]) => rows <= variant.rows && columns <= variant.columns);

	test.each(possible)("tiles of %s × %s fit into the default limits of WebGPU", (rows, columns) => {
		const header = tilesHeader(variant, rows, columns);
		const [rowMemory, columnMemory, halves, shared] = ["ROW_MEMORY", "COLUMN_MEMORY", "HALVES", "SHARED_ROWS"].map(
			(name) => Number(new RegExp(`const ${name} = (\\d+)u`).exec(header)![1]),
		) as [number, number, number, number];
		expect(16 * halves * (rowMemory + columnMemory)).toBeLessThanOrEqual(16 * 1024);
		expect(Math.min(rowMemory, columnMemory)).toBeGreaterThanOrEqual(shared * workgroupOf(variant));
		expect(workgroupOf(variant)).toBeLessThanOrEqual(256);
		// Each share has terms of its own.
		expect(workgroupOf(variant) / ((rows / 8) * (columns / 8))).toBeLessThanOrEqual(16);
	});
});

test("a side is as short as what it covers, from 32 to the variant's", () => {
	expect([1, 32, 33, 64, 65, 1000].map((count) => sideFor(128, count))).toEqual([32, 32, 64, 64, 128, 128]);
	expect(sideFor(64, 1000)).toBe(64);
});

test("small matrices have small tiles, unless there are many of them", () => {
	expect(tileFor([128, 128], [64, 192], 1)).toEqual([32, 32]);
	expect(tileFor([128, 128], [64, 192], 64)).toEqual([64, 128]);
	expect(tileFor([64, 128], [512, 512], 1)).toEqual([64, 64]);
	expect(tileFor([64, 64], [512, 512], 1)).toEqual([64, 64]);
	expect(tileFor([128, 128], [1024, 4096], 1)).toEqual([128, 128]);
});
