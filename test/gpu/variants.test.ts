import { expect, test } from "vitest";
import { checkVariants, type Operation, runnable, variantOf, worthMeasuring } from "../../src/gpu/variants.ts";

const operation: Operation<{ rows: number; subgroup?: number; forGpus?: true }> = {
	name: "product",
	variants: {
		direct: { rows: 8 },
		tiled: { rows: 32, forGpus: true },
		"8 share": { rows: 32, subgroup: 8 },
		"32 share": { rows: 16, subgroup: 32 },
	},
};

test("an operation that is not named runs its first variant; an unknown one is an error", () => {
	expect(variantOf(operation, {})).toBe(operation.variants.direct);
	expect(variantOf(operation, { product: "8 share" })).toBe(operation.variants["8 share"]);
	const unknown = 'product: has no variant "9 share"; there are "direct", "tiled", "8 share", "32 share"';
	expect(() => variantOf(operation, { product: "9 share" })).toThrow(unknown);
	expect(() => checkVariants({ product: "9 share" }, [operation])).toThrow(unknown);
	expect(() => checkVariants({ sum: "direct" }, [operation])).toThrow('"sum" is not an operation with variants');
});

const sizes = (min: number, max = min, controlled = false) => ({ min, max, controlled });

test("variants by subgroups run where all sizes are large enough, or one can be asked for", () => {
	expect(runnable(operation, sizes(0))).toEqual(["direct", "tiled"]);
	expect(runnable(operation, sizes(4))).toEqual(["direct", "tiled"]);
	expect(runnable(operation, sizes(16))).toEqual(["direct", "tiled", "8 share"]);
	expect(runnable(operation, sizes(32))).toEqual(["direct", "tiled", "8 share", "32 share"]);
	expect(runnable(operation, sizes(8, 32))).toEqual(["direct", "tiled", "8 share"]);
	expect(runnable(operation, sizes(8, 32, true))).toEqual(["direct", "tiled", "8 share", "32 share"]);
	expect(runnable(operation, sizes(4, 16, true))).toEqual(["direct", "tiled", "8 share"]);
});

test("the variants for the largest subgroups are worth measuring, of a range all, and on processors none for GPUs", () => {
	expect(worthMeasuring(operation, sizes(0))).toEqual(["direct", "tiled"]);
	expect(worthMeasuring(operation, sizes(16))).toEqual(["direct", "tiled", "8 share"]);
	expect(worthMeasuring(operation, sizes(64))).toEqual(["direct", "tiled", "32 share"]);
	expect(worthMeasuring(operation, sizes(32, 64, true))).toEqual(["direct", "tiled", "32 share"]);
	expect(worthMeasuring(operation, sizes(8, 32, true))).toEqual(["direct", "tiled", "8 share", "32 share"]);
	expect(worthMeasuring(operation, sizes(16), true)).toEqual(["direct", "8 share"]);
});
