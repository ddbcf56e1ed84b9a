import type { Memory } from "../gpu/memory.ts";
import { writeTensor } from "../gpu/memory.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import type { TuningProblem } from "../gpu/trials.ts";
import { attention, attentionBackwardKey, attentionBackwardQuery } from "./attention.ts";
import { ATTENTION, ATTENTION_SHADERS } from "./attention-variants.ts";
import { type HeadGradientTensors, headGradient } from "./head.ts";
import { HEAD_TOKENS, HEAD_TOKENS_SHADERS, HEAD_VOCABULARY, HEAD_VOCABULARY_SHADERS } from "./head-variants.ts";
import { linear, linearBackward } from "./linear.ts";
import { LINEAR_BACKWARD, LINEAR_FORWARD, LINEAR_SHADERS } from "./linear-variants.ts";
import { NORM, NORM_SHADERS, normedLinear } from "./normed-linear.ts";

/** The sizes that the variants are compared on. */
export interface TuningShape {
	runs: number;
	sequences: number;
	context: number;
	width: number;
	heads: number;
	vocabulary: number;
}

/** About the size of a study's models, and small enough for software adapters. */
const USUAL: TuningShape = { runs: 1, sequences: 8, context: 64, width: 64, heads: 4, vocabulary: 512 };

/** Outputs of a linear layer over its inputs, as for queries, keys and values, and ranges of the vocabulary. */
const OUTPUTS_PER_INPUT = 3;
const SPLITS = 8;

/** Makes tensors of a problem: filled, the same for each run, with numbers between −1 and 1 that depend on the name; or empty. */
function tensorsOf(device: GPUDevice, memory: Memory, { runs, sequences, context, width }: TuningShape) {
	const empty = (name: string, ...shape: number[]) => memory.tensor(name, [runs, ...shape]);
	const given = (name: string, ...shape: number[]): Tensor => {
		const tensor = empty(name, ...shape);
		const phase = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0) % 1000;
		const values = Float32Array.from({ length: entriesPerRun(tensor.shape) }, (_, i) => Math.sin(12.9898 * i + phase));
		for (let run = 0; run < runs; run++) writeTensor(device, tensor, run, values);
		return tensor;
	};
	return { given, empty, width, outputs: OUTPUTS_PER_INPUT * width, tokens: sequences * context };
}

const linearForwardProblem = (shape: TuningShape): TuningProblem => ({
	operation: LINEAR_FORWARD,
	shaders: LINEAR_SHADERS,
	prepare(device, memory) {
		const { given, empty, width, outputs, tokens } = tensorsOf(device, memory, shape);
		const [x, w, bias] = [given("x", width, tokens), given("w", width, outputs), given("bias", outputs)];
		const y = empty("y", outputs, tokens);
		return { dispatches: (choice) => [linear({ x, w, bias, y }, choice)], results: [y] };
	},
});

const linearBackwardProblem = (shape: TuningShape): TuningProblem => ({
	operation: LINEAR_BACKWARD,
	shaders: LINEAR_SHADERS,
	prepare(device, memory) {
		const { given, empty, width, outputs, tokens } = tensorsOf(device, memory, shape);
		const [x, w, dy] = [given("x", width, tokens), given("w", width, outputs), given("dy", outputs, tokens)];
		const dx = empty("dx", width, tokens);
		const dw = empty("dw", 1, width, outputs);
		const dbias = empty("dbias", 1, outputs);
		const tensors = { x, dy, w, dx, dw, dbias };
		return {
			dispatches: (choice) => [linearBackward(tensors, { accumulate: false }, choice)],
			results: [dx, dw, dbias],
		};
	},
});

/** Uses the layer with the most bindings: an adapter that cannot bind that many runs the norm in a separate dispatch. */
const normProblem = (shape: TuningShape): TuningProblem => ({
	operation: NORM,
	shaders: NORM_SHADERS,
	prepare(device, memory) {
		const { given, empty, width, outputs, tokens } = tensorsOf(device, memory, shape);
		const [x, gamma, beta] = [given("x", width, tokens), given("gamma", width), given("beta", width)];
		const [w, bias] = [given("w", width, outputs), given("bias", outputs)];
		const [normed, stats] = [empty("normed", width, tokens), empty("stats", 2, tokens)];
		const [u, y] = [empty("u", outputs, tokens), empty("y", outputs, tokens)];
		const tensors = { x, gamma, beta, normed, stats, w, bias, u, y };
		return {
			dispatches: (choice) => normedLinear("layer", tensors, "gelu", choice),
			results: [normed, stats, u, y],
		};
	},
});

/** The head's tensors. Its two large kernels are measured separately, the first along with the kernel that uses its results. */
function headTensors(device: GPUDevice, memory: Memory, shape: TuningShape): HeadGradientTensors {
	const { given, empty, width, tokens } = tensorsOf(device, memory, shape);
	const { sequences, context, vocabulary } = shape;
	return {
		...{ x: given("x", width, tokens), w: given("w", width, vocabulary), ids: empty("ids", sequences, context + 1) },
		...{ parts: empty("parts", SPLITS, 2, tokens), dxParts: empty("dxParts", SPLITS, width, tokens) },
		...{ loss: empty("loss", 1), lse: empty("lse", 2, tokens), scratch: empty("scratch", 64 * SPLITS * tokens) },
		...{ dx: empty("dx", width, tokens), dw: empty("dw", width, vocabulary) },
	};
}

const headOptions = ({ vocabulary, sequences, context }: TuningShape, variants: Record<string, string>) => ({
	...{ vocabulary, scale: 1 / (sequences * context), accumulate: false, variants },
});

const headTokensProblem = (shape: TuningShape): TuningProblem => ({
	operation: HEAD_TOKENS,
	shaders: HEAD_TOKENS_SHADERS,
	prepare(device, memory) {
		const t = headTensors(device, memory, shape);
		return { dispatches: (choice) => headGradient(t, headOptions(shape, choice)).slice(0, -1), results: [t.lse, t.dx] };
	},
});

const headVocabularyProblem = (shape: TuningShape): TuningProblem => ({
	operation: HEAD_VOCABULARY,
	shaders: HEAD_VOCABULARY_SHADERS,
	prepare(device, memory) {
		const t = headTensors(device, memory, shape);
		return { dispatches: (choice) => headGradient(t, headOptions(shape, choice)).slice(-1), results: [t.dw] };
	},
});

const attentionProblem = (shape: TuningShape): TuningProblem => ({
	operation: ATTENTION,
	shaders: ATTENTION_SHADERS,
	prepare(device, memory) {
		const { given, empty, width, tokens } = tensorsOf(device, memory, shape);
		const { sequences, context, heads } = shape;
		const sizes = { sequences, context, heads, keyValueHeads: heads, headSize: width / heads, scale: 0.25 };
		const [qkv, d_o] = [given("qkv", 3 * width, tokens), given("d_o", width, tokens)];
		const [o, lse, delta] = [empty("o", width, tokens), empty("lse", heads, tokens), empty("delta", heads, tokens)];
		const backward = { qkv, lse, d_o, delta, dqkv: empty("dqkv", 3 * width, tokens) };
		return {
			dispatches: (choice) => [
				attention(sizes, { qkv, o, lse }, choice),
				attentionBackwardQuery(sizes, { ...backward, o }, choice),
				attentionBackwardKey(sizes, backward, choice),
			],
			results: [o, backward.dqkv],
		};
	},
});

/** A problem for each operation with several variants. */
export function tuningProblems(shape: TuningShape): TuningProblem[] {
	return [
		linearForwardProblem(shape),
		linearBackwardProblem(shape),
		normProblem(shape),
		attentionProblem(shape),
		headTokensProblem(shape),
		headVocabularyProblem(shape),
	];
}

/** The problems of the usual shape. */
export const TUNING_PROBLEMS: readonly TuningProblem[] = tuningProblems(USUAL);
