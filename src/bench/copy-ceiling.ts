import { submitAndWait } from "../gpu/completions.ts";
import type { Gpu } from "../gpu/device.ts";

/** Bytes of a copy: more than a GPU's caches hold; a processor takes long enough for less. */
const BYTES = 128 * 2 ** 20;
const SOFTWARE_BYTES = 16 * 2 ** 20;

const REPEATS = 5;
/** Minimum duration of one submit, in milliseconds. */
const SUBMIT_MILLISECONDS = 20;

/** The fastest copy between two buffers of an adapter: 10⁹ bytes a second, read and written. */
export async function measureCopy({ device, software }: Gpu): Promise<number> {
	const size = software ? SOFTWARE_BYTES : BYTES;
	// COPY_SRC | COPY_DST
	const [from, to] = [0, 1].map(() => device.createBuffer({ size, usage: 0x04 | 0x08 })) as [GPUBuffer, GPUBuffer];
	try {
		let milliseconds = Number.POSITIVE_INFINITY;
		for (let repeat = 0; repeat < REPEATS; repeat++) {
			const copies = Math.max(1, Math.ceil(SUBMIT_MILLISECONDS / milliseconds));
			const encoder = device.createCommandEncoder();
			for (let i = 0; i < copies; i++) encoder.copyBufferToBuffer(from, 0, to, 0, size);
			const commands = encoder.finish();
			const begin = performance.now();
			await submitAndWait(device, commands);
			milliseconds = Math.min(milliseconds, (performance.now() - begin) / copies);
		}
		return (2 * size) / milliseconds / 1e6;
	} finally {
		from.destroy();
		to.destroy();
	}
}
