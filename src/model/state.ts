import type { ModelConfig } from "../architecture/config.ts";
import { hiddenMatrices } from "../architecture/orthogonal.ts";
import { parameterShapes, storedShape } from "../architecture/parameters.ts";
import { orthogonalRate } from "../architecture/parametrization.ts";
import { gradientRanges } from "../architecture/working-set.ts";
import type { Memory } from "../gpu/memory.ts";
import { entriesPerRun, paddedEntries, type Tensor, tensorBytes } from "../gpu/tensor.ts";
import { createOrthogonalization, type Orthogonalization } from "../kernels/muon.ts";
import { segmentEntries, segmentTable, type Trained } from "../kernels/optimizer-structs.ts";
import type { Moment } from "../run/choices.ts";

/** A pack's parameters, their gradients and their moments. Each group is one buffer that holds one tensor after another. */
export interface ModelState {
	/** Each group's whole buffer, as [1, entries]. */
	all: Record<"parameters" | "gradients" | "partials" | "segments", Tensor> & {
		moments: Partial<Record<Moment, Tensor>>;
		/** If the optimizer orthogonalizes. */
		orthogonal?: Orthogonalization;
	};
	/** By name, in the shape [runs, …] that the kernels use (see `storedShape`). */
	parameters: Map<string, Tensor>;
	gradients: Map<string, Tensor>;
	/** The optimizer's moments, each by tensor name. */
	moments: Partial<Record<Moment, Map<string, Tensor>>>;
	/** Sums over ranges of the batch, [runs, ranges, …], for the tensors that have them. */
	partials: Map<string, Tensor>;
}

/** Size of a buffer without tensors, in bytes, since a binding must not be empty. */
const EMPTY_BYTES = 256;

/** One buffer that holds tensors one after another, and a view of each. */
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

/** What a pack's state depends on besides the model. */
export interface StateOptions {
	runs: number;
	/** Tokens that a run trains on at a time. */
	tokens: number;
	/** Moments that the optimizer keeps. */
	moments: readonly Moment[];
	/** Whether it orthogonalizes the steps of hidden matrices; default false. */
	orthogonal?: boolean;
}

/** Allocates the state, all zero, of models that train together. */
export function createState(
	memory: Memory,
	config: ModelConfig,
	{ runs, tokens, moments: names, orthogonal = false }: StateOptions,
): ModelState {
	const shapes = parameterShapes(config).map((tensor) => ({
		name: tensor.name,
		shape: [runs, ...storedShape(tensor)],
	}));
	const ranged = shapes
		.map(({ name, shape: [, ...shape] }) => ({ name, shape: [runs, gradientRanges(config, tokens, name), ...shape] }))
		.filter(({ shape: [, ranges] }) => ranges! > 1);
	const parameters = arena(memory, "parameters", shapes);
	const gradients = arena(memory, "gradients", shapes);
	const moments = names.map((name) => [name, arena(memory, name, shapes)] as const);
	const partials = arena(memory, "partials", ranged);
	const trained = parameterShapes(config).map(({ name, decay, rate, maps }): Trained => {
		const partial = partials.views.get(name);
		const isOrthogonal = orthogonal && maps !== undefined;
		return {
			...{ tensor: parameters.views.get(name)!, decay, orthogonal: isOrthogonal, ...(partial && { partial }) },
			rate: isOrthogonal ? orthogonalRate(rate) : rate,
		};
	});
	const table = segmentTable(trained, runs);
	const segments = memory.tensor("segments", [1, table.length / segmentEntries(), segmentEntries()]);
	memory.write(segments, table);
	return {
		all: {
			parameters: parameters.whole,
			gradients: gradients.whole,
			moments: Object.fromEntries(moments.map(([name, { whole }]) => [name, whole])),
			partials: partials.whole,
			segments,
			...(orthogonal && {
				orthogonal: createOrthogonalization(memory, hiddenMatrices(config), parameters.views, runs),
			}),
		},
		parameters: parameters.views,
		gradients: gradients.views,
		moments: Object.fromEntries(moments.map(([name, { views }]) => [name, views])),
		partials: partials.views,
	};
}
