/** A range of a GPU buffer and a shape. Axis 0 is always the run. */
export interface Tensor {
	name: string;
	buffer: GPUBuffer;
	/** Bytes from the buffer's start; a multiple of 256. */
	offset: number;
	/** [runs, …]; [1, …] for a tensor that all runs of a pack share. */
	shape: readonly number[];
	/** Entries from one run's copy to the next: the product of the other axes, rounded up to 256 bytes. */
	runStride: number;
	/** Whether entries are 16-bit floats instead of 32 bits wide. */
	half?: boolean;
}

/** A tensor with a copy (slot) for each of `slots` steps; a dynamic offset binds the current step's slot. */
export interface Ring extends Tensor {
	slots: number;
	/** Bytes from one slot to the next. */
	slotBytes: number;
	/** Whether the slot advances with the optimizer step or with the micro-batch. */
	clock: "step" | "microStep";
}

/** Entries of one run's copy. */
export function entriesPerRun(shape: readonly number[]): number {
	return shape.slice(1).reduce((product, axis) => product * axis, 1);
}

/** Bytes of an entry. */
export function entryBytes(half = false): number {
	return half ? 2 : 4;
}

/** Entries in one run's copy including padding, so that every copy begins at a multiple of 256 bytes. */
export function paddedEntries(entries: number, half = false): number {
	const unit = 256 / entryBytes(half);
	return Math.ceil(entries / unit) * unit;
}

/** Bytes a tensor of this shape takes. */
export function tensorBytes(shape: readonly number[], half = false): number {
	return shape[0]! * paddedEntries(entriesPerRun(shape), half) * entryBytes(half);
}

/** Bytes of a tensor's entries, without padding. */
export function heldBytes({ shape, half }: Tensor): number {
	return shape.reduce((product, size) => product * size, 1) * entryBytes(half);
}

/** Bytes a tensor takes in its buffer. */
export function boundBytes(tensor: Tensor): number {
	return tensorBytes(tensor.shape, tensor.half);
}
