import { modelConfig } from "../architecture/config.ts";
import { parameterShapes } from "../architecture/parameters.ts";
import { sortedPlaces } from "../data/batches.ts";
import type { Gpu } from "../gpu/device.ts";
import { readTensor } from "../gpu/memory.ts";
import { timePass } from "../gpu/timing.ts";
import { readMetrics } from "../kernels/optimizer-structs.ts";
import { quantileSorted } from "../maths/quantile.ts";
import { slotsFor, TARGET_MILLISECONDS } from "../train/pace.ts";
import { Pack } from "../train/pack.ts";
import { type SubmitTime, timeSteps } from "../train/time-steps.ts";
import { batchIds, HYPER, uniformValues, type Workload } from "./workloads.ts";

/** A measurement is invalid if a loss differs from its reference by more than this. */
const LOSS_TOLERANCE = 2e-3;

/** The time of one kernel in a step, summed over its dispatches. */
interface KernelTime {
	/** "linear.wgsl forward" */
	kernel: string;
	dispatches: number;
	milliseconds: number;
	/** Model arithmetic, 10⁹ FLOP/s; null for kernels without any. */
	gflops: number | null;
	/** 10⁹ bytes a second, of what is bound to it: at least what it moves. */
	gigabytes: number;
}

/** The time of a training step. */
export interface StepTime {
	/** Time per step from the first write until the GPU is done; median over the submits. */
	milliseconds: number;
	/** Time per step to encode the commands. */
	encodeMilliseconds: number;
	/** Steps in the last submit; submits grow until they take as long as in training. */
	stepsPerSubmit: number;
	dispatches: number;
	/** Size of the GPU buffers in bytes. */
	bytes: number;
	/** Whether the first losses agree with the reference. */
	valid: boolean;
	losses: number[];
	kernels: KernelTime[];
}

export interface MeasureOptions {
	/** Number of submits to take the median of. */
	steps: number;
	perKernel: boolean;
	/** Target duration of a submit, which determines its number of steps; default as in training. */
	submitMilliseconds?: number;
}

/** Trains `runs` copies of a workload in one pack, times the steps, then each kernel of a step separately. */
export async function measureStep(
	gpu: Gpu,
	workload: Workload,
	runs: number,
	{ steps, perKernel, submitMilliseconds = TARGET_MILLISECONDS }: MeasureOptions,
): Promise<StepTime> {
	const { model: size, sequences } = workload;
	const model = modelConfig(size);
	const slots = slotsFor(sequences * model.context);
	const pack = await Pack.create(gpu, {
		...{ model, runs, microBatchSequences: sequences, microSteps: 1 },
		...{ sharedTokens: true, evaluationSteps: 1, slots },
	});
	/** How often work of this duration fits into one submit. */
	const fitting = (milliseconds: number) => Math.max(1, Math.min(slots, Math.floor(submitMilliseconds / milliseconds)));
	try {
		for (let run = 0; run < runs; run++) pack.loadParameters(run, initialParameters(workload));
		const ids = batchIds(workload);
		const batch = { ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) };
		for (let slot = 0; slot < slots; slot++) pack.writeBatch(slot, [batch]);
		const losses: number[] = [];
		const times: SubmitTime[] = [];
		let fastest = Number.POSITIVE_INFINITY;
		for (let step = 0; times.length < steps; ) {
			const toCheck = workload.losses.length - step;
			const count = toCheck > 0 ? Math.min(toCheck, fitting(fastest)) : fitting(fastest);
			const time = await timeSteps(pack, HYPER, step, count);
			fastest = Math.min(fastest, time.milliseconds);
			if (toCheck > 0) losses.push(...(await readLosses(pack, step, count)));
			else times.push(time);
			step += count;
		}
		return {
			milliseconds: median(times.map(({ milliseconds }) => milliseconds)),
			encodeMilliseconds: median(times.map(({ encodeMilliseconds }) => encodeMilliseconds)),
			stepsPerSubmit: times.at(-1)!.steps,
			dispatches: pack.dispatchesPerStep,
			bytes: pack.memory.bytes,
			valid: losses.every((loss, i) => Math.abs(loss - workload.losses[i]!) < LOSS_TOLERANCE),
			losses,
			kernels: perKernel ? await measureKernels(pack, submitMilliseconds) : [],
		};
	} finally {
		pack.destroy();
	}
}

/** The first run's losses for `steps` steps, starting with step `first`. */
async function readLosses({ gpu, rings: { metrics } }: Pack, first: number, steps: number): Promise<number[]> {
	const losses: number[] = [];
	for (let step = first; step < first + steps; step++) {
		const offset = (step % metrics.slots) * metrics.slotBytes;
		losses.push(readMetrics(await readTensor(gpu.device, { ...metrics, offset })).loss);
	}
	return losses;
}

/** The range of a dispatch's launches among those of a step. */
interface LaunchRange {
	from: number;
	to: number;
}

/** The most repetitions of a kernel in a submit: encoding them takes Node tens of milliseconds. */
const MOST_REPETITIONS = 4000;

/** Times each kernel's dispatches of a step separately, repeated for as long as a submit is to take; the best of three. */
async function measureKernels(pack: Pack, submitMilliseconds: number): Promise<KernelTime[]> {
	const kernels = new Map<string, { places: LaunchRange[]; flops: number; bytes: number }>();
	let from = 0;
	for (const { kernel, flops, bytes, launches } of pack.describe(0)) {
		const known = kernels.get(kernel) ?? { places: [], flops: 0, bytes: 0 };
		const places = [...known.places, { from, to: from + launches }];
		kernels.set(kernel, { places, flops: known.flops + flops, bytes: known.bytes + bytes });
		from += launches;
	}
	const times: KernelTime[] = [];
	for (const [kernel, { places, flops, bytes }] of kernels) {
		let milliseconds = Number.POSITIVE_INFINITY;
		for (let repeat = 0; repeat < 3; repeat++) {
			const count = Math.max(1, Math.min(MOST_REPETITIONS, Math.floor(submitMilliseconds / milliseconds)));
			const time = await timePass(pack.gpu.device, (pass) => {
				for (let step = 0; step < count; step++)
					for (const { from, to } of places) pack.encodeMicroStep(pass, { step, microStep: step }, from, to);
			});
			milliseconds = Math.min(milliseconds, time / count);
		}
		const gflops = flops > 0 ? flops / milliseconds / 1e6 : null;
		const gigabytes = bytes / milliseconds / 1e6;
		times.push({ kernel, dispatches: places.length, milliseconds, gflops, gigabytes });
	}
	return times.sort((a, b) => b.milliseconds - a.milliseconds);
}

/** Matrices uniform with a standard deviation of 0.02, each from its own seed; gains 1, biases 0. */
function initialParameters({ model }: Workload): Map<string, Float32Array> {
	let seed = 1;
	return new Map(
		parameterShapes(modelConfig(model)).map(({ name, shape, init }) => {
			const length = shape.reduce((product, axis) => product * axis, 1);
			const values =
				"constant" in init
					? new Float32Array(length).fill(init.constant)
					: uniformValues(length, seed++, 0.02 * Math.sqrt(3));
			return [name, values];
		}),
	);
}

function median(values: readonly number[]): number {
	return quantileSorted(Float64Array.from(values).sort(), 0.5);
}
