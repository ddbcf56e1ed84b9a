import { probeCompletions } from "../gpu/completions.ts";
import type { Gpu } from "../gpu/device.ts";
import { Memory, writeTensor } from "../gpu/memory.ts";
import { Program } from "../gpu/program.ts";
import { timeProgram } from "../gpu/timing.ts";
import { linear } from "./linear.ts";

/** A matrix product of about the size of a study's models, and one so small that only its launch takes time. */
const PRODUCT = { inputs: 64, outputs: 192, tokens: 512 };
const TINY = { inputs: 4, outputs: 4, tokens: 4 };
/** Replays of the tiny product, and milliseconds that the replays of the other one should take together. */
const LAUNCHES = 500;
const MEASUREMENT = 20;

/**
 * A quick look at an adapter: the arithmetic of one kernel in its first variant and the time of a launch, the encoding of its
 * command included. Takes a tenth of a second on a real GPU, compiling included; training reaches less of the arithmetic.
 */
export async function probeSpeed({ device }: Gpu): Promise<{ flopsPerSecond: number; secondsPerDispatch: number }> {
	const memory = new Memory(device);
	try {
		await probeCompletions(device);
		const [product, tiny] = await Promise.all([PRODUCT, TINY].map((shape) => productOf(device, memory, shape)));
		const begin = performance.now();
		await timeProgram(device, tiny!, 1);
		await timeProgram(device, tiny!, LAUNCHES);
		const secondsPerDispatch = (performance.now() - begin) / LAUNCHES / 1000;
		const once = await timeProgram(device, product!, 1);
		const times = Math.max(1, Math.min(1000, Math.floor(MEASUREMENT / once)));
		const milliseconds = Math.min(once, await timeProgram(device, product!, times));
		const { inputs, outputs, tokens } = PRODUCT;
		return { flopsPerSecond: (2 * inputs * outputs * tokens) / (milliseconds / 1000), secondsPerDispatch };
	} finally {
		memory.destroy();
	}
}

function productOf(device: GPUDevice, memory: Memory, { inputs, outputs, tokens }: typeof PRODUCT): Promise<Program> {
	const tensor = (name: string, ...shape: number[]) => memory.tensor(`${name} ${tokens}`, [1, ...shape]);
	const [x, w, y] = [tensor("x", inputs, tokens), tensor("w", inputs, outputs), tensor("y", outputs, tokens)];
	writeTensor(device, x, 0, new Float32Array(inputs * tokens).fill(0.5));
	writeTensor(device, w, 0, new Float32Array(inputs * outputs).fill(0.5));
	return Program.build(device, memory, [linear({ x, w, y })]);
}
