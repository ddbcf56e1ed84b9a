import { hiddenMatrices } from "../architecture/orthogonal.ts";
import { parameterShapes, storedShape } from "../architecture/parameters.ts";
import { workingSet } from "../architecture/working-set.ts";
import type { Gpu } from "../gpu/device.ts";
import { tensorBytes } from "../gpu/tensor.ts";
import { blockEntries } from "../kernels/muon.ts";
import { hyperEntries, metricsEntries, SEGMENT_ENTRIES, segmentEntries } from "../kernels/optimizer-structs.ts";
import { DEFAULT_OPTIMIZER, optimizerMemory } from "../run/choices.ts";
import type { PackShape } from "./pack-shape.ts";

/** Default limit on GPU memory for training, sized for a laptop GPU. Unit: bytes. */
const DEFAULT_MEMORY = 4 * 2 ** 30;

/**
 * GPU memory that a pack will allocate: the total, and the largest single binding. Unit: bytes.
 *
 * @param takesSnapshots whether weights and moments are copied for checkpoints
 */
export function packMemory(shape: PackShape, takesSnapshots: boolean): { bytes: number; largestBinding: number } {
	const { model, runs, microBatchSequences: sequences, slots, evaluationSets = 1 } = shape;
	const ofOptimizer = optimizerMemory(shape.optimizer ?? DEFAULT_OPTIMIZER);
	const perRun = workingSet(model, { microBatchSequences: sequences, storage: shape.storage, ...ofOptimizer });
	const shapes = parameterShapes(model).map(storedShape);
	const parameters = runs * shapes.reduce((sum, shape) => sum + tensorBytes([1, ...shape]), 0);
	const pieces = shapes.map((shape) => Math.ceil(shape.reduce((a, b) => a * b, 1) / SEGMENT_ENTRIES));
	const segments = runs * pieces.reduce((a, b) => a + b, 0);
	const streams = shape.sharedTokens ? 1 : runs;
	const averages = shape.average ? parameters : 0;
	const saved = takesSnapshots ? (1 + ofOptimizer.moments) * parameters + averages : 0;
	const ofRun = (entries: number) => tensorBytes([runs, entries]);
	const rings =
		slots * (tensorBytes([streams, sequences, model.context + 1]) + tensorBytes([streams, sequences * model.context])) +
		slots * (ofRun(hyperEntries()) + ofRun(metricsEntries())) +
		evaluationSets * (shape.average ? 2 : 1) * ofRun(1);
	const staging = 3 * slots * ofRun(metricsEntries());
	const forSegments = segments * (4 * segmentEntries() + 2 * 64 * 4);
	const forBlocks = ofOptimizer.orthogonal ? runs * hiddenMatrices(model).length * 4 * blockEntries() : 0;
	return {
		bytes: runs * perRun.bytes + averages + saved + rings + staging + forSegments + forBlocks,
		largestBinding: Math.max(runs * perRun.largestBinding, parameters),
	};
}

/**
 * Checks that a pack fits.
 *
 * @param allowed limit on the total of all buffers, in bytes
 * @throws RangeError naming the bytes needed and the bytes allowed
 */
export function checkPackMemory(gpu: Gpu, shape: PackShape, takesSnapshots: boolean, allowed = DEFAULT_MEMORY): void {
	const { bytes, largestBinding } = packMemory(shape, takesSnapshots);
	const { maxStorageBufferBindingSize, maxBufferSize } = gpu.device.limits;
	const atOnce = Math.min(maxStorageBufferBindingSize, maxBufferSize);
	const { width, layers } = shape.model;
	const runs = `${plural(shape.runs, "run")} of width ${width} and ${plural(layers, "layer")}`;
	const smaller = "use a smaller model, a smaller vocabulary or a smaller batch";
	if (largestBinding > atOnce)
		throw new RangeError(
			`memory: ${runs} need ${count(largestBinding)} bytes in one piece, ${gpu.name} allows ${count(atOnce)}; ${smaller}`,
		);
	if (bytes > allowed)
		throw new RangeError(`memory: ${runs} need ${count(bytes)} bytes, ${count(allowed)} are allowed; ${smaller}`);
}

const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`;
const count = (bytes: number) => bytes.toLocaleString("en");
