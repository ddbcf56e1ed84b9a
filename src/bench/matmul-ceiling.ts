import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { Program } from "../gpu/program.ts";
import { canRun } from "../gpu/variants.ts";
import { linear } from "../kernels/linear.ts";
import { LINEAR_FORWARD } from "../kernels/linear-variants.ts";

/** Side of the three square matrices. */
const SIDE = 512;
const REPEATS = 7;

/** The fastest 32-bit matrix product of an adapter, and the variant of `linear` that it takes. */
export interface MatmulCeiling {
	variant: string;
	/** 10⁹ FLOP/s, the best of several products of 512 × 512 matrices. */
	gflops: number;
}

/** Measures every variant of the matrix product, each on its own. */
export async function measureMatmul(gpu: Gpu): Promise<MatmulCeiling> {
	const memory = new Memory(gpu.device);
	try {
		const tensor = (name: string) => memory.tensor(name, [1, SIDE, SIDE]);
		const tensors = { x: tensor("x"), w: tensor("w"), y: tensor("y") };
		let best: MatmulCeiling = { variant: "", gflops: 0 };
		for (const [variant, value] of Object.entries(LINEAR_FORWARD.variants)) {
			if (!canRun(value, gpu.subgroup)) continue;
			const spec = linear(tensors, { [LINEAR_FORWARD.name]: variant });
			const program = await Program.build(gpu.device, memory, [spec]);
			let milliseconds = Infinity;
			for (let repeat = 0; repeat < REPEATS; repeat++)
				milliseconds = Math.min(milliseconds, await timed(gpu.device, program));
			const gflops = (2 * SIDE ** 3) / milliseconds / 1e6;
			if (gflops > best.gflops) best = { variant, gflops };
		}
		return best;
	} finally {
		memory.destroy();
	}
}

async function timed(device: GPUDevice, program: Program): Promise<number> {
	const encoder = device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	program.encode(pass, { step: 0, microStep: 0 });
	pass.end();
	const begin = performance.now();
	device.queue.submit([encoder.finish()]);
	await device.queue.onSubmittedWorkDone();
	return performance.now() - begin;
}
