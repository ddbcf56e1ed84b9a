import type { Memory } from "../gpu/memory.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import { attention, attentionBackwardKey, attentionBackwardQuery } from "../kernels/attention.ts";
import { embedding, embeddingBackwardPosition, embeddingBackwardToken, embeddingClear } from "../kernels/embedding.ts";
import { type HeadTensors, head, headBackward } from "../kernels/head.ts";
import { layerNorm, layerNormBackwardInput, layerNormBackwardWeight } from "../kernels/layer-norm.ts";
import { linear, linearBackwardInput, linearBackwardWeight, linearGelu, linearResidual } from "../kernels/linear.ts";
import { type ModelConfig, modelConfig } from "./config.ts";
import type { ModelState } from "./state.ts";
import { headSplits, headTile } from "./working-set.ts";

/** What the forward pass of one block leaves for its backward pass. */
interface Block {
	/** The residual stream before the block and between its halves. */
	x: Tensor;
	middle: Tensor;
	norm1: Tensor;
	stats1: Tensor;
	qkv: Tensor;
	o: Tensor;
	lse: Tensor;
	norm2: Tensor;
	stats2: Tensor;
	u: Tensor;
	hidden: Tensor;
}

/** Activations of a pack; all [runs, sequences, context, …]. */
export interface Activations {
	blocks: Block[];
	/** The residual stream after the last block. */
	x: Tensor;
	normF: Tensor;
	statsF: Tensor;
	/** Gradients, each used again by every block. */
	dx: Tensor;
	dnorm: Tensor;
	do: Tensor;
	delta: Tensor;
	dqkv: Tensor;
	dhidden: Tensor;
	dz: Tensor;
	head: Pick<HeadTensors, "parts" | "targetLogit" | "lse">;
}

/** Where the tokens come from and the loss goes to. */
export interface Feed {
	/** [runs or 1, sequences, context + 1] */
	ids: Ring;
	/** [runs or 1, sequences·context]: places sorted by id. */
	order: Ring;
	loss: Ring;
}

/** @throws RangeError for choices that these kernels do not compute */
function requireGpt2(config: ModelConfig): void {
	const { vocabulary, context, width, layers, heads, hidden, tied } = config;
	const gpt2 = modelConfig({ vocabulary, context, width, layers, heads, hidden, tied });
	for (const [key, value] of Object.entries(gpt2))
		if (config[key as keyof ModelConfig] !== value)
			throw new RangeError(
				`model: ${key} is ${config[key as keyof ModelConfig]}; this engine computes ${key} = ${value} only`,
			);
}

/** Allocates what a forward and backward pass over [runs, sequences, context] tokens keeps. */
export function createActivations(memory: Memory, config: ModelConfig, runs: number, sequences: number): Activations {
	requireGpt2(config);
	const { vocabulary, context, width, layers, heads, hidden } = config;
	const tokens = sequences * context;
	const tensor = (name: string, last: number) => memory.tensor(name, [runs, sequences, context, last]);
	const stats = (name: string) => memory.tensor(name, [runs, tokens, 2]);
	const blocks = Array.from(
		{ length: layers },
		(_, layer): Block => ({
			x: tensor(`h.${layer}.x`, width),
			norm1: tensor(`h.${layer}.norm1`, width),
			stats1: stats(`h.${layer}.stats1`),
			qkv: tensor(`h.${layer}.qkv`, 3 * width),
			o: tensor(`h.${layer}.o`, width),
			lse: memory.tensor(`h.${layer}.lse`, [runs, sequences, heads, context]),
			middle: tensor(`h.${layer}.middle`, width),
			norm2: tensor(`h.${layer}.norm2`, width),
			stats2: stats(`h.${layer}.stats2`),
			u: tensor(`h.${layer}.u`, hidden),
			hidden: tensor(`h.${layer}.hidden`, hidden),
		}),
	);
	return {
		blocks,
		x: tensor("x", width),
		normF: tensor("normF", width),
		statsF: stats("statsF"),
		dx: tensor("dx", width),
		dnorm: tensor("dnorm", width),
		do: tensor("do", width),
		delta: memory.tensor("delta", [runs, sequences, heads, context]),
		dqkv: tensor("dqkv", 3 * width),
		dhidden: tensor("dhidden", hidden),
		dz: memory.tensor("dz", [runs, headTile(vocabulary, tokens), tokens]),
		head: {
			parts: memory.tensor("parts", [runs, headSplits(vocabulary), tokens, 2]),
			targetLogit: memory.tensor("targetLogit", [runs, tokens]),
			lse: memory.tensor("lse", [runs, tokens]),
		},
	};
}

/** A model's tensors by name; an unknown name is an error here, not undefined later. */
function named(tensors: Map<string, Tensor>): (name: string) => Tensor {
	return (name) => {
		const tensor = tensors.get(name);
		if (!tensor) throw new RangeError(`model: has no tensor ${name}`);
		return tensor;
	};
}

function headTensors(config: ModelConfig, state: ModelState, a: Activations, feed: Feed): HeadTensors {
	const w = named(state.parameters)(config.tied ? "wte.weight" : "lm_head.weight");
	return { x: a.normF, w, ids: feed.ids, loss: feed.loss, ...a.head };
}

/**
 * The forward pass: loss (+)= scale · Σ over the tokens of their cross-entropy.
 * x += attention(norm(x)); x += feed-forward(norm(x)), block by block; then the last norm and the head.
 */
export function forward(
	config: ModelConfig,
	state: ModelState,
	a: Activations,
	feed: Feed,
	options: { scale: number; accumulate: boolean },
): DispatchSpec[] {
	const p = named(state.parameters);
	const specs: DispatchSpec[] = [];
	const first = a.blocks[0]?.x ?? a.x;
	specs.push(embedding({ ids: feed.ids, wte: p("wte.weight"), wpe: p("wpe.weight"), x: first }));
	a.blocks.forEach((b, layer) => {
		const w = (name: string) => p(`h.${layer}.${name}`);
		const out = a.blocks[layer + 1]?.x ?? a.x;
		specs.push(
			layerNorm({ x: b.x, gamma: w("ln_1.weight"), beta: w("ln_1.bias"), y: b.norm1, stats: b.stats1 }),
			linear({ x: b.norm1, w: w("attn.c_attn.weight"), bias: w("attn.c_attn.bias"), y: b.qkv }),
			attention(config.heads, { qkv: b.qkv, o: b.o, lse: b.lse }),
			linearResidual({
				...{ x: b.o, w: w("attn.c_proj.weight"), bias: w("attn.c_proj.bias") },
				...{ residual: b.x, y: b.middle },
			}),
			layerNorm({ x: b.middle, gamma: w("ln_2.weight"), beta: w("ln_2.bias"), y: b.norm2, stats: b.stats2 }),
			linearGelu({ x: b.norm2, w: w("mlp.c_fc.weight"), bias: w("mlp.c_fc.bias"), u: b.u, y: b.hidden }),
			linearResidual({
				...{ x: b.hidden, w: w("mlp.c_proj.weight"), bias: w("mlp.c_proj.bias") },
				...{ residual: b.middle, y: out },
			}),
		);
	});
	specs.push(layerNorm({ x: a.x, gamma: p("ln_f.weight"), beta: p("ln_f.bias"), y: a.normF, stats: a.statsF }));
	specs.push(...head(headTensors(config, state, a, feed), options));
	return specs;
}

/**
 * The backward pass, mirroring `forward` from its last line to its first. Gradients are of scale · Σ loss; with
 * `accumulate` they are added to those of the micro-batches before.
 */
export function backward(
	config: ModelConfig,
	state: ModelState,
	a: Activations,
	feed: Feed,
	options: { scale: number; accumulate: boolean },
): DispatchSpec[] {
	const p = named(state.parameters);
	const d = named(state.partials);
	const dwte = named(state.gradients)("wte.weight");
	const { accumulate } = options;
	const { dx, dnorm, dqkv, dhidden, delta, do: d_o } = a;
	const specs: DispatchSpec[] = [];
	const dw = config.tied ? dwte : named(state.gradients)("lm_head.weight");
	specs.push(...headBackward({ ...headTensors(config, state, a, feed), dz: a.dz, dx: dnorm, dw }, options));
	const normBackward = (name: string, x: Tensor, stats: Tensor, residual: boolean) =>
		specs.push(
			layerNormBackwardWeight(
				{ x, stats, dy: dnorm, dgamma: d(`${name}.weight`), dbeta: d(`${name}.bias`) },
				accumulate,
			),
			layerNormBackwardInput({ x, gamma: p(`${name}.weight`), stats, dy: dnorm, dx }, residual),
		);
	normBackward("ln_f", a.x, a.statsF, false);
	for (let layer = a.blocks.length - 1; layer >= 0; layer--) {
		const b = a.blocks[layer]!;
		const name = (tensor: string) => `h.${layer}.${tensor}`;
		const weight = (linear: string, x: Tensor, dy: Tensor) =>
			specs.push(
				linearBackwardWeight({ x, dy, dw: d(name(`${linear}.weight`)), dbias: d(name(`${linear}.bias`)) }, accumulate),
			);
		weight("mlp.c_proj", b.hidden, dx);
		specs.push(linearBackwardInput({ dy: dx, w: p(name("mlp.c_proj.weight")), dx: dhidden, u: b.u }));
		weight("mlp.c_fc", b.norm2, dhidden);
		specs.push(linearBackwardInput({ dy: dhidden, w: p(name("mlp.c_fc.weight")), dx: dnorm }));
		normBackward(name("ln_2"), b.middle, b.stats2, true);
		weight("attn.c_proj", b.o, dx);
		specs.push(linearBackwardInput({ dy: dx, w: p(name("attn.c_proj.weight")), dx: d_o }));
		specs.push(attentionBackwardQuery(config.heads, { qkv: b.qkv, o: b.o, lse: b.lse, d_o, delta, dqkv }));
		specs.push(attentionBackwardKey(config.heads, { qkv: b.qkv, lse: b.lse, d_o, delta, dqkv }));
		weight("attn.c_attn", b.norm1, dqkv);
		specs.push(linearBackwardInput({ dy: dqkv, w: p(name("attn.c_attn.weight")), dx: dnorm }));
		normBackward(name("ln_1"), b.x, b.stats1, true);
	}
	if (!config.tied && !accumulate) specs.push(embeddingClear({ dwte }));
	specs.push(
		embeddingBackwardToken({ ids: feed.ids, order: feed.order, dx, dwte }),
		embeddingBackwardPosition({ dx, dwpe: d("wpe.weight") }, accumulate),
	);
	return specs;
}
