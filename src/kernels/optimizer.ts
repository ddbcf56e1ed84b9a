import type { DispatchSpec } from "../gpu/program.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import { DEFAULT_OPTIMIZER, type Moment, momentsOf, OPTIMIZERS, type OptimizerKind } from "../run/choices.ts";
import { constantsHeader } from "./constants.ts";
import { type Orthogonalization, orthogonalize } from "./muon.ts";
import { OPTIMIZER_SHADER as shader } from "./optimizer-structs.ts";

/** Workgroup sizes: for a segment, and for the sum of the segments' squares. */
const LANES = 32;
const SUM_LANES = 128;

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

function dispatcher({ metrics, segments, parameters }: OptimizerTensors) {
	const count = segments.shape[1]!;
	const runs = metrics.shape[0]!;
	const sizes = { segments: count, segments_per_run: count / runs };
	const header = constantsHeader({ LANES, SUM_LANES });
	const dispatch = (entryPoint: string, bindings: DispatchSpec["bindings"], x: number, z: number): DispatchSpec => ({
		kernel: { shader, entryPoint, header },
		bindings,
		sizes,
		grid: [x, 1, z],
	});
	return {
		perSegment: (entryPoint: string, bindings: DispatchSpec["bindings"]): DispatchSpec => ({
			...dispatch(entryPoint, bindings, count, 1),
			cost: ENTRY_COST * entriesPerRun(parameters.shape) * parameters.shape[0]!,
		}),
		perRun: (entryPoint: string, bindings: DispatchSpec["bindings"]) => dispatch(entryPoint, bindings, 1, runs),
	};
}

/** Completes the gradients, computes their norm, clips or freezes, updates the parameters, and measures the change. */
export function optimizer(t: OptimizerTensors, kind: OptimizerKind = DEFAULT_OPTIMIZER): DispatchSpec[] {
	const { segments, partials, gradients, squares, hyper, metrics, frozen, parameters, averages } = t;
	const { perSegment, perRun } = dispatcher(t);
	const moments = momentsOf(kind).map((name) => {
		const tensor = t.moments[name];
		if (!tensor)
			throw new RangeError(`optimizer: moment ${name} is missing; ${kind} keeps ${momentsOf(kind).join(", ")}`);
		return [name, tensor] as const;
	});
	if (OPTIMIZERS[kind].orthogonal && !t.orthogonal)
		throw new RangeError(`optimizer: ${kind} orthogonalizes, but is not told which matrices; give it orthogonal`);
	const { m, v } = t.moments as Record<Moment, Tensor>;
	return [
		perSegment("reduce", { segments, partials, gradients, squares }),
		perRun("norm", { squares, hyper, metrics, frozen }),
		...(t.orthogonal ? orthogonalize(t.orthogonal, { gradients, hyper, m, v }, metrics.shape[0]!) : []),
		perSegment(kind, { segments, gradients, hyper, squares, parameters, ...Object.fromEntries(moments) }),
		perRun("finish", { squares, metrics }),
		...(averages ? [perSegment("average", { segments, hyper, parameters, averages })] : []),
	];
}

/** The gradient norm of the first of several micro-batches. */
export function firstNorm(t: OptimizerTensors): DispatchSpec[] {
	const { segments, partials, gradients, squares, metrics } = t;
	const { perSegment, perRun } = dispatcher(t);
	return [perSegment("reduce", { segments, partials, gradients, squares }), perRun("first_norm", { squares, metrics })];
}
