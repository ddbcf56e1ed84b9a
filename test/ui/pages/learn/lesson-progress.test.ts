import { expect, test } from "vitest";
import { readDone, storeDone } from "../../../../src/ui/pages/learn/lesson-progress.ts";

function storage(): Storage {
	const values = new Map<string, string>();
	return {
		getItem: (key: string) => values.get(key) ?? null,
		setItem: (key: string, value: string) => void values.set(key, value),
		removeItem: (key: string) => void values.delete(key),
	} as Storage;
}

test("what was done is kept, and only that", () => {
	const kept = storage();
	expect(readDone(kept)).toEqual(new Set());
	storeDone(kept, new Set(["valleys", "envelope"]));
	expect(readDone(kept)).toEqual(new Set(["envelope", "valleys"]));
	storeDone(kept, new Set());
	expect(kept.getItem("isoflop-lessons")).toBeNull();
});

test("what is stored and is no lesson is ignored", () => {
	const kept = storage();
	kept.setItem("isoflop-lessons", "envelope alchemy <script> 4");
	expect(readDone(kept)).toEqual(new Set(["envelope"]));
});
