import { endOfWork } from "./completions.ts";
import { fromHalf, toHalf } from "./half.ts";
import { boundBytes, entriesPerRun, entryBytes, paddedEntries, type Ring, type Tensor, tensorBytes } from "./tensor.ts";

/** The buffers of one pack: allocates them, adds up their sizes, and destroys them together. */
export class Memory {
	/** Total size of all buffers. */
	bytes = 0;
	private readonly buffers: GPUBuffer[] = [];

	constructor(private readonly device: GPUDevice) {}

	/**
	 * A buffer of `size` bytes.
	 *
	 * @throws RangeError when the adapter's limit is smaller
	 */
	buffer(name: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
		const { maxBufferSize } = this.device.limits;
		if (size > maxBufferSize)
			throw new RangeError(`${name}: needs a buffer of ${size} bytes; this adapter allows ${maxBufferSize}`);
		const buffer = this.device.createBuffer({ label: name, size, usage });
		this.buffers.push(buffer);
		this.bytes += size;
		return buffer;
	}

	/** A zeroed tensor in its own buffer, of 16-bit floats if `half`. `shape` is [runs, …]. */
	tensor(name: string, shape: readonly number[], half = false): Tensor {
		const bytes = tensorBytes(shape, half);
		const { maxStorageBufferBindingSize } = this.device.limits;
		if (bytes > maxStorageBufferBindingSize)
			throw new RangeError(
				`${name}: [${shape}] takes ${bytes} bytes; this adapter binds at most ${maxStorageBufferBindingSize}`,
			);
		const buffer = this.buffer(name, bytes, STORAGE);
		const runStride = paddedEntries(entriesPerRun(shape), half);
		return { name, buffer, offset: 0, shape, runStride, ...(half && { half }) };
	}

	/** A ring of `slots` tensors of `shape`. */
	ring(name: string, shape: readonly number[], slots: number, clock: Ring["clock"]): Ring {
		const slotBytes = tensorBytes(shape);
		const buffer = this.buffer(name, slotBytes * slots, STORAGE);
		return {
			name,
			buffer,
			offset: 0,
			shape,
			runStride: paddedEntries(entriesPerRun(shape)),
			slots,
			slotBytes,
			clock,
		};
	}

	/** Fills a tensor: one that is shared, or the copies of all runs if they need no padding. */
	write(tensor: Tensor, values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
		this.device.queue.writeBuffer(tensor.buffer, tensor.offset, values);
	}

	/** Frees every buffer. */
	destroy(): void {
		for (const buffer of this.buffers) buffer.destroy();
		this.buffers.length = 0;
		this.bytes = 0;
	}
}

// STORAGE | COPY_SRC | COPY_DST as numbers from the WebGPU standard, because only browsers define GPUBufferUsage.
const STORAGE = 0x80 | 0x04 | 0x08;

/** Reads a tensor back to the host without padding: [runs × entries]. For tests, checkpoints and exports. */
export async function readTensor(device: GPUDevice, tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
	const size = boundBytes(tensor);
	const staging = device.createBuffer({ size, usage: 0x01 | 0x08 });
	const encoder = device.createCommandEncoder();
	encoder.copyBufferToBuffer(tensor.buffer, tensor.offset, staging, 0, size);
	device.queue.submit([encoder.finish()]);
	await endOfWork(device, staging.mapAsync(0x01));
	const bytes = staging.getMappedRange().slice(0);
	const padded = tensor.half ? fromHalf(new Uint16Array(bytes)) : new Float32Array(bytes);
	staging.destroy();
	const entries = entriesPerRun(tensor.shape);
	const out = new Float32Array(tensor.shape[0]! * entries);
	for (let run = 0; run < tensor.shape[0]!; run++)
		out.set(padded.subarray(run * tensor.runStride, run * tensor.runStride + entries), run * entries);
	return out;
}

/** Writes one run's copy of a tensor. */
export function writeTensor(device: GPUDevice, tensor: Tensor, run: number, values: Float32Array | Uint32Array): void {
	const entries = entriesPerRun(tensor.shape);
	if (values.length !== entries)
		throw new RangeError(`${tensor.name}: given ${values.length} values; [${tensor.shape}] holds ${entries} per run`);
	device.queue.writeBuffer(
		tensor.buffer,
		tensor.offset + run * tensor.runStride * entryBytes(tensor.half),
		tensor.half ? evenHalves(values) : (values as Float32Array<ArrayBuffer>),
	);
}

/** 16-bit floats, padded to an even number because writes to buffers must be multiples of 4 bytes. */
function evenHalves(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
	const even = new Uint16Array(values.length + (values.length % 2));
	even.set(toHalf(values));
	return even;
}
