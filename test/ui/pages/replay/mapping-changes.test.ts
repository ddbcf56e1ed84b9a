import { expect, test } from "vitest";
import { COLUMNS, findColumns } from "../../../../src/analysis/points/column-names.ts";
import { COLUMN_TEXTS, MAIN_COLUMNS, OTHER_COLUMNS, unitsOf } from "../../../../src/ui/pages/replay/column-texts.ts";
import { ownColumn, withColumn, withUnit } from "../../../../src/ui/pages/replay/mapping-changes.ts";

const header = ["N (M)", "tokens", "loss", "size (B)"];

test("another column comes with the unit of its name, and its own undoes it", () => {
	const unit = withUnit({}, "params", 1e3);
	expect(findColumns(header, unit).get("params")).toMatchObject({ name: "N (M)", unit: 1e3 });
	const other = withColumn(withUnit(unit, "tokens", 1e9), "params", "size (B)");
	expect(findColumns(header, other).get("params")).toMatchObject({ name: "size (B)", unit: 1e9 });
	expect(findColumns(header, other).get("tokens")).toMatchObject({ unit: 1e9 });
	const back = withColumn(other, "params", null);
	expect(back).toEqual({ map: {}, units: { tokens: 1e9 } });
	expect(findColumns(header, back).get("params")).toMatchObject({ name: "N (M)", unit: 1e6 });
});

test("a file's own column is found by its names; of two, none is", () => {
	expect(ownColumn(header, "params")).toBe("N (M)");
	expect(ownColumn(header, "flops")).toBeNull();
	expect(ownColumn(["N", "n", "tokens"], "params")).toBeNull();
});

test("every column has its row, once", () => {
	expect([...MAIN_COLUMNS, ...OTHER_COLUMNS].sort()).toEqual([...COLUMNS].sort());
	expect(Object.keys(COLUMN_TEXTS).sort()).toEqual([...COLUMNS].sort());
});

test("the unit that a column is in is among those offered", () => {
	expect(unitsOf("loss", Math.LN2).map(([, label]) => label)).toEqual(["nats", "bits"]);
	expect(unitsOf("params", 1e9)).toHaveLength(5);
	expect(unitsOf("params", 1.5).at(-1)).toEqual([1.5, "× 1.5"]);
	expect(unitsOf("run", 1)).toEqual([]);
});
