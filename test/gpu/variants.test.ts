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

test("variants by subgroups run where subgroups are large enough; the largest are worth measuring, on processors none for GPUs", () => {
	expect(runnable(operation, 0)).toEqual(["direct", "tiled"]);
	expect(runnable(operation, 4)).toEqual(["direct", "tiled"]);
	expect(runnable(operation, 16)).toEqual(["direct", "tiled", "8 share"]);
	expect(runnable(operation, 32)).toEqual(["direct", "tiled", "8 share", "32 share"]);
	expect(worthMeasuring(operation, 0)).toEqual(["direct", "tiled"]);
	expect(worthMeasuring(operation, 16)).toEqual(["direct", "tiled", "8 share"]);
	expect(worthMeasuring(operation, 64)).toEqual(["direct", "tiled", "32 share"]);
	expect(worthMeasuring(operation, 16, true)).toEqual(["direct", "8 share"]);
});
