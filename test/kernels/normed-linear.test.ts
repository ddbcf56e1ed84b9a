import { describe, expect, test } from "vitest";
import { openGpu } from "../../src/gpu/device.ts";
import { Memory } from "../../src/gpu/memory.ts";
import { Program } from "../../src/gpu/program.ts";
import { LINEAR_FORWARD } from "../../src/kernels/linear-variants.ts";
import type { NormKind } from "../../src/kernels/norm.ts";
import { NORM, type NormedLinearTensors, normedLinear } from "../../src/kernels/normed-linear.ts";
import { testGpu, testGpuInstance } from "../gpu/open.ts";
import * as ops from "../reference/ops.ts";
import {
	type Bench,
	benchOn,
	FORWARD,
	featureMajor,
	HALF,
	isFurtherLarge,
	paddedTokens,
	paddingOf,
	tokenMajor,
	usableVariants,
	withBench,
	withHalfBench,
} from "./helpers.ts";

interface Case {
	kind: NormKind;
	tokens: number;
	inputs: number;
	outputs: number;
	/** With biases and a GELU, or with neither. */
	gelu: boolean;
}

const RUNS = 3;

/** What a layer of `size` reads and writes, and the same in float64; `half`: normed has 16-bit floats. */
function layer(bench: Bench, { kind, tokens, inputs, outputs, gelu }: Case, half = false) {
	const across = paddedTokens(tokens);
	const values = bench.random("x of tokens", [RUNS, tokens, inputs], 3).values;
	const random = {
		gamma: bench.random("gamma", [RUNS, inputs]),
		...{ w: bench.random("w", [RUNS, inputs, outputs]), beta: bench.random("beta", [RUNS, inputs]) },
		bias: bench.random("bias", [RUNS, outputs]),
	};
	const { gamma, w, beta, bias } = random;
	const output = (name: string, features: number) => bench.output(name, [RUNS, features, across]);
	const tensors: NormedLinearTensors = {
		x: bench.given("x", [RUNS, inputs, across], (run) => featureMajor(values[run]!, inputs, 1000)).tensor,
		...{ gamma: gamma.tensor, w: w.tensor },
		...(gelu && { beta: beta.tensor, bias: bias.tensor, u: output("u", outputs) }),
		...{ normed: bench.output("normed", [RUNS, inputs, across], half), y: output("y", outputs) },
		stats: bench.output("stats", [RUNS, 2, across]),
	};
	const expected = (run: number) => {
		const [x, gains] = [values[run]!, gamma.values[run]!];
		const shift = gelu ? beta.values[run]! : new Float64Array(inputs);
		const { y: normed, mean, rstd } = kind === "rms" ? ops.rmsNorm(x, gains) : ops.layerNorm(x, gains, shift);
		const u = ops.linear(normed, w.values[run]!, gelu ? bias.values[run]! : new Float64Array(outputs));
		const stats = Float64Array.from({ length: 2 * tokens }, (_, i) => (i % 2 ? rstd : mean)[i >> 1]!);
		return { normed, stats, u, y: gelu ? ops.gelu(u) : u };
	};
	return { tensors, expected };
}

type Layer = ReturnType<typeof layer>;

async function expectLayer(bench: Bench, { tensors, expected }: Layer, tokens: number, tolerance: number) {
	for (const name of ["stats", "normed", "u", "y"] as const) {
		const tensor = tensors[name];
		if (!tensor) continue;
		const allowed = name === "stats" ? FORWARD : tolerance;
		for (const values of await bench.read(tensor)) expect(paddingOf(values, tokens).every(Number.isFinite)).toBe(true);
		await bench.expect(
			tensor,
			(run) => expected(run)[name],
			allowed,
			(values) => tokenMajor(values, tokens),
		);
	}
}

const fused = { [NORM.name]: "fused" };

// Ragged, the last column of tokens beyond what invocations own; several blocks of features and workgroups.
const cases: Case[] = [
	{ kind: "layer", tokens: 27, inputs: 20, outputs: 20, gelu: true },
	{ kind: "rms", tokens: 130, inputs: 20, outputs: 64, gelu: false },
	{ kind: "rms", tokens: 27, inputs: 9, outputs: 3, gelu: false },
];

const usable = (await usableVariants(LINEAR_FORWARD)).filter(({ variant }) => !isFurtherLarge(variant));

describe.each(usable)("fused, variant $variant", ({ variant, gpu }) => {
	const variants = { ...fused, [LINEAR_FORWARD.name]: variant };

	test.each(cases)("$kind norm, $tokens tokens, $inputs → $outputs, with a GELU: $gelu", (size) =>
		benchOn(gpu)(async (bench) => {
			const made = layer(bench, size);
			const specs = normedLinear(size.kind, made.tensors, size.gelu ? "gelu" : undefined, variants);
			expect(specs).toHaveLength(1);
			await bench.run(specs);
			await expectLayer(bench, made, size.tokens, FORWARD);
		}),
	);

	test("the same bits in a pack as alone", () =>
		benchOn(gpu)(async (bench) => {
			const { tensors } = layer(bench, cases[1]!);
			await bench.run(normedLinear("rms", tensors, undefined, variants));
			const alone: Record<string, NormedLinearTensors["x"]> = {};
			for (const name of ["x", "gamma", "w"] as const) {
				const values = (await bench.read(tensors[name]))[2]!;
				alone[name] = bench.given(name, [1, ...tensors[name].shape.slice(1)], () => values).tensor;
			}
			for (const name of ["normed", "stats", "y"] as const)
				alone[name] = bench.output(name, [1, ...tensors[name].shape.slice(1)]);
			await bench.run(normedLinear("rms", { ...tensors, ...alone }, undefined, variants));
			for (const name of ["normed", "stats", "y"] as const)
				expect(await bench.read(alone[name]!)).toEqual([(await bench.read(tensors[name]))[2]]);
		}));
});

test("apart, it is a norm and a layer", () =>
	withBench(async (bench) => {
		const size = cases[0]!;
		const made = layer(bench, size);
		const specs = normedLinear("layer", made.tensors, "gelu");
		expect(specs).toHaveLength(2);
		await bench.run(specs);
		await expectLayer(bench, made, size.tokens, FORWARD);
	}));

test("with activations of 16 bits, the layer is of what the backward pass will read", () =>
	withHalfBench(async (bench) => {
		const size = cases[0]!;
		const made = layer(bench, size, true);
		await bench.run(normedLinear("layer", made.tensors, "gelu", fused));
		await expectLayer(bench, made, size.tokens, HALF);
		const weights = await bench.read(made.tensors.w);
		const biases = await bench.read(made.tensors.bias!);
		const normed = (await bench.read(made.tensors.normed)).map((values) => tokenMajor(values, size.tokens));
		const product = (run: number) =>
			ops.linear(normed[run]!, Float64Array.from(weights[run]!), Float64Array.from(biases[run]!));
		await bench.expect(made.tensors.u!, product, FORWARD, (values) => tokenMajor(values, size.tokens));
	}));

test("an adapter whose kernels bind too few buffers says so, and has the norm apart", async () => {
	const adapter = (await testGpuInstance().requestAdapter())!;
	const few = new Proxy(adapter, {
		get: (target, key) => {
			if (key === "limits") return { ...limitsOf(target), maxStorageBuffersPerShaderStage: 8 };
			const value = Reflect.get(target, key, target);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	const gpu = await openGpu(testGpuInstance(), { adapter: few });
	try {
		await benchOn(gpu)(async (bench) => {
			const { tensors } = layer(bench, cases[0]!);
			await expect(bench.run(normedLinear("layer", tensors, "gelu", fused))).rejects.toThrow(
				"forward: binds 9 storage buffers; this adapter's kernels may bind 8 at most",
			);
			const memory = new Memory(gpu.device);
			await Program.build(gpu.device, memory, normedLinear("layer", tensors, "gelu"));
			memory.destroy();
		});
	} finally {
		gpu.device.destroy();
	}
});

/** The limits that `openGpu` asks for. */
function limitsOf({ limits }: GPUAdapter) {
	const { maxBufferSize, maxStorageBufferBindingSize } = limits;
	return { maxBufferSize, maxStorageBufferBindingSize };
}

test("what does not fit is named", () =>
	withBench(async (bench) => {
		const { tensors } = layer(bench, cases[0]!);
		const gamma = bench.output("gamma", [RUNS, 3]);
		for (const variants of [{}, fused]) {
			expect(() => normedLinear("layer", { ...tensors, gamma }, "gelu", variants)).toThrow(
				"norm: x is [3,20,28], gamma is [3,3]; it must be [3,20]",
			);
			expect(() => normedLinear("layer", tensors, undefined, variants)).toThrow(
				"normed linear: activation is undefined, u is [3,20,28]; both or none must be given",
			);
		}
		expect((await testGpu()).device.limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(9);
	}));
