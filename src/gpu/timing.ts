import { endOfWork, submitAndWait } from "./completions.ts";
import type { Program } from "./program.ts";

/**
 * Milliseconds per replay of a program, for `times` replays in one pass; see `timePass`. With many replays the cost of the
 * submit, and the resolution of timestamps, are negligible.
 */
export async function timeProgram(device: GPUDevice, program: Program, times: number): Promise<number> {
	const milliseconds = await timePass(device, (pass) => {
		for (let i = 0; i < times; i++) program.encode(pass, { step: 0, microStep: 0 });
	});
	return milliseconds / times;
}

/**
 * Milliseconds of one compute pass: by the GPU's own timestamps where the device has them, which browsers round to 0.1 ms,
 * otherwise from the submit until the GPU reports completion.
 */
export async function timePass(device: GPUDevice, encode: (pass: GPUComputePassEncoder) => void): Promise<number> {
	const stamps = device.features.has("timestamp-query") ? new Stamps(device) : undefined;
	const encoder = device.createCommandEncoder();
	const pass = encoder.beginComputePass(stamps && { timestampWrites: stamps.writes });
	encode(pass);
	pass.end();
	stamps?.resolve(encoder);
	const commands = encoder.finish();
	const begin = performance.now();
	await submitAndWait(device, commands);
	const waited = performance.now() - begin;
	const stamped = (await stamps?.milliseconds()) ?? 0;
	// A pass shorter than the resolution has two equal stamps, and no pass is longer than the wait for it.
	return stamped > 0 ? Math.min(stamped, waited) : waited;
}

/** Two timestamps in nanoseconds, of 8 bytes each. */
const BYTES = 16;

/** The timestamps of one pass. */
class Stamps {
	readonly writes: GPUComputePassTimestampWrites;
	private readonly set: GPUQuerySet;
	private readonly resolved: GPUBuffer;
	private readonly staging: GPUBuffer;

	constructor(private readonly device: GPUDevice) {
		this.set = device.createQuerySet({ type: "timestamp", count: 2 });
		this.writes = { querySet: this.set, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
		// QUERY_RESOLVE | COPY_SRC, MAP_READ | COPY_DST
		this.resolved = device.createBuffer({ size: BYTES, usage: 0x200 | 0x04 });
		this.staging = device.createBuffer({ size: BYTES, usage: 0x01 | 0x08 });
	}

	resolve(encoder: GPUCommandEncoder): void {
		encoder.resolveQuerySet(this.set, 0, 2, this.resolved, 0);
		encoder.copyBufferToBuffer(this.resolved, 0, this.staging, 0, BYTES);
	}

	/** The time between them, which some drivers report as negative; frees them. */
	async milliseconds(): Promise<number> {
		await endOfWork(this.device, this.staging.mapAsync(0x01));
		const [begin, end] = new BigInt64Array(this.staging.getMappedRange()) as unknown as [bigint, bigint];
		const nanoseconds = Number(end - begin);
		for (const each of [this.set, this.resolved, this.staging]) each.destroy();
		return nanoseconds / 1e6;
	}
}
