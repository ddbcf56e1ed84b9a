import { expect, test } from "vitest";
import { boundBytes, entriesPerRun, paddedEntries, tensorBytes } from "../../src/gpu/tensor.ts";

test("the run's axis does not count as entries", () => {
	expect(entriesPerRun([3, 4, 5])).toBe(20);
	expect(entriesPerRun([3])).toBe(1);
});

test("every run's copy begins at a multiple of 256 bytes", () => {
	expect([1, 63, 64, 65, 128].map((entries) => paddedEntries(entries))).toEqual([64, 64, 64, 128, 128]);
	expect(tensorBytes([1, 64])).toBe(256);
	expect(tensorBytes([3, 13, 5])).toBe(3 * 512);
	expect([1, 128, 129].map((entries) => paddedEntries(entries, true))).toEqual([128, 128, 256]);
	expect(tensorBytes([3, 13, 10], true)).toBe(3 * 512);
});

test("a tensor binds all its runs' copies with their padding", () => {
	const tensor = { name: "x", buffer: undefined as unknown as GPUBuffer, offset: 256, shape: [2, 65], runStride: 128 };
	expect(boundBytes(tensor)).toBe(1024);
	expect(boundBytes({ ...tensor, half: true })).toBe(512);
});
