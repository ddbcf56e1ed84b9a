import queryKeyCode from "../../shaders/query-key.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { constantsHeader } from "./constants.ts";
import { storedHeader } from "./stored.ts";

const shader = { file: "query-key.wgsl", code: queryKeyCode };
/** Workgroup size; each invocation handles four tokens. */
const WORKGROUP = 32;

/** Numbers of query heads, and of key and value heads. */
export interface HeadCounts {
	heads: number;
	keyValueHeads: number;
	headSize: number;
}

const GAIN = `fn gain_of(run: u32, head: u32, d: u32) -> f32 {
	if (head < sizes.heads) { return q_gain[run * sizes.q_gain_run + d]; }
	return k_gain[run * sizes.q_gain_run + d];
}`;
const NO_GAIN = "fn gain_of(run: u32, head: u32, d: u32) -> f32 { return 1.0; }";
const KEEP = `fn keep_rstd(run: u32, head: u32, column: u32, value: vec4f) {
	rstd[run * (sizes.rstd_run / 4u) + head * sizes.columns + column] = value;
}`;
const NO_KEEP = "fn keep_rstd(run: u32, head: u32, column: u32, value: vec4f) {}";
const TURNS = `@group(0) @binding(10) var<storage, read> turns: array<vec4f>;
fn turns_of(at: u32) -> vec4f { return turns[at]; }`;
const NO_TURNS = "fn turns_of(at: u32) -> vec4f { return vec4f(); }";

function dispatch(
	entryPoint: "forward" | "backward",
	{ heads, keyValueHeads, headSize }: HeadCounts,
	tensors: { raw: Tensor } & Record<string, Tensor | undefined>,
	accumulate: boolean,
): DispatchSpec {
	const [runs, , tokens] = tensors.raw.shape as [number, number, number];
	const across = [runs, (heads + 2 * keyValueHeads) * headSize, tokens];
	const shapes: Record<string, number[]> = {
		...{ raw: across, qkv: across, dqkv: across, draw: across },
		...{ rstd: [runs, heads + keyValueHeads, tokens], turns: [1, headSize, tokens] },
	};
	for (const [name, tensor] of Object.entries(tensors)) {
		const expected = shapes[name] ?? [runs, headSize];
		if (tensor && `${tensor.shape}` !== `${expected}`)
			throw new RangeError(
				`query and key: ${name} is [${tensor.shape}], raw is [${tensors.raw.shape}]; for ${heads} and ` +
					`${keyValueHeads} heads of ${headSize} it must be [${expected}]`,
			);
	}
	const normed = tensors.q_gain !== undefined;
	const turned = tensors.turns !== undefined;
	const tokenGroups = Math.ceil(tokens / 4 / WORKGROUP);
	return {
		kernel: {
			shader,
			entryPoint,
			header: [
				constantsHeader({ WORKGROUP }),
				`const NORMED = ${normed};\nconst TURNED = ${turned};`,
				storedHeader({ Raw: tensors.raw }),
				...[normed ? GAIN : NO_GAIN, normed && entryPoint === "forward" ? KEEP : NO_KEEP, turned ? TURNS : NO_TURNS],
			].join("\n"),
		},
		bindings: Object.fromEntries(Object.entries(tensors).filter((t): t is [string, Tensor] => t[1] !== undefined)),
		sizes: {
			...{ heads, key_heads: keyValueHeads, head_size: headSize },
			...{ columns: tokens / 4, token_groups: tokenGroups, accumulate: Number(accumulate) },
		},
		grid: [tokenGroups + (entryPoint === "backward" ? headSize : 0), heads + 2 * keyValueHeads, runs],
	};
}

/**
 * Queries and keys, normed if `gains` is given and rotated by position if `turns` is (see `rotaryTable`).
 * raw, qkv: [runs, (heads + 2·keyValueHeads)·headSize, tokens']; rstd, for the backward pass of the norm:
 * [runs, heads + keyValueHeads, tokens']; gains: [runs, headSize].
 *
 * @throws RangeError when the shapes do not fit
 */
export function queryKey(
	counts: HeadCounts,
	t: {
		raw: Tensor;
		qkv: Tensor;
		gains?: { q: Tensor; k: Tensor; rstd: Tensor } | undefined;
		turns?: Tensor | undefined;
	},
): DispatchSpec {
	const { raw, qkv, gains, turns } = t;
	const normed = gains && { q_gain: gains.q, k_gain: gains.k, rstd: gains.rstd };
	return dispatch("forward", counts, { raw, qkv, ...normed, turns }, false);
}

/** draw, from dqkv that attention has already rotated back, and the gains' gradients. Shapes as for `queryKey`. */
export function queryKeyBackward(
	counts: HeadCounts,
	t: { raw: Tensor; rstd: Tensor; dqkv: Tensor; draw: Tensor; q: Tensor; k: Tensor; dq: Tensor; dk: Tensor },
	accumulate: boolean,
): DispatchSpec {
	const { raw, rstd, dqkv, draw, q, k, dq, dk } = t;
	return dispatch(
		"backward",
		counts,
		{ raw, rstd, dqkv, draw, q_gain: q, k_gain: k, dq_gain: dq, dk_gain: dk },
		accumulate,
	);
}
