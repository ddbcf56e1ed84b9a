import { METRICS } from "../kernels/optimizer.ts";
import type { Feeder } from "./feeder.ts";
import type { Pack } from "./pack.ts";

/** A submit should keep the GPU busy about this long: long enough to pay for itself, short enough for the desktop. */
const TARGET_MILLISECONDS = 40;

/** Losses and gradient norms of the optimiser steps that a submit completed. */
export interface CompletedSteps {
	/** The first of them, counted from 0. */
	first: number;
	count: number;
	/** [count][runs] of (loss, gradient norm). */
	metrics: Float32Array[][];
}

interface InFlight {
	first: number;
	count: number;
	microSteps: number;
	staging: GPUBuffer;
	mapped: Promise<void>;
}

/** Hands micro-steps to the GPU a few tens of milliseconds at a time, and reads their losses one submit behind. */
export class Submitter {
	private microStep = 0;
	private perSubmit = 1;
	private lastDone = performance.now();
	private readonly free: GPUBuffer[] = [];
	private readonly inFlight: InFlight[] = [];
	private readonly slotBytes: number;

	constructor(
		private readonly pack: Pack,
		private readonly feeder: Feeder,
		private readonly steps: number,
	) {
		const { metrics } = pack.rings;
		this.slotBytes = metrics.slotBytes;
		// MAP_READ | COPY_DST
		for (let i = 0; i < 3; i++)
			this.free.push(pack.memory.buffer("staging", metrics.slots * metrics.slotBytes, 0x01 | 0x08));
	}

	/** The steps that the oldest submit completed, once the GPU is done with it; undefined when nothing is left. */
	async next(): Promise<CompletedSteps | undefined> {
		while (this.inFlight.length < 2 && this.microStep < this.steps * this.pack.shape.microSteps) this.submit();
		const oldest = this.inFlight.shift();
		if (!oldest) return undefined;
		await oldest.mapped;
		const now = performance.now();
		const share = TARGET_MILLISECONDS / Math.max(1, now - this.lastDone);
		const fitting = Math.round(oldest.microSteps * Math.min(2, share));
		this.perSubmit = Math.max(1, Math.min(this.pack.shape.slots, fitting));
		this.lastDone = now;
		return this.read(oldest);
	}

	/** Forgets the time that passed without work: the run was paused. */
	resume(): void {
		this.lastDone = performance.now();
	}

	private submit(): void {
		const { gpu, shape, rings } = this.pack;
		const begin = this.microStep;
		const end = Math.min(begin + this.perSubmit, this.steps * shape.microSteps);
		const encoder = gpu.device.createCommandEncoder();
		const pass = encoder.beginComputePass();
		for (let microStep = begin; microStep < end; microStep++) {
			this.feeder.writeMicroStep(microStep);
			this.pack.encodeMicroStep(pass, { step: Math.floor(microStep / shape.microSteps), microStep });
		}
		pass.end();
		const first = Math.floor(begin / shape.microSteps);
		const count = Math.floor(end / shape.microSteps) - first;
		const staging = this.free.pop()!;
		for (let i = 0; i < count; i++) {
			const slot = (first + i) % rings.metrics.slots;
			encoder.copyBufferToBuffer(
				rings.metrics.buffer,
				slot * this.slotBytes,
				staging,
				i * this.slotBytes,
				this.slotBytes,
			);
		}
		gpu.device.queue.submit([encoder.finish()]);
		const mapped = staging.mapAsync(0x01);
		// A failure is met where it is awaited, in next(); this keeps it from being reported as unhandled before.
		mapped.catch(() => {});
		this.inFlight.push({ first, count, microSteps: end - begin, staging, mapped });
		this.microStep = end;
	}

	private read({ first, count, staging }: InFlight): CompletedSteps {
		const { runs } = this.pack.shape;
		const words = new Float32Array(staging.getMappedRange().slice(0));
		staging.unmap();
		this.free.push(staging);
		const stride = this.pack.rings.metrics.runStride;
		const at = (i: number, run: number) => (i * runs + run) * stride;
		const metrics = Array.from({ length: count }, (_, i) =>
			Array.from({ length: runs }, (_, run) => words.slice(at(i, run), at(i, run) + METRICS.length)),
		);
		return { first, count, metrics };
	}
}
