import attentionCode from "../../shaders/attention.wgsl?raw";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { groups, lanesHeader, vectorised } from "./lanes.ts";

const shader = { file: "attention.wgsl", code: attentionCode };

function dispatch(entryPoint: string, heads: number, qkv: Tensor, o: Tensor, bindings: DispatchSpec["bindings"]) {
	const [runs, sequences, context, width] = o.shape as [number, number, number, number];
	if (qkv.shape.at(-1) !== 3 * width || width % heads !== 0)
		throw new RangeError(
			`attention: qkv is [${qkv.shape}], o is [${o.shape}], heads is ${heads}; ` +
				"qkv's last axis must be 3 × o's, and heads must divide o's",
		);
	const size = width / heads;
	const vector = vectorised(size);
	const header = `${lanesHeader(vector)}\nconst HEAD = ${size}u;\nconst HEAD_VECS = ${size / (vector ? 4 : 1)}u;`;
	return {
		kernel: { shader, entryPoint, header },
		bindings,
		sizes: { sequences, context, heads, o_run: o.runStride },
		grid: [groups(sequences * heads * context), 1, runs],
	} as const satisfies DispatchSpec;
}

/** Causal attention. qkv: [runs, sequences, context, 3·width]; o: […, width]; lse: [runs, sequences, heads, context]. */
export function attention(heads: number, t: { qkv: Tensor; o: Tensor; lse: Tensor }): DispatchSpec {
	return dispatch("forward", heads, t.qkv, t.o, t);
}

/** The q part of dqkv, and delta = do·o, which `attentionBackwardKey` needs. */
export function attentionBackwardQuery(
	heads: number,
	t: { qkv: Tensor; o: Tensor; lse: Tensor; d_o: Tensor; delta: Tensor; dqkv: Tensor },
): DispatchSpec {
	return dispatch("backward_query", heads, t.qkv, t.o, t);
}

/** The k and v parts of dqkv. */
export function attentionBackwardKey(
	heads: number,
	t: { qkv: Tensor; lse: Tensor; d_o: Tensor; delta: Tensor; dqkv: Tensor },
): DispatchSpec {
	return dispatch("backward_key", heads, t.qkv, t.d_o, t);
}
