import type { ModelConfig } from "../architecture/config.ts";
import { parameterShapes, storedShape } from "../architecture/parameters.ts";
import { gradientRanges } from "../architecture/working-set.ts";
import type { Memory } from "../gpu/memory.ts";
import { entriesPerRun, paddedEntries, type Tensor, tensorBytes } from "../gpu/tensor.ts";
import { SEGMENT_WORDS, segmentTable, type Trained } from "../kernels/optimizer.ts";

/** The trained tensors of a pack and what the optimiser keeps for them, each in one buffer, tensor-major. */
export interface ModelState {
	/** The whole buffers, as [1, entries]. */
	all: Record<"parameters" | "gradients" | "m" | "v" | "partials" | "segments", Tensor>;
	/** By name; shape [runs, …] as the kernels hold it (see `storedShape`). */
	parameters: Map<string, Tensor>;
	gradients: Map<string, Tensor>;
	m: Map<string, Tensor>;
	v: Map<string, Tensor>;
	/** Sums over ranges of the batch, [runs, ranges, …], of the tensors that have them. */
	partials: Map<string, Tensor>;
}

/** What a buffer without tensors takes: a binding must not be empty. */
const EMPTY_BYTES = 256;

/** Views of one buffer that holds the tensors one after the other. */
function arena(memory: Memory, name: string, shapes: { name: string; shape: readonly number[] }[]) {
	const bytes = Math.max(
		EMPTY_BYTES,
		shapes.reduce((sum, { shape }) => sum + tensorBytes(shape), 0),
	);
	const whole = memory.tensor(name, [1, bytes / 4]);
	const views = new Map<string, Tensor>();
	let offset = 0;
	for (const { name, shape } of shapes) {
		views.set(name, { name, buffer: whole.buffer, offset, shape, runStride: paddedEntries(entriesPerRun(shape)) });
		offset += tensorBytes(shape);
	}
	return { whole, views };
}

/** Allocates the state of `runs` models that train on `tokens` tokens at a time. Everything is zero. */
export function createState(memory: Memory, config: ModelConfig, runs: number, tokens: number): ModelState {
	const shapes = parameterShapes(config).map((tensor) => ({
		name: tensor.name,
		shape: [runs, ...storedShape(tensor)],
	}));
	const ranged = shapes
		.map(({ name, shape: [, ...shape] }) => ({ name, shape: [runs, gradientRanges(config, tokens, name), ...shape] }))
		.filter(({ shape: [, ranges] }) => ranges! > 1);
	const parameters = arena(memory, "parameters", shapes);
	const gradients = arena(memory, "gradients", shapes);
	const m = arena(memory, "m", shapes);
	const v = arena(memory, "v", shapes);
	const partials = arena(memory, "partials", ranged);
	const trained = parameterShapes(config).map(({ name, decay, rate }): Trained => {
		const partial = partials.views.get(name);
		return { tensor: parameters.views.get(name)!, decay, rate, ...(partial && { partial }) };
	});
	const table = segmentTable(trained, runs);
	const segments = memory.tensor("segments", [1, table.length / SEGMENT_WORDS, SEGMENT_WORDS]);
	memory.write(segments, table);
	return {
		all: {
			parameters: parameters.whole,
			gradients: gradients.whole,
			m: m.whole,
			v: v.whole,
			partials: partials.whole,
			segments,
		},
		parameters: parameters.views,
		gradients: gradients.views,
		m: m.views,
		v: v.views,
		partials: partials.views,
	};
}
