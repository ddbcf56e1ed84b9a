import { describe, expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import {
	hiddenMatrices,
	orthogonalFlops,
	orthogonalScratch,
	orthogonalSides,
	withinWorkgroup,
} from "../../src/architecture/orthogonal.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";

const gpt2 = modelConfig({ vocabulary: 50, context: 5, width: 10, layers: 1, heads: 2 });
const llama = modelConfig({
	...{ vocabulary: 50, context: 5, width: 32, layers: 2, heads: 4, keyValueHeads: 2, hidden: 44, headSize: 10 },
	...{ activation: "swiglu", tied: false, positions: "learned", qkNorm: true, norm: "rms" },
});

test("queries, keys and values, and a gate and what it gates, are maps of their own; embeddings and head are none", () => {
	const listed = (config: typeof gpt2) =>
		hiddenMatrices(config).map(({ name, rows, columns, firstColumn }) => [name, rows, columns, firstColumn]);
	expect(listed(gpt2)).toEqual([
		["h.0.attn.c_attn.weight", 10, 10, 0],
		["h.0.attn.c_attn.weight", 10, 10, 10],
		["h.0.attn.c_attn.weight", 10, 10, 20],
		["h.0.attn.c_proj.weight", 10, 10, 0],
		["h.0.mlp.c_fc.weight", 10, 40, 0],
		["h.0.mlp.c_proj.weight", 40, 10, 0],
	]);
	expect(listed(llama).slice(7)).toEqual([
		["h.1.attn.c_attn.weight", 32, 40, 0],
		["h.1.attn.c_attn.weight", 32, 20, 40],
		["h.1.attn.c_attn.weight", 32, 20, 60],
		["h.1.attn.c_proj.weight", 40, 32, 0],
		["h.1.mlp.c_fc.weight", 32, 44, 0],
		["h.1.mlp.c_fc.weight", 32, 44, 44],
		["h.1.mlp.c_proj.weight", 44, 32, 0],
	]);
	expect(hiddenMatrices({ ...gpt2, layers: 0 })).toEqual([]);
});

test("the four gates of an LSTM are maps of their own, from the input and from the state before", () => {
	const lstm = { vocabulary: 50, context: 5, width: 10, layers: 1, biases: true, tied: true } as const;
	const matrices = hiddenMatrices({ architecture: "lstm", ...lstm });
	const gates = (name: string) => [0, 10, 20, 30].map((firstColumn) => ({ name, rows: 10, columns: 10, firstColumn }));
	expect(matrices).toEqual([...gates("h.0.lstm.input.weight"), ...gates("h.0.lstm.recurrent.weight")]);
});

describe.each([gpt2, llama])("width $width", (config) => {
	test("the maps of a tensor are all of its columns", () => {
		for (const { name, shape, maps } of parameterShapes(config))
			if (maps) expect(maps.reduce((a, b) => a + b)).toBe(shape[1]);
			else expect(name).toMatch(/^(wte|wpe|lm_head)\.|ln_|_norm|bias/);
	});

	test("arithmetic: multiply–adds of five iterations, counted product by product", () => {
		let flops = 0;
		for (const { rows, columns } of hiddenMatrices(config)) {
			const [n, k] = rows < columns ? [rows, columns] : [columns, rows];
			for (let iteration = 0; iteration < 5; iteration++) flops += 2 * n * k * n + 2 * n * n * n + 2 * n * n * k;
		}
		expect(orthogonalFlops(config)).toBe(flops);
	});
});

test("scratch: two copies with sides rounded up to fours; squares only beyond a workgroup", () => {
	const small = { rows: 30, columns: 41 };
	const large = { rows: 90, columns: 33 };
	expect(orthogonalSides(small)).toEqual([44, 32]);
	expect(orthogonalSides(large)).toEqual([92, 36]);
	expect(withinWorkgroup([small])).toBe(true);
	expect(withinWorkgroup([small, large])).toBe(false);
	expect(orthogonalScratch([small])).toEqual({ wide: 2 * 44 * 32, square: 0 });
	expect(orthogonalScratch([small, large])).toEqual({
		...{ wide: 2 * (44 * 32 + 92 * 36), square: 2 * (32 * 32 + 36 * 36) },
	});
});
