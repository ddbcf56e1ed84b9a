import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { Program } from "../gpu/program.ts";
import { timeProgram } from "../gpu/timing.ts";
import { worthMeasuring } from "../gpu/variants.ts";
import { linear } from "../kernels/linear.ts";
import { LINEAR_FORWARD } from "../kernels/linear-variants.ts";

/** Side of the three square matrices. */
const SIDE = 512;
const REPEATS = 7;

/** Minimum duration of one submit's products, long enough to make the cost of the submit negligible. */
const SUBMIT_MILLISECONDS = 10;

/** The fastest 32-bit matrix product of an adapter, and the variant of `linear` that achieves it. */
export interface MatmulCeiling {
	variant: string;
	/** 10⁹ FLOP/s, the best of several products of 512 × 512 matrices. */
	gflops: number;
}

/** Measures every variant of the matrix product. */
export async function measureMatmul(gpu: Gpu): Promise<MatmulCeiling> {
	const memory = new Memory(gpu.device);
	try {
		const tensor = (name: string) => memory.tensor(name, [1, SIDE, SIDE]);
		const tensors = { x: tensor("x"), w: tensor("w"), y: tensor("y") };
		let best: MatmulCeiling = { variant: "", gflops: 0 };
		for (const variant of worthMeasuring(LINEAR_FORWARD, gpu.subgroups, gpu.software)) {
			const spec = linear(tensors, { [LINEAR_FORWARD.name]: variant });
			const program = await Program.build(gpu.device, memory, [spec]);
			let milliseconds = Number.POSITIVE_INFINITY;
			for (let repeat = 0; repeat < REPEATS; repeat++) {
				const times = Math.max(1, Math.ceil(SUBMIT_MILLISECONDS / milliseconds));
				milliseconds = Math.min(milliseconds, await timeProgram(gpu.device, program, times));
			}
			const gflops = (2 * SIDE ** 3) / milliseconds / 1e6;
			if (gflops > best.gflops) best = { variant, gflops };
		}
		return best;
	} finally {
		memory.destroy();
	}
}
