import { describe, expect, test } from "vitest";
import { Memory, readTensor } from "../../src/gpu/memory.ts";
import { type DispatchSpec, Program } from "../../src/gpu/program.ts";
import type { Tensor } from "../../src/gpu/tensor.ts";
import { timeProgram } from "../../src/gpu/timing.ts";
import { runnable } from "../../src/gpu/variants.ts";
import { head, headGradient } from "../../src/kernels/head.ts";
import { TUNING_PROBLEMS } from "../../src/kernels/tuning-problems.ts";
import { testGpu } from "../gpu/open.ts";
import { isLarge, withBench } from "./helpers.ts";

const { device, subgroups } = await testGpu();

/** The bits of what dispatches write, and into how many pieces those with model arithmetic were cut. */
async function results(memory: Memory, specs: DispatchSpec[], written: Tensor[], mostFlops: number) {
	for (const { buffer, offset } of written)
		device.queue.writeBuffer(buffer, offset, new Float32Array((buffer.size - offset) / 4).fill(1));
	const program = await Program.build(device, memory, specs, { mostFlops });
	await timeProgram(device, program, 1);
	const bits: Uint32Array[] = [];
	for (const tensor of written) bits.push(new Uint32Array((await readTensor(device, tensor)).buffer));
	const arithmetic = program.describe().filter(({ flops }) => flops > 0);
	return { bits, launches: arithmetic.map(({ launches }) => launches) };
}

const most = 1.5e6;

describe.each(TUNING_PROBLEMS)(
	"$operation.name gives the same bits in many pieces as whole",
	({ operation, prepare }) => {
		// By addresses that a workgroup shares, by large tiles, and by subgroups where the adapter has them.
		const names = runnable(operation, subgroups);
		const tried = [names[0]!, names.find(isLarge), names.at(-1)!].filter((name) => name !== undefined);
		test.each(tried)("%s", async (variant) => {
			const memory = new Memory(device);
			try {
				const { dispatches, results: written } = prepare(device, memory);
				const specs = dispatches({ [operation.name]: variant });
				const whole = await results(memory, specs, written, Number.POSITIVE_INFINITY);
				const cut = await results(memory, specs, written, most);
				expect(cut.bits).toEqual(whole.bits);
				expect(Math.max(...whole.launches)).toBe(1);
				expect(Math.min(...cut.launches)).toBeGreaterThan(2);
			} finally {
				memory.destroy();
			}
		});
	},
);

test("the head's forward pass gives the same bits in pieces as whole, in a pack", () =>
	withBench(async (bench) => {
		const tensors = {
			x: bench.random("x", [2, 16, 512]).tensor,
			w: bench.random("w", [2, 16, 1024]).tensor,
			ids: bench.integers("ids", [1, 8, 65], [Array.from({ length: 520 }, (_, i) => (7 * i) % 1021)]),
			parts: bench.output("parts", [2, 4, 2, 512]),
		};
		const run = async (mostFlops?: number) => {
			const loss = bench.output("loss", [2, 1]);
			const options = { vocabulary: 1021, scale: 1, accumulate: false };
			await bench.run(head({ ...tensors, loss }, options), mostFlops);
			return [await bench.read(tensors.parts), await bench.read(loss)];
		};
		const whole = await run();
		for (const run of [0, 1]) bench.write(tensors.parts, new Float32Array(4 * 2 * 512), run);
		expect(await run(most)).toEqual(whole);
	}));

test("a head whose vocabulary is not split gives the same bits in pieces as whole, in a pack", () =>
	withBench(async (bench) => {
		const tensors = {
			x: bench.random("x", [2, 16, 512]).tensor,
			w: bench.random("w", [2, 16, 1024]).tensor,
			ids: bench.integers("ids", [1, 8, 65], [Array.from({ length: 520 }, (_, i) => (7 * i) % 1021)]),
			parts: bench.output("parts", [2, 1, 2, 512]),
			dxParts: bench.output("dxParts", [2, 1, 16, 512]),
			scratch: bench.output("scratch", [2, 32 * 1024]),
		};
		const run = async (mostFlops?: number) => {
			const results = {
				...{ loss: bench.output("loss", [2, 1]), lse: bench.output("lse", [2, 2, 512]) },
				...{ dx: bench.output("dx", [2, 16, 512]), dw: bench.output("dw", [2, 16, 1024]) },
				cleared: bench.output("cleared", [2, 16, 1024]),
			};
			const options = { vocabulary: 1021, scale: 1, accumulate: false };
			const program = await bench.run(headGradient({ ...tensors, ...results }, options), mostFlops);
			const values = await Promise.all(Object.values(results).map((tensor) => bench.read(tensor)));
			return { values, launches: program.describe().map(({ launches }) => launches) };
		};
		const whole = await run();
		expect(whole.launches).toEqual([1, 1]);
		const cut = await run(most);
		for (const launches of cut.launches) expect(launches).toBeGreaterThan(2);
		expect(cut.values).toEqual(whole.values);
	}));
