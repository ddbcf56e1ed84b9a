import { type Architecture, DEFAULT_ARCHITECTURE } from "../architecture/choices.ts";
import { modelFlopsPerToken } from "../architecture/flops.ts";
import { hiddenMatrices, withinWorkgroup } from "../architecture/orthogonal.ts";
import { OPTIMIZERS } from "../run/choices.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";

/** The work that training takes: arithmetic, and kernel launches, which cost time whatever their size. */
export interface Cost {
	/** Model arithmetic, FLOP; see `modelFlopsPerToken`. Recomputation is not counted. */
	flops: number;
	dispatches: number;
}

/** How fast a device does each kind of work. */
export interface Speed {
	/** Model arithmetic, FLOP/s. */
	flopsPerSecond: number;
	secondsPerDispatch: number;
}

/** Seconds per GPU dispatch, encoding included: between laptop GPUs and software adapters. */
export const SECONDS_PER_DISPATCH = 15e-6;

/** A laptop GPU on models this small, for estimates before anything is measured. */
export const LAPTOP_GPU: Speed = { flopsPerSecond: 2e11, secondsPerDispatch: SECONDS_PER_DISPATCH };

// Approximate dispatches of the training programs: per layer (forward and backward), for the rest of a micro-batch, per step,
// and for Muon's products if a matrix does not fit into a workgroup.
const PER_LAYER: Record<Architecture, number> = { transformer: 20, lstm: 5 };
const PER_MICRO_BATCH = 16;
const PER_STEP = 6;
const PER_ORTHOGONALIZATION = 17;

export function tokensPerStep(spec: RunSpec): number {
	return spec.batchSequences * spec.model.context;
}

/** Model arithmetic of a whole run, FLOP. */
export function runFlops(spec: RunSpec): number {
	return modelFlopsPerToken(spec.model) * tokensPerStep(spec) * spec.steps;
}

/** Approximate dispatches of one training step; the same for a pack as for one run. */
export function dispatchesPerStep(spec: RunSpec): number {
	const microBatches = spec.batchSequences / spec.microBatchSequences;
	const perLayer = PER_LAYER[spec.model.architecture ?? DEFAULT_ARCHITECTURE];
	const isLarge = OPTIMIZERS[spec.optimizer.kind].orthogonal && !withinWorkgroup(hiddenMatrices(spec.model));
	const perStep = PER_STEP + (isLarge ? PER_ORTHOGONALIZATION : 0);
	return microBatches * (spec.model.layers * perLayer + PER_MICRO_BATCH) + perStep;
}

/** Cost of the runs of one pack together. A branch costs only the steps after its start. */
export function packCost(runs: readonly PlannedRun[]): Cost {
	const share = ({ spec, branch }: PlannedRun) => 1 - (branch?.step ?? 0) / spec.steps;
	const flops = runs.reduce((sum, run) => sum + runFlops(run.spec) * share(run), 0);
	const [first] = runs;
	return { flops, dispatches: first ? dispatchesPerStep(first.spec) * first.spec.steps * share(first) : 0 };
}

export function addCosts(costs: Iterable<Cost>): Cost {
	let flops = 0;
	let dispatches = 0;
	for (const cost of costs) {
		flops += cost.flops;
		dispatches += cost.dispatches;
	}
	return { flops, dispatches };
}

/** Seconds for a cost at a given speed: arithmetic and launches, one after the other. */
export function secondsFor(cost: Cost, speed: Speed): number {
	return cost.flops / speed.flopsPerSecond + cost.dispatches * speed.secondsPerDispatch;
}

/**
 * The speed of a device that did `done` in `seconds`; null before it did anything. Small models, which train first, are
 * bound by launches and large ones by arithmetic, so the usual time of the launches is subtracted first.
 */
export function measuredSpeed(done: Cost, seconds: number): Speed | null {
	if (!(seconds > 0) || !(done.flops > 0)) return null;
	const arithmetic = Math.max(seconds - done.dispatches * SECONDS_PER_DISPATCH, seconds / 4);
	const launches = (seconds - arithmetic) / Math.max(done.dispatches, 1);
	return { flopsPerSecond: done.flops / arithmetic, secondsPerDispatch: launches };
}
