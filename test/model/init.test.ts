import { describe, expect, test } from "vitest";
import { type ModelConfig, modelConfig } from "../../src/architecture/config.ts";
import { parameterShapes } from "../../src/architecture/parameters.ts";
import { initialValues } from "../../src/model/init.ts";

const config: ModelConfig = modelConfig({ vocabulary: 512, context: 64, width: 64, layers: 4, heads: 4, tied: false });
const shapes = parameterShapes(config);
const values = new Map(shapes.map((shape) => [shape.name, initialValues(shape, 1)]));

function statistics(numbers: Float32Array) {
	const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
	const moment = (power: number) => numbers.reduce((sum, x) => sum + (x - mean) ** power, 0) / numbers.length;
	return { mean, deviation: Math.sqrt(moment(2)), kurtosis: moment(4) / moment(2) ** 2 };
}

test("an LSTM's matrices vary as PyTorch's do; its forget gates start open", () => {
	const model = parameterShapes({
		architecture: "lstm",
		vocabulary: 11,
		context: 5,
		width: 48,
		layers: 1,
		biases: true,
		tied: true,
	});
	const tensor = (name: string) => initialValues(model.find((shape) => shape.name === name)!, 1);
	for (const name of ["h.0.lstm.input.weight", "h.0.lstm.recurrent.weight"]) {
		// A uniform number between ±1/√48 has the variance 1 / (3 · 48).
		const ratio = statistics(tensor(name)).deviation * Math.sqrt(3 * 48);
		expect(Math.abs(ratio - 1)).toBeLessThan(5 / Math.sqrt(2 * 48 * 192));
	}
	const ratio = statistics(tensor("wte.weight")).deviation * Math.sqrt(3 * 48);
	expect(Math.abs(ratio - 1)).toBeLessThan(5 / Math.sqrt(2 * 11 * 48));
	const biases = [0, 1, 0, 0].flatMap((value) => Array<number>(48).fill(value));
	expect([...tensor("h.0.lstm.input.bias")]).toEqual(biases);
});

test("norms begin at 1, biases at 0", () => {
	for (const [name, tensor] of values) {
		if (/ln_.*weight$/.test(name)) expect(tensor.every((x) => x === 1)).toBe(true);
		if (/bias$/.test(name)) expect(tensor.every((x) => x === 0)).toBe(true);
	}
});

describe.each([
	{ names: /^(wte|wpe|lm_head)|c_attn\.weight|c_fc\.weight/, deviation: 0.02 },
	{ names: /c_proj\.weight/, deviation: 0.02 / Math.sqrt(8) },
])("matrices $names", ({ names, deviation }) => {
	test.each(shapes.map(({ name }) => name).filter((name) => names.test(name)))(
		`%s is normal with deviation ${deviation.toFixed(4)}`,
		(name) => {
			const numbers = values.get(name)!;
			const n = numbers.length;
			const { mean, ...rest } = statistics(numbers);
			// Five standard errors of each estimate.
			expect(Math.abs(mean)).toBeLessThan((5 * deviation) / Math.sqrt(n));
			expect(Math.abs(rest.deviation / deviation - 1)).toBeLessThan(5 / Math.sqrt(2 * n));
			expect(Math.abs(rest.kurtosis - 3)).toBeLessThan(5 * Math.sqrt(24 / n));
		},
	);
});

test("every matrix is covered by the statistics", () => {
	const matrices = shapes.filter(({ shape }) => shape.length > 1).map(({ name }) => name);
	for (const name of matrices) expect(name).toMatch(/^(wte|wpe|lm_head)|c_attn|c_fc|c_proj/);
});

test("a tensor's values depend on the seed, its name and its shape, and on nothing else of the model", () => {
	const find = (model: ModelConfig, name: string) => parameterShapes(model).find((shape) => shape.name === name)!;
	const name = "h.0.attn.c_attn.weight";
	const other = modelConfig({ vocabulary: 37, context: 64, width: 64, layers: 1, heads: 2, tied: true });
	expect(initialValues(find(other, name), 1)).toEqual(values.get(name));
	expect(initialValues(find(config, name), 2)).not.toEqual(values.get(name));
	expect(values.get("h.1.attn.c_attn.weight")).not.toEqual(values.get(name));
	expect(values.get("lm_head.weight")).not.toEqual(values.get("wte.weight"));
});
