import { expect, test } from "vitest";
import { duration, plural, short, table } from "../../../src/node/printing/format.ts";

test.each([
	[0.4, "0 s"],
	[80, "1 min 20 s"],
	[3599.6, "1 h 0 min"],
	[5400, "1 h 30 min"],
	[864000, "10 days"],
])("%d seconds", (seconds, text) => {
	expect(duration(seconds)).toBe(text);
});

test.each([
	[999, "999"],
	[1234567, "1.23M"],
	[9.99e14, "999T"],
	[5.88e23, "5.88e23"],
	[0, "0"],
])("short(%d)", (value, text) => {
	expect(short(value)).toBe(text);
});

test("plural", () => {
	expect([plural(1, "run"), plural(1200, "run"), plural(0, "run")]).toEqual(["1 run", "1,200 runs", "0 runs"]);
});

test("a table's columns are as wide as their widest cell", () => {
	expect(
		table([
			["a", "b"],
			["long", "1"],
			["x", "123"],
		]),
	).toEqual(["a       b", "long    1", "x     123"]);
});
