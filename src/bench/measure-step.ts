import { quantileSorted } from "../analysis/quantile.ts";
import { sortedPlaces } from "../data/batches.ts";
import type { Gpu } from "../gpu/device.ts";
import { readTensor } from "../gpu/memory.ts";
import { hyperWords } from "../kernels/optimizer.ts";
import { modelConfig } from "../model/config.ts";
import { parameterShapes } from "../model/parameters.ts";
import { Pack } from "../train/pack.ts";
import { batchIds, HYPER, uniformValues, type Workload } from "./workloads.ts";

/** Loss difference above which a measurement does not count: the arithmetic was not the workload's. */
const LOSS_TOLERANCE = 2e-3;

/** What one kernel of a step takes, all its dispatches together. */
export interface KernelTime {
	/** "linear.wgsl forward" */
	kernel: string;
	dispatches: number;
	milliseconds: number;
	/** Model arithmetic, 10⁹ FLOP/s; null for kernels that do none. */
	gflops: number | null;
}

/** What a training step takes. */
export interface StepTime {
	/** Median over the steps, from the first command recorded until the GPU is done. */
	milliseconds: number;
	/** Recording the commands alone. */
	encodeMilliseconds: number;
	dispatches: number;
	/** GPU buffers. */
	bytes: number;
	/** Whether the first losses are the reference's. */
	valid: boolean;
	losses: number[];
	kernels: KernelTime[];
}

/** Trains `runs` copies of a workload in one pack and times its steps, then every kernel of a step by itself. */
export async function measureStep(
	gpu: Gpu,
	workload: Workload,
	runs: number,
	{ steps, perKernel }: { steps: number; perKernel: boolean },
): Promise<StepTime> {
	const { model: size, sequences } = workload;
	const model = modelConfig(size);
	const pack = await Pack.create(gpu, {
		...{ model, runs, microBatchSequences: sequences, microSteps: 1 },
		...{ sharedTokens: true, evaluationSteps: 1, slots: 1 },
	});
	try {
		for (let run = 0; run < runs; run++) pack.loadParameters(run, initialParameters(workload));
		const ids = batchIds(workload);
		pack.writeBatch(0, [{ ids, order: sortedPlaces(ids, sequences, model.context, model.vocabulary) }]);
		const losses: number[] = [];
		const times: number[] = [];
		const encodeTimes: number[] = [];
		for (let step = 0; step < workload.losses.length + steps; step++) {
			for (let run = 0; run < runs; run++) pack.writeHyper(0, run, hyperWords(HYPER, HYPER.learningRate, step + 1));
			const begin = performance.now();
			const commands = record(pack);
			const encoded = performance.now();
			gpu.device.queue.submit([commands]);
			await gpu.device.queue.onSubmittedWorkDone();
			const end = performance.now();
			if (step < workload.losses.length) losses.push((await readTensor(gpu.device, pack.rings.metrics))[0]!);
			else {
				times.push(end - begin);
				encodeTimes.push(encoded - begin);
			}
		}
		return {
			milliseconds: median(times),
			encodeMilliseconds: median(encodeTimes),
			dispatches: pack.dispatchesPerStep,
			bytes: pack.memory.bytes,
			valid: losses.every((loss, i) => Math.abs(loss - workload.losses[i]!) < LOSS_TOLERANCE),
			losses,
			kernels: perKernel ? await measureKernels(pack) : [],
		};
	} finally {
		pack.destroy();
	}
}

/** Every kernel's dispatches of a step by themselves; the best of three. */
async function measureKernels(pack: Pack): Promise<KernelTime[]> {
	const kernels = new Map<string, { places: number[]; flops: number }>();
	for (const [place, { kernel, flops }] of pack.describe(0).entries()) {
		const { places = [], flops: sum = 0 } = kernels.get(kernel) ?? {};
		kernels.set(kernel, { places: [...places, place], flops: sum + flops });
	}
	const times: KernelTime[] = [];
	for (const [kernel, { places, flops }] of kernels) {
		let milliseconds = Infinity;
		for (let repeat = 0; repeat < 3; repeat++) {
			const begin = performance.now();
			pack.gpu.device.queue.submit([record(pack, places)]);
			await pack.gpu.device.queue.onSubmittedWorkDone();
			milliseconds = Math.min(milliseconds, performance.now() - begin);
		}
		const gflops = flops > 0 ? flops / milliseconds / 1e6 : null;
		times.push({ kernel, dispatches: places.length, milliseconds, gflops });
	}
	return times.sort((a, b) => b.milliseconds - a.milliseconds);
}

/** A step, or only its dispatches at some places. */
function record(pack: Pack, places?: readonly number[]): GPUCommandBuffer {
	const encoder = pack.gpu.device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	const clock = { step: 0, microStep: 0 };
	if (places) for (const place of places) pack.encodeMicroStep(pass, clock, place, place + 1);
	else pack.encodeMicroStep(pass, clock);
	pass.end();
	return encoder.finish();
}

/** Matrices uniform with a deviation of 0.02, one seed after the other; norms 1, biases 0. */
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
