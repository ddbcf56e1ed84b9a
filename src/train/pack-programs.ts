import type { Gpu } from "../gpu/device.ts";
import type { Memory } from "../gpu/memory.ts";
import { type DispatchSpec, Program } from "../gpu/program.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import { firstNorm, optimizer, squaresShape } from "../kernels/optimizer.ts";
import { hyperEntries, metricsEntries } from "../kernels/optimizer-structs.ts";
import { createActivations } from "../model/activations.ts";
import { forward, forwardBackward } from "../model/language-model.ts";
import type { Feed } from "../model/pass.ts";
import { createState, type ModelState } from "../model/state.ts";
import { DEFAULT_OPTIMIZER, OPTIMIZERS } from "../run/choices.ts";
import type { PackShape } from "./pack-shape.ts";

/**
 * Launches are cut to take at most this long at the slowest operation's speed. Even at 2.5 times this, a launch neither
 * freezes the desktop nor trips a watchdog.
 */
const MOST_LAUNCH_MILLISECONDS = 100;

export type ProgramName = "first" | "firstNorm" | "next" | "update" | `evaluate${"" | "Average"}${"First" | "Next"}`;

/** A pack's tensors, and one program for each part of a step. */
export interface PackPrograms {
	state: ModelState;
	rings: { ids: Ring; order: Ring; hyper: Ring; metrics: Ring; validation: Ring };
	/** Averaged weights by name, if kept. */
	averages: Map<string, Tensor> | undefined;
	/** The step at which each run was frozen, or 0. */
	frozen: Tensor;
	programs: Partial<Record<ProgramName, Program>>;
}

/** Allocates, compiles and binds everything. */
export async function buildPrograms(gpu: Gpu, shape: PackShape, memory: Memory): Promise<PackPrograms> {
	const { model, runs, microBatchSequences: sequences, slots } = shape;
	const { moments, orthogonal } = OPTIMIZERS[shape.optimizer ?? DEFAULT_OPTIMIZER];
	const state = createState(memory, model, { runs, tokens: sequences * model.context, moments, orthogonal });
	const activations = createActivations(memory, model, runs, sequences, shape.storage);
	const streams = shape.sharedTokens ? 1 : runs;
	const averaged = shape.average ? memory.tensor("averages", state.all.parameters.shape) : undefined;
	const averages = averaged && viewsOf(averaged, state.parameters);
	const evaluations = (shape.evaluationSets ?? 1) * (averages ? 2 : 1);
	const rings = {
		ids: memory.ring("ids", [streams, sequences, model.context + 1], slots, "microStep"),
		order: memory.ring("order", [streams, sequences * model.context], slots, "microStep"),
		hyper: memory.ring("hyper", [runs, hyperEntries()], slots, "step"),
		metrics: memory.ring("metrics", [runs, metricsEntries()], slots, "step"),
		validation: memory.ring("validation", [runs, 1], evaluations, "step"),
	};
	const forOptimizer = {
		...state.all,
		squares: memory.tensor("squares", squaresShape(state.all.segments)),
		frozen: memory.tensor("frozen", [1, runs]),
		hyper: rings.hyper,
		metrics: rings.metrics,
		...(averaged && { averages: averaged }),
	};
	const feed: Feed = { ids: rings.ids, order: rings.order, loss: rings.metrics };
	const tokens = sequences * model.context;
	const pass = (accumulate: boolean): DispatchSpec[] => {
		const options = { scale: 1 / (tokens * shape.microSteps), accumulate, variants: gpu.variants };
		return forwardBackward(model, state, activations, feed, options);
	};
	const evaluate = (parameters: ModelState["parameters"], accumulate: boolean) => {
		const options = { scale: 1 / (tokens * shape.evaluationSteps), accumulate, variants: gpu.variants };
		return forward(model, { ...state, parameters }, activations, { ...feed, loss: rings.validation }, options);
	};
	const specs: Partial<Record<ProgramName, DispatchSpec[]>> = {
		first: pass(false),
		...(shape.microSteps > 1 && { firstNorm: firstNorm(forOptimizer), next: pass(true) }),
		update: optimizer(forOptimizer, shape.optimizer),
		evaluateFirst: evaluate(state.parameters, false),
		evaluateNext: evaluate(state.parameters, true),
		...(averages && {
			evaluateAverageFirst: evaluate(averages, false),
			evaluateAverageNext: evaluate(averages, true),
		}),
	};
	const programs: Partial<Record<ProgramName, Program>> = {};
	const mostFlops = MOST_LAUNCH_MILLISECONDS * gpu.flopsPerMillisecond;
	// In sequence, so that each program reuses the kernels that the earlier ones compiled.
	for (const [name, dispatches] of Object.entries(specs) as [ProgramName, DispatchSpec[]][])
		programs[name] = await Program.build(gpu.device, memory, dispatches, { mostFlops });
	return { state, rings, averages, frozen: forOptimizer.frozen, programs };
}

/** Views into `whole` at the same offsets that `others` have in their buffer. */
function viewsOf(whole: Tensor, others: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
	return new Map([...others].map(([name, view]) => [name, { ...view, buffer: whole.buffer }]));
}
