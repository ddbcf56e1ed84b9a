import { describe, expect, test } from "vitest";
import { countParameters, trainingFlopsPerToken } from "../../src/theory/hoffmann-flops.ts";
import { expected, relativeError } from "../reference/expected.ts";
import { lazily } from "./lazily.ts";
import { tableRows } from "./tables.ts";

/** The models of table A9, and what the table says of their sizes in millions. */
const models = lazily(() =>
	tableRows("chinchilla_table_a9.csv").map((row) => ({
		shape: {
			layers: Number(row.n_layers),
			width: Number(row.d_model),
			heads: Number(row.n_heads),
			keySize: Number(row.kv_size),
			feedForward: Number(row.ffw_size),
		},
		byFormula: Number(row.formula_params_M),
		listed: Number(row.params_M_alt),
	})),
);

interface ReferenceFlops {
	d: number;
	l: number;
	N: number;
	/** Per sequence of 2,048 tokens. */
	F: number;
	ratio_to_6ND: number;
}

describe("flops_reference", () => {
	test.each(expected.flops_reference.rows as ReferenceFlops[])(
		"width $d, $l layers",
		({ d, l, N, F, ratio_to_6ND }) => {
			const { shape } = models().find((model) => model.shape.width === d && model.shape.layers === l)!;
			const flops = trainingFlopsPerToken(shape, { context: 2048, vocabulary: 32000 }) * 2048;
			expect(flops).toBe(F);
			expect(flops / (6 * N * 2048)).toBeCloseTo(ratio_to_6ND, 6);
		},
	);
});

test("Chinchilla's table A9: parameters are the table's formula, to its last digit", () => {
	for (const { shape, byFormula, listed } of models()) {
		const { total } = countParameters(shape, 32000);
		expect(Math.abs(total / 1e6 - byFormula)).toBeLessThanOrEqual(0.051);
		expect(relativeError(total / 1e6, listed)).toBeLessThan(0.16);
	}
});
