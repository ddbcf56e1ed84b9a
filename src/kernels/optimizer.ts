import type { DispatchSpec } from "../gpu/program.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import { DEFAULT_OPTIMIZER, type Moment, momentsOf, OPTIMIZERS, type OptimizerKind } from "../run/choices.ts";
import { constantsHeader } from "./constants.ts";
import { type Orthogonalization, orthogonalize } from "./muon.ts";
import { OPTIMIZER_SHADER as shader } from "./optimizer-structs.ts";

/** Workgroup sizes: for a segment, and for all segments of a run, several at a time. */
const LANES = 32;
const SUM_LANES = 128;

/**
 * Most entries, padding included, of a run of which one workgroup reduces all segments, and one updates them. Each saves a
 * dispatch, but takes only four segments at a time: on lavapipe 4,864 entries gained in every pack, 8,000 no longer in one of 16.
 */
const SMALL_RUN = 6144;

/**
 * The cost of updating one entry, as FLOP of an adapter's slowest operation that take as long: 16 to 26 on software adapters,
 * more where arithmetic is cheap, since each entry needs seven reads and writes.
 */
const ENTRY_COST = 64;

/** All tensors that the optimizer reads or writes; see optimizer.wgsl for the shapes. */
export interface OptimizerTensors {
	segments: Tensor;
	partials: Tensor;
	gradients: Tensor;
	squares: Tensor;
	hyper: Tensor;
	metrics: Tensor;
	frozen: Tensor;
	parameters: Tensor;
	/** By name; must include the ones that the optimizer uses. */
	moments: Readonly<Partial<Record<Moment, Tensor>>>;
	/** Averaged weights, if kept. */
	averages?: Tensor;
	/** For optimizers that orthogonalize. */
	orthogonal?: Orthogonalization;
}

/** The shape of `squares` for a segment table. */
export function squaresShape(segments: Tensor): number[] {
	return [1, 2, segments.shape[1]!, LANES];
}

function dispatcher({ metrics, segments, parameters }: OptimizerTensors, kind: OptimizerKind) {
	const count = segments.shape[1]!;
	const runs = metrics.shape[0]!;
	const entries = entriesPerRun(parameters.shape) * parameters.shape[0]!;
	const header = [
		constantsHeader({ LANES, SUM_LANES }),
		`fn update_segment(place: u32, lane: u32) { ${kind}_segment(place, lane); }`,
	].join("\n");
	const dispatch = (entryPoint: string, bindings: DispatchSpec["bindings"], x: number, z: number): DispatchSpec => ({
		kernel: { shader, entryPoint, header },
		bindings,
		sizes: { segments: count, segments_per_run: count / runs },
		grid: [x, 1, z],
	});
	/** By `groups` workgroups, which go through all segments. */
	const through = (groups: number) => (entryPoint: string, bindings: DispatchSpec["bindings"]) => ({
		...dispatch(entryPoint, bindings, groups, 1),
		cost: ENTRY_COST * entries,
	});
	return {
		perSegment: through(count),
		perSmallRun: through(runs),
		perRun: (entryPoint: string, bindings: DispatchSpec["bindings"]) => dispatch(entryPoint, bindings, 1, runs),
		isSmall: entries / runs <= SMALL_RUN,
	};
}

/** Completes the gradients, computes their norm, clips or freezes, updates the parameters, and measures the change. */
export function optimizer(t: OptimizerTensors, kind: OptimizerKind = DEFAULT_OPTIMIZER): DispatchSpec[] {
	const { segments, partials, gradients, squares, hyper, metrics, frozen, parameters, averages } = t;
	const { perSegment, perSmallRun, perRun, isSmall } = dispatcher(t, kind);
	const moments = momentsOf(kind).map((name) => {
		const tensor = t.moments[name];
		if (!tensor)
			throw new RangeError(`optimizer: moment ${name} is missing; ${kind} keeps ${momentsOf(kind).join(", ")}`);
		return [name, tensor] as const;
	});
	if (OPTIMIZERS[kind].orthogonal && !t.orthogonal)
		throw new RangeError(`optimizer: ${kind} orthogonalizes, but is not told which matrices; give it orthogonal`);
	const { m, v } = t.moments as Record<Moment, Tensor>;
	const toReduce = { segments, partials, gradients, squares };
	const toClip = { squares, hyper, metrics, frozen };
	const toUpdate = { segments, gradients, hyper, squares, parameters, ...Object.fromEntries(moments) };
	const directions = t.orthogonal ? orthogonalize(t.orthogonal, { gradients, hyper, m, v }, metrics.shape[0]!) : [];
	const steps = isSmall
		? [
				perSmallRun("reduce_run", { ...toReduce, ...toClip }),
				...directions,
				perSmallRun("update_run", { ...toUpdate, metrics }),
			]
		: [
				...[perSegment("reduce", toReduce), perRun("norm", toClip)],
				...directions,
				...[perSegment("update", toUpdate), perRun("finish", { squares, metrics })],
			];
	return [...steps, ...(averages ? [perSegment("average", { segments, hyper, parameters, averages })] : [])];
}

/** The gradient norm of the first of several micro-batches. */
export function firstNorm(t: OptimizerTensors): DispatchSpec[] {
	const { segments, partials, gradients, squares, metrics } = t;
	const { perSegment, perRun } = dispatcher(t, DEFAULT_OPTIMIZER);
	return [perSegment("reduce", { segments, partials, gradients, squares }), perRun("first_norm", { squares, metrics })];
}
