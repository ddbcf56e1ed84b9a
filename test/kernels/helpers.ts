import "../gpu/compile-faster.ts";
import { expect } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { fromHalf, toHalf } from "../../src/gpu/half.ts";
import { Memory, readTensor, writeTensor } from "../../src/gpu/memory.ts";
import { type DispatchSpec, Program } from "../../src/gpu/program.ts";
import { ShaderError } from "../../src/gpu/shader.ts";
import {
	boundBytes,
	entriesPerRun,
	entryBytes,
	paddedEntries,
	type Tensor,
	tensorBytes,
} from "../../src/gpu/tensor.ts";
import { type Operation, runnable, subgroupOf } from "../../src/gpu/variants.ts";
import { randomKey } from "../../src/maths/random.ts";
import { quadsGpu, testGpu } from "../gpu/open.ts";
import { expectClose, randomArray } from "../reference/compare.ts";
import type { Numbers } from "../reference/ops.ts";

/** Largest differences allowed, relative to the tensor's largest entry. */
export const FORWARD = 1e-5;
export const BACKWARD = 1e-4;

/** The same for a tensor of 16-bit floats, which may be rounded either way. */
export const HALF = 1e-3;

/** What everything that no test wrote holds: large enough to ruin any result that it gets into. */
export const SENTINEL = Math.fround(1e30);

/** Sentinels before and after each tensor, in bytes. */
const GUARD = 256;

/** A tensor on the GPU, and its values run by run. */
export interface Uploaded {
	tensor: Tensor;
	values: Float64Array[];
}

/** GPU memory for one test. Every tensor lies between sentinels, and is padded with them. */
export class Bench {
	readonly memory: Memory;
	private readonly whole = new Map<Tensor, Tensor>();

	constructor(readonly gpu: Gpu) {
		this.memory = new Memory(gpu.device);
	}

	/** A tensor full of sentinels: [runs, …]. */
	output(name: string, shape: readonly number[], half = false): Tensor {
		const entries = (tensorBytes(shape, half) + 2 * GUARD) / 4;
		const whole = this.memory.tensor(name, [1, entries]);
		this.memory.write(whole, new Float32Array(entries).fill(SENTINEL));
		const runStride = paddedEntries(entriesPerRun(shape), half);
		const tensor = { ...whole, offset: GUARD, shape, runStride, ...(half && { half }) };
		this.whole.set(tensor, whole);
		return tensor;
	}

	/** A tensor with the given values for each run, rounded to what it can hold. */
	given(name: string, shape: readonly number[], values: (run: number) => Numbers, half = false): Uploaded {
		const tensor = this.output(name, shape, half);
		const rounded = (run: number) => (half ? fromHalf(toHalf(values(run))) : Float32Array.from(values(run)));
		const runs = Array.from({ length: shape[0]! }, (_, run) => rounded(run));
		for (const [run, copy] of runs.entries()) this.write(tensor, copy, run);
		return { tensor, values: runs.map((copy) => Float64Array.from(copy)) };
	}

	/** A tensor of normal numbers, other ones for each name and run. */
	random(name: string, shape: readonly number[], scale = 1, half = false): Uploaded {
		return this.given(name, shape, (run) => randomArray(entriesPerRun(shape), randomKey(7, name, run), scale), half);
	}

	/** A tensor of whole numbers. */
	integers(name: string, shape: readonly number[], values: ArrayLike<number>[]): Tensor {
		const tensor = this.output(name, shape);
		for (const [run, copy] of values.entries()) this.write(tensor, Uint32Array.from(copy), run);
		return tensor;
	}

	/** Writes one run's copy of a tensor. */
	write(tensor: Tensor, values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, run = 0): void {
		writeTensor(this.gpu.device, tensor, run, values);
	}

	/** Builds the dispatches and runs them, once each, in one compute pass; cut into pieces of at most `mostFlops`. */
	async run(specs: DispatchSpec[], mostFlops?: number): Promise<Program> {
		const program = await Program.build(this.gpu.device, this.memory, specs, mostFlops ? { mostFlops } : {});
		const encoder = this.gpu.device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		program.encode(pass, { step: 0, microStep: 0 });
		pass.end();
		this.gpu.device.queue.submit([encoder.finish()]);
		return program;
	}

	/** A tensor's values run by run; fails when an entry around or between the runs was written. */
	async read(tensor: Tensor): Promise<Float32Array[]> {
		const entries = entriesPerRun(tensor.shape);
		const raw = new Uint16Array((await readTensor(this.gpu.device, this.whole.get(tensor)!)).buffer);
		const [low, high] = new Uint16Array(Float32Array.of(SENTINEL).buffer);
		for (let i = 0; i < raw.length; i++) {
			const byte = 2 * i - GUARD;
			const at = Math.floor(byte / entryBytes(tensor.half));
			const inside = byte >= 0 && byte < boundBytes(tensor) && at % tensor.runStride < entries;
			if (!inside && raw[i] !== (i % 2 ? high : low))
				throw new Error(`${tensor.name} [${tensor.shape}]: something was written at ${at}, outside every run`);
		}
		const values = await readTensor(this.gpu.device, tensor);
		return Array.from({ length: tensor.shape[0]! }, (_, run) => values.slice(run * entries, (run + 1) * entries));
	}

	/** Fails unless each run's values, in the order that `view` gives them, are near what `expected` gives. */
	async expect(
		tensor: Tensor,
		expected: (run: number) => Numbers,
		tolerance: number,
		view: (values: Numbers) => Numbers = (values) => values,
	): Promise<void> {
		const actual = await this.read(tensor);
		for (const [run, values] of actual.entries())
			expectClose(view(values), expected(run), tolerance, `run ${run}'s ${tensor.name}`);
	}

	destroy(): void {
		this.memory.destroy();
	}
}

type BenchTest = (bench: Bench) => Promise<void>;

/** Runs a test on a device, with GPU memory of its own. */
export const benchOn = (gpu: Gpu) => async (test: BenchTest) => {
	const bench = new Bench(gpu);
	try {
		await test(bench);
	} finally {
		bench.destroy();
	}
};

/** The same on the test process's device. */
export const withBench = async (test: BenchTest) => benchOn(await testGpu())(test);

/** The same where the adapter has 16-bit floats; elsewhere a kernel that needs them must say so. */
export async function withHalfBench(test: BenchTest): Promise<void> {
	if ((await testGpu()).device.features.has("shader-f16")) return withBench(test);
	const refusal = await withBench(test).catch((reason: unknown) => reason);
	expect(refusal).toBeInstanceOf(ShaderError);
	expect((refusal as ShaderError).message).toContain("f16");
}

/**
 * The variants that can be tried, each with a device that can run it: all of them on the test process's, and those by subgroups
 * also on SwiftShader's where it is installed, because its subgroups have another size.
 */
export async function usableVariants(operation: Operation<unknown>): Promise<{ variant: string; gpu: Gpu }[]> {
	const gpu = await testGpu();
	const quads = gpu.subgroups.min === 4 ? undefined : await quadsGpu();
	const bySubgroups = (variant: string) => subgroupOf(operation.variants[variant]) > 0;
	const others = quads ? runnable(operation, quads.subgroups).filter(bySubgroups) : [];
	return [
		...runnable(operation, gpu.subgroups).map((variant) => ({ variant, gpu })),
		...others.map((variant) => ({ variant, gpu: quads! })),
	];
}

/**
 * Whether a variant is one of those by large tiles in workgroup memory, and whether it differs from the first of them only in sizes: their
 * compilation takes software adapters so long that only the first is tried with everything.
 */
export const isLarge = (variant: string) => variant.endsWith("tiles") || variant.endsWith("tiles, doubled");
export const isFurtherLarge = (variant: string) => isLarge(variant) && variant !== "64x64 tiles";

/** The sum of each entry over a tensor's ranges: [ranges, entries] → [entries]. */
export function sumRanges(values: Numbers, ranges: number): Float64Array {
	const sum = new Float64Array(values.length / ranges);
	for (let i = 0; i < values.length; i++) sum[i % sum.length]! += values[i]!;
	return sum;
}

/** Rows begin … end of each of `ranges` ranges of rows: the last ones may be short, or empty. */
export function rowRanges(rows: number, ranges: number): [begin: number, end: number][] {
	const length = Math.ceil(rows / ranges);
	return Array.from({ length: ranges }, (_, r) => [Math.min(rows, r * length), Math.min(rows, (r + 1) * length)]);
}

/** a + b, entry by entry; a alone where there is no b. */
export function plus(a: Numbers, b?: Numbers): Float64Array {
	return Float64Array.from(a, (value, i) => value + (b ? b[i]! : 0));
}

/** Tokens rounded up to a multiple of 4, as the last axis of activations is. */
export function paddedTokens(tokens: number): number {
	return Math.ceil(tokens / 4) * 4;
}

/** [tokens, features] → [features, tokens'], as the kernels keep activations; `padding` fills what was rounded up. */
export function featureMajor(values: Numbers, features: number, padding = 0): Float64Array {
	const tokens = values.length / features;
	const across = paddedTokens(tokens);
	const at = (i: number) => (i % across < tokens ? values[(i % across) * features + Math.floor(i / across)]! : padding);
	return Float64Array.from({ length: features * across }, (_, i) => at(i));
}

/** [features, tokens'] → [tokens, features], without the padding. */
export function tokenMajor(values: Numbers, tokens: number): Float64Array {
	const across = paddedTokens(tokens);
	const features = values.length / across;
	const at = (i: number) => values[(i % features) * across + Math.floor(i / features)]!;
	return Float64Array.from({ length: tokens * features }, (_, i) => at(i));
}

/** The entries of [features, tokens'] that belong to no token. */
export function paddingOf(values: Numbers, tokens: number): number[] {
	const across = paddedTokens(tokens);
	return Array.from(values).filter((_, i) => i % across >= tokens);
}
