import type { Gpu } from "../gpu/device.ts";
import { canonicalJson } from "../run/canonical-json.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import {
	type Cost,
	dispatchesPerStep,
	packCost,
	runFlops,
	SECONDS_PER_DISPATCH,
	secondsFor,
	tokensPerStep,
} from "../study/cost.ts";
import { fittingRuns, MAX_PACK_RUNS, packKey } from "../study/packs.ts";

/** Tokens a second that a pack of so many runs trains at; see `packSpeed`. */
export type PackSpeed = (gpu: Gpu, spec: RunSpec, runs: number, sharedTokens: boolean) => Promise<number>;

/** Most runs in a pack that is measured. */
export const MAX_MEASURED_RUNS = 64;
/** A larger pack must be faster by this factor: a smaller one has its results earlier. */
const WORTH = 1.05;
/** Larger packs than this many milliseconds a step gain nothing, and would keep a GPU from drawing. */
const LONG_STEP = 250;
/** Runs that train for fewer seconds than this, all together, are not measured. */
const BRIEF = 10;
/** Successive packs that are not worth it, after which none larger is tried. */
const MISSES = 2;

/** How many runs of a shape train together on a device. */
export interface Packing {
	/** @param runs of one shape, all of which might train together */
	of(gpu: Gpu, runs: readonly PlannedRun[]): Promise<number>;
}

/** As many as are asked for, where they fit. */
export function packsOf(runs: number): Packing {
	return { of: async ({ device }, [first]) => Math.min(runs, fittingRuns(first!.spec, largestBinding(device))) };
}

function largestBinding({ limits }: GPUDevice): number {
	return Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
}

/**
 * How many runs of a shape train fastest together on a device, measured when a study first asks: small models gain by
 * sharing launches, and large ones can lose by sharing caches. The size changes no bits.
 */
export class PackSizes implements Packing {
	private readonly measured = new Map<string, { most: number; size: number }>();

	constructor(private readonly speed: PackSpeed) {}

	/** The fastest size, with the device's variants. */
	async of(gpu: Gpu, runs: readonly PlannedRun[]): Promise<number> {
		const { spec } = runs[0]!;
		const fitting = fittingRuns(spec, largestBinding(gpu.device));
		const most = Math.min(runs.length, MAX_MEASURED_RUNS, fitting);
		if (most <= 1) return 1;
		if (runs.length <= MAX_PACK_RUNS && seconds(gpu, packCost(runs)) < BRIEF) return most;
		// Measuring submits whole steps, and a system may reset a GPU that takes seconds for one. Training cuts them.
		if (seconds(gpu, stepCost(spec)) > LONG_STEP / 1000) return 1;
		const sharedTokens = new Set(runs.map(({ spec: { seed, corpus } }) => canonicalJson({ seed, corpus }))).size === 1;
		const key = `${packKey({ ...spec, steps: 1 })} ${sharedTokens}`;
		const known = this.measured.get(key);
		if (known && known.most >= most) return Math.min(known.size, most);
		const size = await fastest(most, tokensPerStep(spec), (count) => this.speed(gpu, spec, count, sharedTokens));
		this.measured.set(key, { most, size });
		return size;
	}
}

/** About how long work takes; NaN where nothing is known of the device. */
function seconds({ flopsPerMillisecond }: Gpu, cost: Cost): number {
	if (!Number.isFinite(flopsPerMillisecond)) return Number.NaN;
	return secondsFor(cost, { flopsPerSecond: 1000 * flopsPerMillisecond, secondsPerDispatch: SECONDS_PER_DISPATCH });
}

function stepCost(spec: RunSpec): Cost {
	return { flops: runFlops(spec) / spec.steps, dispatches: dispatchesPerStep(spec) };
}

/** The smallest size, of 1, 2, 4 … and `most`, that no larger one tried is clearly faster than. */
async function fastest(most: number, tokensOfStep: number, speed: (runs: number) => Promise<number>): Promise<number> {
	let best = { runs: 1, speed: await speed(1) };
	let last = best;
	for (let misses = 0; last.runs < most && misses < MISSES; ) {
		const milliseconds = (1000 * last.runs * tokensOfStep) / last.speed;
		if (milliseconds > LONG_STEP) break;
		const runs = Math.min(2 * last.runs, most);
		last = { runs, speed: await speed(runs).catch(noRoom) };
		if (last.speed > WORTH * best.speed) [best, misses] = [last, 0];
		else misses++;
	}
	return best.runs;
}

/** A pack for which there is no memory is no faster than any. */
function noRoom(error: unknown): number {
	if (error instanceof RangeError) return Number.MIN_VALUE;
	throw error;
}
