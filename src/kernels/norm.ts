import normCode from "../../shaders/norm.wgsl?raw";
import { NORMS, type Norm } from "../architecture/choices.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { constantsHeader } from "./constants.ts";
import { storedHeader } from "./stored.ts";

export const NORM_SHADER = { file: "norm.wgsl", code: normCode };

/** Workgroup size, four tokens per invocation: not much larger than the tokens need. */
const workgroupFor = (tokens: number) => (tokens <= FEW_TOKENS ? 8 : tokens <= 64 ? 16 : 32);

/** Up to this many tokens a single invocation sums a feature's gradient: barriers would cost more than the sums. */
const FEW_TOKENS = 32;

/** Every norm except "none". */
export type NormKind = Exclude<Norm, "none">;

/** WGSL constant for whether the mean is subtracted. */
export const centeredHeader = (kind: NormKind) => `const CENTERED = ${NORMS[kind].centered};`;

const NO_BETA = "fn beta_of(run: u32, feature: u32) -> f32 { return 0.0; }";
const BETA = `@group(0) @binding(8) var<storage, read> beta: array<f32>;
fn beta_of(run: u32, feature: u32) -> f32 { return beta[run * sizes.beta_run + feature]; }`;
const NO_DBETA = "fn add_dbeta(at: u32, value: f32) {}";
const DBETA = `@group(0) @binding(8) var<storage, read_write> dbeta: array<f32>;
fn add_dbeta(at: u32, value: f32) {
	if (sizes.accumulate != 0u) { dbeta[at] += value; } else { dbeta[at] = value; }
}`;

function dispatch(
	entryPoint: string,
	kind: NormKind,
	x: Tensor,
	tensors: Record<string, Tensor | undefined>,
	options: { residual?: boolean; accumulate?: boolean },
): DispatchSpec {
	const [runs, width, tokens] = x.shape as [number, number, number];
	const wide = { gamma: [runs, width], beta: [runs, width], dgamma: [runs, width], dbeta: [runs, width] };
	const shapes: Record<string, number[]> = { ...wide, stats: [runs, 2, tokens] };
	for (const [name, tensor] of Object.entries(tensors)) {
		const expected = shapes[name] ?? x.shape;
		if (tensor && `${tensor.shape}` !== `${expected}`)
			throw new RangeError(`norm: x is [${x.shape}], ${name} is [${tensor.shape}]; it must be [${expected}]`);
	}
	if (tokens % 4 !== 0) throw new RangeError(`norm: x is [${x.shape}]; its last axis must be a multiple of 4`);
	const { residual = false, accumulate = false } = options;
	const workgroup = workgroupFor(tokens);
	const tokenGroups = Math.ceil(tokens / 4 / workgroup);
	const few = tokens <= FEW_TOKENS;
	const weightGroups = few ? Math.ceil(width / workgroup) : width;
	const grid = { forward: [tokenGroups, 1], backward: [tokenGroups + weightGroups, 1], add: [tokenGroups, width] }[
		entryPoint
	]!;
	return {
		kernel: {
			shader: NORM_SHADER,
			entryPoint,
			header: [
				constantsHeader({ WORKGROUP: workgroup }),
				`const FEW_TOKENS = ${few};`,
				centeredHeader(kind),
				storedHeader({ Y: tensors.y }),
				tensors.beta ? BETA : NO_BETA,
				tensors.dbeta ? DBETA : NO_DBETA,
			].join("\n"),
		},
		bindings: Object.fromEntries(Object.entries(tensors).filter((t): t is [string, Tensor] => t[1] !== undefined)),
		sizes: {
			...{ width, columns: tokens / 4, token_groups: tokenGroups },
			...{ residual: Number(residual), accumulate: Number(accumulate) },
		},
		grid: [grid[0]!, grid[1]!, runs],
	};
}

/**
 * y = gamma · normalized(x), plus beta if given. x, y: [runs, width, tokens']; gamma, beta: [runs, width];
 * stats, [runs, 2, tokens'], receives mean and 1/σ.
 *
 * @throws RangeError when the shapes do not fit
 */
export function norm(
	kind: NormKind,
	t: { x: Tensor; gamma: Tensor; beta?: Tensor | undefined; y: Tensor; stats: Tensor },
): DispatchSpec {
	return dispatch("forward", kind, t.x, t, {});
}

/**
 * Computes dx, dgamma and dbeta. With `residual`, dx already holds the residual stream's gradient and is added to; with
 * `accumulate`, dgamma and dbeta are added to their previous values. Shapes as for `norm`; dy must be 0 in the padding.
 */
export function normBackward(
	kind: NormKind,
	t: { x: Tensor; gamma: Tensor; stats: Tensor; dy: Tensor; dx: Tensor; dgamma: Tensor; dbeta?: Tensor | undefined },
	options: { residual: boolean; accumulate: boolean },
): DispatchSpec {
	return dispatch("backward", kind, t.x, t, options);
}

/** dx += dy: the backward pass of a residual stream without a norm. Both are [runs, width, tokens']. */
export function addResidual(t: { dy: Tensor; dx: Tensor }): DispatchSpec {
	return dispatch("add", "rms", t.dx, t, {});
}
