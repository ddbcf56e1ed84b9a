import type { Memory } from "../gpu/memory.ts";
import { writeTensor } from "../gpu/memory.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import type { TuningProblem } from "../gpu/trials.ts";
import { ATTENTION, ATTENTION_SHADERS, attention, attentionBackwardKey, attentionBackwardQuery } from "./attention.ts";
import { type HeadGradientTensors, headGradient } from "./head.ts";
import { HEAD_TOKENS, HEAD_TOKENS_SHADERS, HEAD_VOCABULARY, HEAD_VOCABULARY_SHADERS } from "./head-variants.ts";
import { linear, linearBackward } from "./linear.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD, LINEAR_SHADERS } from "./linear-variants.ts";
import { NORM, NORM_SHADERS, normedLinear } from "./normed-linear.ts";

// About the size of a study's models, and small enough for software adapters.
const SEQUENCES = 8;
const CONTEXT = 64;
const TOKENS = SEQUENCES * CONTEXT;
const WIDTH = 64;
const OUTPUTS = 192;
const HEADS = 4;
const VOCABULARY = 512;
const SPLITS = 8;

/** Creates tensors of one run, filled with numbers between −1 and 1 that depend on the name. */
function filler(device: GPUDevice, memory: Memory) {
	return (name: string, ...shape: number[]): Tensor => {
		const tensor = memory.tensor(name, [1, ...shape]);
		const phase = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % 1000;
		const values = Float32Array.from({ length: entriesPerRun(tensor.shape) }, (_, i) => Math.sin(12.9898 * i + phase));
		writeTensor(device, tensor, 0, values);
		return tensor;
	};
}

const linearForwardProblem: TuningProblem = {
	operation: LINEAR_FORWARD,
	shaders: LINEAR_SHADERS,
	prepare(device, memory) {
		const given = filler(device, memory);
		const [x, w, bias] = [given("x", WIDTH, TOKENS), given("w", WIDTH, OUTPUTS), given("bias", OUTPUTS)];
		const y = memory.tensor("y", [1, OUTPUTS, TOKENS]);
		return { dispatches: (choice) => [linear({ x, w, bias, y }, choice)], results: [y] };
	},
};

const linearBackwardProblem: TuningProblem = {
	operation: LINEAR_BACKWARD,
	shaders: LINEAR_SHADERS,
	prepare(device, memory) {
		const given = filler(device, memory);
		const [x, w, dy] = [given("x", WIDTH, TOKENS), given("w", WIDTH, OUTPUTS), given("dy", OUTPUTS, TOKENS)];
		const dx = memory.tensor("dx", [1, WIDTH, TOKENS]);
		const dw = memory.tensor("dw", [1, 1, WIDTH, OUTPUTS]);
		const dbias = memory.tensor("dbias", [1, 1, OUTPUTS]);
		const tensors = { x, dy, w, dx, dw, dbias };
		return {
			dispatches: (choice) => [linearBackward(tensors, { accumulate: false }, choice)],
			results: [dx, dw, dbias],
		};
	},
};

/** Uses the layer with the most bindings: an adapter that cannot bind that many runs the norm in a separate dispatch. */
const normProblem: TuningProblem = {
	operation: NORM,
	shaders: NORM_SHADERS,
	prepare(device, memory) {
		const given = filler(device, memory);
		const empty = (name: string, ...shape: number[]) => memory.tensor(name, [1, ...shape]);
		const [x, gamma, beta] = [given("x", WIDTH, TOKENS), given("gamma", WIDTH), given("beta", WIDTH)];
		const [w, bias] = [given("w", WIDTH, OUTPUTS), given("bias", OUTPUTS)];
		const [normed, stats] = [empty("normed", WIDTH, TOKENS), empty("stats", 2, TOKENS)];
		const [u, y] = [empty("u", OUTPUTS, TOKENS), empty("y", OUTPUTS, TOKENS)];
		const tensors = { x, gamma, beta, normed, stats, w, bias, u, y };
		return {
			dispatches: (choice) => normedLinear("layer", tensors, "gelu", choice),
			results: [normed, stats, u, y],
		};
	},
};

/** The head's tensors. Its two large kernels are measured separately, the first along with the kernel that uses its results. */
function headTensors(device: GPUDevice, memory: Memory): HeadGradientTensors {
	const given = filler(device, memory);
	const empty = (name: string, ...shape: number[]) => memory.tensor(name, [1, ...shape]);
	return {
		...{ x: given("x", WIDTH, TOKENS), w: given("w", WIDTH, VOCABULARY), ids: empty("ids", SEQUENCES, CONTEXT + 1) },
		...{ parts: empty("parts", SPLITS, 2, TOKENS), dxParts: empty("dxParts", SPLITS, WIDTH, TOKENS) },
		...{ loss: empty("loss", 1), lse: empty("lse", 2, TOKENS), scratch: empty("scratch", 64 * SPLITS * TOKENS) },
		...{ dx: empty("dx", WIDTH, TOKENS), dw: empty("dw", WIDTH, VOCABULARY) },
	};
}

const headOptions = (variants: Record<string, string>) => ({
	...{ vocabulary: VOCABULARY, scale: 1 / TOKENS, accumulate: false, variants },
});

const headTokensProblem: TuningProblem = {
	operation: HEAD_TOKENS,
	shaders: HEAD_TOKENS_SHADERS,
	prepare(device, memory) {
		const t = headTensors(device, memory);
		return { dispatches: (choice) => headGradient(t, headOptions(choice)).slice(0, 2), results: [t.lse, t.dx] };
	},
};

const headVocabularyProblem: TuningProblem = {
	operation: HEAD_VOCABULARY,
	shaders: HEAD_VOCABULARY_SHADERS,
	prepare(device, memory) {
		const t = headTensors(device, memory);
		return { dispatches: (choice) => headGradient(t, headOptions(choice)).slice(2), results: [t.dw] };
	},
};

const attentionProblem: TuningProblem = {
	operation: ATTENTION,
	shaders: ATTENTION_SHADERS,
	prepare(device, memory) {
		const headSize = WIDTH / HEADS;
		const shape = { sequences: SEQUENCES, context: CONTEXT, heads: HEADS, keyValueHeads: HEADS, headSize, scale: 0.25 };
		const given = filler(device, memory);
		const empty = (name: string, ...size: number[]) => memory.tensor(name, [1, ...size]);
		const [qkv, d_o] = [given("qkv", 3 * WIDTH, TOKENS), given("d_o", WIDTH, TOKENS)];
		const [o, lse, delta] = [empty("o", WIDTH, TOKENS), empty("lse", HEADS, TOKENS), empty("delta", HEADS, TOKENS)];
		const backward = { qkv, lse, d_o, delta, dqkv: empty("dqkv", 3 * WIDTH, TOKENS) };
		return {
			dispatches: (choice) => [
				attention(shape, { qkv, o, lse }, choice),
				attentionBackwardQuery(shape, { ...backward, o }, choice),
				attentionBackwardKey(shape, backward, choice),
			],
			results: [o, backward.dqkv],
		};
	},
};

/** A problem for each operation with several variants. */
export const TUNING_PROBLEMS: readonly TuningProblem[] = [
	linearForwardProblem,
	linearBackwardProblem,
	normProblem,
	attentionProblem,
	headTokensProblem,
	headVocabularyProblem,
];
