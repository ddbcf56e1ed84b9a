import type { Gpu } from "./device.ts";
import type { Memory } from "./memory.ts";

/**
 * Runs work that allocates, in an error scope: without one WebGPU does not report failed allocations, and buffers read as zero.
 *
 * @throws RangeError when memory runs out
 */
export async function reportOutOfMemory<Result>(
	{ device, name }: Gpu,
	memory: Memory,
	work: () => Result | Promise<Result>,
): Promise<Result> {
	device.pushErrorScope("out-of-memory");
	const outcome = await (async () => work())().then(
		(result) => ({ result }),
		(reason: unknown) => ({ reason }),
	);
	if (await device.popErrorScope())
		throw new RangeError(
			`${name}: out of memory, ${memory.bytes} bytes are needed; use a smaller model or batch, or close other programs`,
		);
	if ("reason" in outcome) throw outcome.reason;
	return outcome.result;
}
