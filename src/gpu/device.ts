/** A device and what is worth knowing of its adapter. */
export interface Gpu {
	device: GPUDevice;
	/** "llvmpipe (LLVM 15.0.6, 256 bits)": for people and for a run's record. */
	name: string;
	/** Settles when the device is lost, with a sentence for people. */
	lost: Promise<string>;
}
