import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Gpu } from "../../src/gpu/device.ts";
import { Memory, readTensor } from "../../src/gpu/memory.ts";
import type { Grid } from "../../src/gpu/pieces.ts";
import { type DispatchSpec, Program } from "../../src/gpu/program.ts";
import { ShaderError } from "../../src/gpu/shader.ts";
import type { Ring, Tensor } from "../../src/gpu/tensor.ts";
import { testGpu } from "./open.ts";

const code = `struct Sizes { count: u32, x_run: u32, y_run: u32, factor: f32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(2) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn scale(@builtin(global_invocation_id) id: vec3u) {
	if (id.x < sizes.count) {
		y[id.z * sizes.y_run + id.x] += sizes.factor * x[id.z * sizes.x_run + id.x];
	}
}
`;
const shader = { file: "program.wgsl", code };

let gpu: Gpu;
let memory: Memory;
beforeAll(async () => {
	gpu = await testGpu();
	memory = new Memory(gpu.device);
});
afterAll(() => memory.destroy());

function scale(x: Tensor | Ring, y: Tensor | Ring, more: Partial<DispatchSpec> = {}): DispatchSpec {
	const sizes = { count: 3, factor: 2 };
	return { kernel: { shader, entryPoint: "scale" }, bindings: { x, y }, sizes, grid: [1, 1, y.shape[0]!], ...more };
}

const build = (...specs: DispatchSpec[]) => Program.build(gpu.device, memory, specs);

function replay(program: Program, step: number, microStep: number): void {
	const encoder = gpu.device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	program.encode(pass, { step, microStep });
	pass.end();
	gpu.device.queue.submit([encoder.finish()]);
}

function given(name: string, runs: number[][]): Tensor {
	const tensor = memory.tensor(name, [runs.length, runs[0]!.length]);
	const padded = new Float32Array(runs.length * tensor.runStride);
	runs.forEach((values, run) => {
		padded.set(values, run * tensor.runStride);
	});
	memory.write(tensor, padded);
	return tensor;
}

test("dispatches run in order, as often as they are replayed, each with its own sizes", async () => {
	const [x, y, z] = [given("x", [[1, 2, 3]]), memory.tensor("y", [1, 3]), memory.tensor("z", [1, 3])];
	const program = await build(scale(x, y), scale(y, z, { sizes: { count: 2, factor: 10 } }));
	expect(program.describe().map(({ launches }) => launches)).toEqual([1, 1]);
	replay(program, 0, 0);
	replay(program, 1, 1);
	expect(Array.from(await readTensor(gpu.device, y))).toEqual([4, 8, 12]);
	expect(Array.from(await readTensor(gpu.device, z))).toEqual([60, 120, 0]);
});

test("the sizes get each binding's distance from run to run; 0 where one copy serves all", async () => {
	const shared = given("shared", [[1, 2, 3]]);
	const own = given("own", [
		[1, 2, 3],
		[4, 5, 6],
		[7, 8, 9],
	]);
	const [fromShared, fromOwn] = [memory.tensor("a", [3, 3]), memory.tensor("b", [3, 3])];
	replay(await build(scale(shared, fromShared), scale(own, fromOwn)), 0, 0);
	expect(Array.from(await readTensor(gpu.device, fromShared))).toEqual([2, 4, 6, 2, 4, 6, 2, 4, 6]);
	expect(Array.from(await readTensor(gpu.device, fromOwn))).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18]);
});

/** What each slot of a ring holds: [slots][entries]. */
async function slots(ring: Ring): Promise<number[][]> {
	const { name, buffer, slotBytes, runStride } = ring;
	const read = (slot: number) =>
		readTensor(gpu.device, { name, buffer, offset: slot * slotBytes, shape: ring.shape, runStride });
	return (await Promise.all(Array.from({ length: ring.slots }, (_, slot) => read(slot)))).map((values) =>
		Array.from(values),
	);
}

test.each(["step", "microStep"] as const)("a ring's slot moves on with the %s, and comes round", async (clock) => {
	const x = given("x", [[1, 0, 0]]);
	const ring = memory.ring("ring", [1, 3], 3, clock);
	const program = await build(scale(x, ring));
	const at = (tick: number) => (clock === "step" ? replay(program, tick, 1) : replay(program, 1, tick));
	for (const tick of [0, 2, 5, 5]) at(tick);
	expect((await slots(ring)).map(([first]) => first)).toEqual([2, 0, 6]);
});

test("two rings of one dispatch move each by its own clock, and only inside their slot", async () => {
	const x = memory.ring("x", [2, 3], 4, "microStep");
	const all = new Float32Array((4 * x.slotBytes) / 4);
	for (let slot = 0; slot < 4; slot++)
		for (let run = 0; run < 2; run++) all[(slot * x.slotBytes) / 4 + run * x.runStride] = 10 * slot + run + 1;
	gpu.device.queue.writeBuffer(x.buffer, 0, all);
	const y = memory.ring("y", [2, 3], 2, "step");
	const program = await build(scale(x, y));
	replay(program, 1, 6);
	replay(program, 2, 3);
	expect(await slots(y)).toEqual([
		[62, 0, 0, 64, 0, 0],
		[42, 0, 0, 44, 0, 0],
	]);
});

describe("a dispatch of more model arithmetic than a launch may hold", () => {
	// Every workgroup adds one at its place.
	const counting = (file: string, members: string, origin: string) => ({
		file,
		code: `struct Sizes { across: u32, high: u32, ${members} }
@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1)
fn count(@builtin(workgroup_id) in_piece: vec3u) {
	let group = in_piece + ${origin};
	y[(group.z * sizes.high + group.y) * sizes.across + group.x] += 1.0;
}`,
	});
	const cuttable = counting(
		"count.wgsl",
		"origin_x: u32, origin_y: u32, origin_z: u32",
		"vec3u(sizes.origin_x, sizes.origin_y, sizes.origin_z)",
	);
	const whole = counting("whole.wgsl", "", "vec3u()");
	/** Four FLOP for each workgroup. */
	const count = (y: Tensor, grid: Grid, shader = cuttable): DispatchSpec => ({
		kernel: { shader, entryPoint: "count" },
		bindings: { y },
		sizes: { across: grid[0], high: grid[1] },
		grid,
		flops: 4 * grid[0] * grid[1],
	});

	test.each([1, 4, 12, 13, 30, 60, 61, 170, 1000])(
		"is cut into pieces of %s FLOP: every workgroup once",
		async (most) => {
			const grid = [5, 3, 7] as const;
			const [y, z] = [memory.tensor("y", [1, 105]), memory.tensor("z", [1, 15])];
			const specs = [count(y, grid), count(z, [15, 1, 1]), count(z, [15, 1, 1], whole)];
			const program = await Program.build(gpu.device, memory, specs, { mostFlops: most });
			const [first, , last] = program.describe();
			expect(first).toMatchObject({ flops: expect.closeTo(420, 9), kernel: "count.wgsl count" });
			expect(first!.launches).toBeGreaterThanOrEqual(420 / Math.max(4, most));
			expect(last!.launches).toBe(1);
			// However often it is cut, it moves what is bound to it.
			expect([first!.bytes, last!.bytes]).toEqual([4 * 105, 4 * 15]);
			expect(Math.max(...program.launchCosts.slice(0, first!.launches))).toBeLessThanOrEqual(Math.max(4, most));
			replay(program, 0, 0);
			expect(Array.from(await readTensor(gpu.device, y))).toEqual(Array(105).fill(1));
			expect(Array.from(await readTensor(gpu.device, z))).toEqual(Array(15).fill(2));
		},
	);

	test("is left whole where nothing is said", async () => {
		const program = await build(count(memory.tensor("y", [1, 8]), [2, 2, 2]));
		expect(program.describe()).toEqual([{ kernel: "count.wgsl count", flops: 32, bytes: 32, launches: 1 }]);
		expect(program.launchCosts).toEqual([32]);
	});
});

describe("wrong bindings", () => {
	const message = async (spec: DispatchSpec): Promise<string> => {
		const error = await build(spec)
			.then(() => undefined)
			.catch((reason: unknown) => reason);
		expect(error).toBeInstanceOf(ShaderError);
		// Whatever went wrong must not leave a scope that would swallow everybody's later errors.
		await expect(gpu.device.popErrorScope()).rejects.toThrow();
		return (error as ShaderError).message;
	};
	const tensor = () => memory.tensor("t", [1, 3]);

	test("a missing one is named", async () => {
		expect(await message(scale(tensor(), tensor(), { bindings: { y: tensor() } }))).toBe(
			"program.wgsl scale: nothing is bound to x",
		);
	});

	test("an unknown one is named", async () => {
		const bindings = { x: tensor(), y: tensor(), residual: tensor() };
		expect(await message(scale(tensor(), tensor(), { bindings }))).toBe("program.wgsl scale: has no binding residual");
		const sizes = { x: tensor(), y: tensor(), sizes: tensor() };
		expect(await message(scale(tensor(), tensor(), { bindings: sizes }))).toBe(
			"program.wgsl scale: has no binding sizes",
		);
	});

	test("a missing or unknown member of the sizes is named", async () => {
		expect(await message(scale(tensor(), tensor(), { sizes: { count: 3 } }))).toBe(
			"program.wgsl scale: sizes.factor not given",
		);
		expect(await message(scale(tensor(), tensor(), { sizes: { count: 3, factor: 1, width: 2 } }))).toBe(
			"program.wgsl scale: sizes has no member width",
		);
	});

	test.each([
		[0, 1, 1],
		[1, 1.5, 1],
		[1, 1, 65536],
	])("a grid of %s × %s × %s is refused", async (...grid) => {
		const most = gpu.device.limits.maxComputeWorkgroupsPerDimension;
		expect(await message(scale(tensor(), tensor(), { grid: grid as [number, number, number] }))).toBe(
			`program.wgsl scale: grid is ${grid}; each side must be a whole number from 1 to ${most}`,
		);
	});

	test("a tensor that reaches past its buffer's end is refused", async () => {
		expect(await message(scale({ ...tensor(), shape: [1, 65] }, tensor()))).toMatch(/size/i);
	});

	test("an offset that is not a multiple of 256 bytes is refused", async () => {
		const whole = memory.tensor("whole", [1, 256]);
		expect(await message(scale({ ...whole, offset: 4, shape: [1, 3] }, tensor()))).toMatch(/offset/i);
	});
});
