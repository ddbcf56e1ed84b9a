import { type ActivationStorage, DEFAULT_STORAGE } from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import { activationShapes, isHalf } from "../architecture/working-set.ts";
import type { Memory } from "../gpu/memory.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { rotaryTable } from "../kernels/rotary.ts";

type Tensors = Record<string, Tensor>;

/** Activations of a pack by their names in `activationShapes`: [runs, features, tokens']. */
export interface Activations {
	/** For each layer, what its forward pass stores for its backward pass. */
	blocks: Tensors[];
	/** Tensors shared by all layers, such as gradients, which every layer overwrites. */
	shared: Tensors;
}

/** Allocates the activations of a forward and backward pass over [runs, sequences, context] tokens. */
export function createActivations(
	memory: Memory,
	config: ModelConfig,
	runs: number,
	sequences: number,
	storage: ActivationStorage = DEFAULT_STORAGE,
): Activations {
	const { block, shared } = activationShapes(config, sequences);
	const allocate = (shapes: Record<string, readonly number[]>, prefix = "") =>
		Object.fromEntries(
			Object.entries(shapes).map(([name, shape]) => {
				const copies = name === "turns" ? 1 : runs;
				return [name, memory.tensor(prefix + name, [copies, ...shape], isHalf(name, storage))];
			}),
		);
	const blocks = Array.from({ length: config.layers }, (_, layer) => allocate(block, `h.${layer}.`));
	const once = allocate(shared);
	if (config.architecture === undefined && once.turns)
		memory.write(once.turns, rotaryTable(config.headSize, sequences * config.context, config.context));
	return { blocks, shared: once };
}
