import { CompletionWatch, endOfWork, isLate } from "../gpu/completions.ts";
import { readMetrics, type StepMetrics } from "../kernels/optimizer-structs.ts";
import type { Feeder } from "./feeder.ts";
import type { Pace } from "./pace.ts";
import type { Pack } from "./pack.ts";
import { type CumulativeCosts, cumulativeCosts, endOfSubmit } from "./submit-split.ts";
import type { Timetable } from "./timetable.ts";
import type { CopiedWeights, WeightCopier } from "./weight-copier.ts";

/** A submit's results, once the GPU has finished it. Steps count from 1. */
export type Done =
	/** Part of a step or of an evaluation. */
	| { type: "part" }
	/** Steps `first` and after: [steps][runs] of metrics. */
	| { type: "steps"; first: number; metrics: StepMetrics[][] }
	/** After step `step`: [slots][runs] of losses in nats per token. */
	| { type: "evaluation"; step: number; slots: number[]; losses: Float32Array[] }
	/** The weights after step `step`; reported after that step's evaluations. */
	| { type: "snapshot"; step: number; weights: CopiedWeights };

/** Work that is encoded whole or in parts. */
interface Item {
	/** Cumulative costs of its launches, in micro-steps. */
	costs: CumulativeCosts;
	/** Writes its input to the rings. */
	prepare(): void;
	encode(pass: GPUComputePassEncoder, from: number, to: number): void;
}

interface InFlight {
	work: number;
	staging: GPUBuffer | undefined;
	mapped: Promise<unknown>;
	read(): Done;
}

/** A forward pass costs a third of a micro-step, which is a forward and a backward pass. */
const FORWARD_WORK = 1 / 3;

/** Submits work to the GPU a few tens of milliseconds at a time, and reads its results one submit behind. */
export class Submitter {
	private microStep: number;
	/** For each micro-step of a step; the same for all steps. */
	private readonly costs: readonly CumulativeCosts[];
	/** Number of the current item's launches already submitted. */
	private offset = 0;
	/** Progress of the evaluations that are due before training continues, slot by slot and pass by pass. */
	private evaluating: { step: number; slots: number[]; slot: number; pass: number } | null = null;
	private snapshotAt: number | null = null;
	private snapshotWanted = false;
	private snapshotInFlight = false;
	private stopping = false;
	private lastDone = performance.now();
	private readonly watch: CompletionWatch;
	private readonly free: GPUBuffer[] = [];
	private readonly inFlight: InFlight[] = [];

	constructor(
		private readonly pack: Pack,
		private readonly feeder: Feeder,
		private readonly timetable: Timetable,
		private readonly pace: Pace,
		/** Present if snapshots are taken. */
		private readonly copier?: WeightCopier,
	) {
		this.watch = new CompletionWatch(pack.gpu.device);
		this.microStep = timetable.from * pack.shape.microSteps;
		this.costs = Array.from({ length: pack.shape.microSteps }, (_, i) => cumulativeCosts(pack.launchCosts(i), 1));
		const { metrics, validation } = pack.rings;
		const bytes = Math.max(metrics.slots * metrics.slotBytes, validation.slots * validation.slotBytes);
		// MAP_READ | COPY_DST
		for (let i = 0; i < 3; i++) this.free.push(pack.memory.buffer("staging", bytes, 0x01 | 0x08));
	}

	/** The oldest submit's results, once the GPU has finished it; undefined if nothing is left. */
	async next(): Promise<Done | undefined> {
		while (this.inFlight.length < 2 && this.submit());
		const oldest = this.inFlight.shift();
		if (!oldest) return undefined;
		const { gpu } = this.pack;
		const nudged = gpu.software || isLate(gpu.device);
		await endOfWork(gpu.device, oldest.mapped);
		const now = performance.now();
		const isTrue = this.watch.isTrue(now - this.lastDone, nudged);
		if (oldest.work > 0 && isTrue) this.pace.measured(oldest.work, now - this.lastDone);
		this.lastDone = now;
		const done = oldest.read();
		if (oldest.staging) {
			oldest.staging.unmap();
			this.free.push(oldest.staging);
		}
		return done;
	}

	/** Restarts the clock after a pause, so that the pause does not count as work. */
	resume(): void {
		this.lastDone = performance.now();
	}

	/** Requests the weights after the current step, unless a snapshot is in flight. */
	requestSnapshot(): void {
		if (!this.snapshotInFlight) this.snapshotWanted = true;
	}

	/** Stops after the current step, with a snapshot if snapshots are taken. */
	stop(): void {
		if (this.stopping) return;
		this.stopping = true;
		this.snapshotWanted = this.copier !== undefined;
	}

	/** Submits the next piece of work; returns false if nothing can be submitted now. */
	private submit(): boolean {
		const { microSteps } = this.pack.shape;
		const atBoundary = this.microStep % microSteps === 0 && this.offset === 0;
		if (atBoundary && this.snapshotWanted && !this.evaluating) this.snapshotAt ??= this.microStep / microSteps;
		if (this.evaluating) this.submitEvaluation(this.evaluating);
		else if (this.snapshotAt !== null) {
			if (this.snapshotInFlight) return false;
			this.submitSnapshot(this.snapshotAt);
		} else if (this.microStep < this.timetable.steps * microSteps && !(atBoundary && this.stopping)) this.submitSteps();
		else return false;
		return true;
	}

	private submitSteps(): void {
		const { pack, feeder } = this;
		const { microSteps } = pack.shape;
		const stop = this.nextStop() * microSteps;
		const begin = this.microStep;
		const encoder = pack.gpu.device.createCommandEncoder();
		const work = this.encodeItems(
			encoder,
			() => this.microStep++,
			() => {
				const { microStep } = this;
				if (microStep === stop) return undefined;
				const clock = { step: Math.floor(microStep / microSteps), microStep };
				return {
					costs: this.costs[microStep % microSteps]!,
					prepare: () => feeder.writeMicroStep(microStep),
					encode: (pass, from, to) => pack.encodeMicroStep(pass, clock, from, to),
				};
			},
		);
		const first = Math.floor(begin / microSteps);
		const count = Math.floor(this.microStep / microSteps) - first;
		const { metrics } = pack.rings;
		const staging = this.free.pop()!;
		// Copies at least one slot, so that mapping the staging buffer waits for the work.
		for (let i = 0; i < Math.max(1, count); ) {
			const slot = (first + i) % metrics.slots;
			const together = Math.min(Math.max(1, count) - i, metrics.slots - slot);
			const bytes = metrics.slotBytes;
			encoder.copyBufferToBuffer(metrics.buffer, slot * bytes, staging, i * bytes, together * bytes);
			i += together;
		}
		this.send(encoder, work, staging, () => {
			if (count === 0) return { type: "part" };
			const { runs } = pack.shape;
			const entries = new Float32Array(staging.getMappedRange(0, count * metrics.slotBytes));
			const read = (i: number) =>
				Array.from({ length: runs }, (_, run) => readMetrics(entries, (i * runs + run) * metrics.runStride));
			return { type: "steps", first: first + 1, metrics: Array.from({ length: count }, (_, i) => read(i)) };
		});
		if (this.microStep % microSteps === 0 && this.offset === 0 && count > 0) this.arrive(this.microStep / microSteps);
	}

	/** The next step after which training pauses, for the timetable or a request. */
	private nextStop(): number {
		const { steps, evaluations, snapshots } = this.timetable;
		const { microSteps, slots } = this.pack.shape;
		let step = Math.floor(this.microStep / microSteps) + 1;
		if (this.snapshotWanted) return step;
		// Looking one submit ahead is enough.
		const last = Math.min(steps, step + slots);
		while (step < last && evaluations(step).length === 0 && !snapshots.has(step)) step++;
		return step;
	}

	private arrive(step: number): void {
		const slots = this.timetable.evaluations(step);
		if (slots.length > 0) this.evaluating = { step, slots, slot: 0, pass: 0 };
		if (this.timetable.snapshots.has(step)) this.snapshotAt = step;
	}

	private submitEvaluation(at: { step: number; slots: number[]; slot: number; pass: number }): void {
		const { pack, feeder } = this;
		const { evaluationSteps } = pack.shape;
		const encoder = pack.gpu.device.createCommandEncoder();
		const advance = () => {
			at.pass++;
			if (at.pass === evaluationSteps) Object.assign(at, { pass: 0, slot: at.slot + 1 });
		};
		const work = this.encodeItems(encoder, advance, () => {
			const slot = at.slots[at.slot];
			if (slot === undefined) return undefined;
			// Passes are numbered across slots, so that no two passes of a submit share a slot in the rings.
			const microStep = at.slot * evaluationSteps + at.pass;
			const { pass: number } = at;
			return {
				costs: cumulativeCosts(pack.launchCostsOfEvaluation({ number, slot }), FORWARD_WORK),
				prepare: () => feeder.writeValidation(microStep, number, slot % (pack.shape.evaluationSets ?? 1)),
				encode: (pass, from, to) => pack.encodeEvaluation(pass, { microStep, number, slot }, from, to),
			};
		});
		const { validation } = pack.rings;
		const staging = this.free.pop()!;
		encoder.copyBufferToBuffer(validation.buffer, 0, staging, 0, validation.slots * validation.slotBytes);
		const isOver = at.slot === at.slots.length;
		if (isOver) this.evaluating = null;
		this.send(encoder, work, staging, () => {
			if (!isOver) return { type: "part" };
			const entries = new Float32Array(staging.getMappedRange().slice(0));
			const losses = at.slots.map((slot) => {
				const first = (slot * validation.slotBytes) / 4;
				return Float32Array.from({ length: pack.shape.runs }, (_, run) => entries[first + run * validation.runStride]!);
			});
			return { type: "evaluation", step: at.step, slots: at.slots, losses };
		});
	}

	private submitSnapshot(step: number): void {
		const encoder = this.pack.gpu.device.createCommandEncoder();
		this.copier!.encode(encoder);
		this.snapshotAt = null;
		this.snapshotWanted = false;
		this.snapshotInFlight = true;
		this.pack.gpu.device.queue.submit([encoder.finish()]);
		const mapped = this.copier!.map();
		mapped.catch(() => {});
		const read = (): Done => {
			this.snapshotInFlight = false;
			return { type: "snapshot", step, weights: this.copier!.read() };
		};
		this.inFlight.push({ work: 0, staging: undefined, mapped, read });
	}

	/** Encodes items, or parts of them, as far as the pace allows; returns the amount of work. */
	private encodeItems(encoder: GPUCommandEncoder, advance: () => void, current: () => Item | undefined): number {
		const pass = encoder.beginComputePass();
		const most = this.pace.work;
		let work = 0;
		let items = 0;
		for (let item = current(); item && items < this.pack.shape.slots; item = current()) {
			const { costs } = item;
			const end = endOfSubmit(costs, this.offset, work, most);
			if (end === this.offset) break;
			if (this.offset === 0) item.prepare();
			item.encode(pass, this.offset, end);
			work += costs[end]! - costs[this.offset]!;
			this.offset = end;
			if (end < costs.length - 1) break;
			this.offset = 0;
			items++;
			advance();
		}
		pass.end();
		return work;
	}

	private send(encoder: GPUCommandEncoder, work: number, staging: GPUBuffer, read: () => Done): void {
		this.pack.gpu.device.queue.submit([encoder.finish()]);
		const mapped = staging.mapAsync(0x01);
		// next() awaits this and handles failures; without this handler they would be reported as unhandled first.
		mapped.catch(() => {});
		this.inFlight.push({ work, staging, mapped, read });
	}
}
