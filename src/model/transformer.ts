import {
	ACTIVATIONS,
	type ActivationFunction,
	type ActivationStorage,
	DEFAULT_STORAGE,
} from "../architecture/choices.ts";
import type { ModelConfig } from "../architecture/config.ts";
import { attentionScale, outputMultiplier } from "../architecture/parametrization.ts";
import { activationShapes, isHalf } from "../architecture/working-set.ts";
import type { Memory } from "../gpu/memory.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import type { Variants } from "../gpu/variants.ts";
import { attention, attentionBackwardKey, attentionBackwardQuery } from "../kernels/attention.ts";
import { embedding, embeddingBackward } from "../kernels/embedding.ts";
import { gated } from "../kernels/gated.ts";
import { type HeadOptions, type HeadTensors, head, headGradient } from "../kernels/head.ts";
import { linear, linearActivation, linearBackward } from "../kernels/linear.ts";
import { addResidual, norm, normBackward } from "../kernels/norm.ts";
import { normedLinear } from "../kernels/normed-linear.ts";
import { queryKey, queryKeyBackward } from "../kernels/query-key.ts";
import { rotaryTable } from "../kernels/rotary.ts";
import type { ModelState } from "./state.ts";

type Tensors = Record<string, Tensor>;

/** Activations of a pack by their names in `activationShapes`: [runs, features, tokens']. */
export interface Activations {
	/** For each block, what its forward pass stores for its backward pass. */
	blocks: Tensors[];
	/** Tensors shared by all blocks, such as gradients, which every block overwrites. */
	shared: Tensors;
}

/** The rings that hold the tokens and receive the loss. */
export interface Feed {
	/** [runs or 1, sequences, context + 1] */
	ids: Ring;
	/** [runs or 1, sequences·context]: positions sorted by token id. */
	order: Ring;
	loss: Ring;
}

/** Settings of a pass over a micro-batch. */
export interface PassOptions {
	/** Factor of the loss and its gradients: scale · Σ over the tokens. */
	scale: number;
	/** Whether loss and gradients are added to those of earlier micro-batches. */
	accumulate: boolean;
	variants?: Variants | undefined;
}

/** Allocates the activations of a forward and backward pass over [runs, sequences, context] tokens. */
export function createActivations(
	memory: Memory,
	config: ModelConfig,
	runs: number,
	sequences: number,
	storage: ActivationStorage = DEFAULT_STORAGE,
): Activations {
	const { block, shared } = activationShapes(config, sequences);
	const allocate = (shapes: Record<string, readonly number[]>, prefix = "") =>
		Object.fromEntries(
			Object.entries(shapes).map(([name, shape]) => {
				const copies = name === "turns" ? 1 : runs;
				return [name, memory.tensor(prefix + name, [copies, ...shape], isHalf(name, storage))];
			}),
		);
	const blocks = Array.from({ length: config.layers }, (_, layer) => allocate(block, `h.${layer}.`));
	const once = allocate(shared);
	if (once.turns) memory.write(once.turns, rotaryTable(config.headSize, sequences * config.context, config.context));
	return { blocks, shared: once };
}

/** The kernels of one model's pass over one micro-batch, bound to their tensors. */
class Pass {
	private readonly hidden: ActivationFunction;
	private readonly attentionShape;

	constructor(
		private readonly config: ModelConfig,
		private readonly state: ModelState,
		private readonly a: Activations,
		private readonly feed: Feed,
		private readonly options: PassOptions,
	) {
		const { context, heads, keyValueHeads, headSize, activation } = config;
		const sequences = feed.ids.shape[1]!;
		this.attentionShape = { sequences, context, heads, keyValueHeads, headSize, scale: attentionScale(config) };
		this.hidden = ACTIVATIONS[activation].function;
	}

	private parameter(name: string): Tensor {
		const tensor = this.state.parameters.get(name);
		if (!tensor) throw new RangeError(`model: it has no tensor ${name}`);
		return tensor;
	}

	private bias(name: string): Tensor | undefined {
		return this.state.parameters.get(`${name}.bias`);
	}

	/** The tensor in which a parameter's gradient is summed: [runs, ranges, …]. */
	private ranged(name: string): Tensor {
		const partial = this.state.partials.get(name);
		if (partial) return partial;
		const whole = this.state.gradients.get(name)!;
		const [runs, ...shape] = whole.shape;
		return { ...whole, shape: [runs!, 1, ...shape] };
	}

	private gradient(name: string): Tensor {
		return this.state.gradients.get(name)!;
	}

	/** The input of one half of block `layer`: the normed residual stream or, without norms, the stream itself. */
	private normed(layer: number, half: "1" | "2"): Tensor {
		const b = this.a.blocks[layer]!;
		return b[`norm${half}`] ?? (half === "1" ? b.x! : b.middle!);
	}

	private norm(name: string, x: Tensor, y: Tensor | undefined, stats: Tensor | undefined): DispatchSpec[] {
		if (this.config.norm === "none") return [];
		const gains = { gamma: this.parameter(`${name}.weight`), beta: this.bias(name) };
		return [norm(this.config.norm, { x, ...gains, y: y!, stats: stats! })];
	}

	/** The backward pass of a norm, from dnorm into dx; `residual`, inside a block, adds to dx. */
	private normBackward(name: string, x: Tensor, stats: Tensor | undefined, residual: boolean): DispatchSpec[] {
		const { dx, dnorm } = this.a.shared as { dx: Tensor; dnorm: Tensor };
		if (this.config.norm === "none") return residual ? [addResidual({ dy: dnorm, dx })] : [];
		const { accumulate } = this.options;
		const dbeta = this.state.gradients.get(`${name}.bias`);
		const tensors = { x, gamma: this.parameter(`${name}.weight`), stats: stats!, dy: dnorm, dx };
		const gradients = { dgamma: this.gradient(`${name}.weight`), dbeta };
		return [normBackward(this.config.norm, { ...tensors, ...gradients }, { residual, accumulate })];
	}

	private linear(name: string, x: Tensor, y: Tensor, residual?: Tensor): DispatchSpec {
		const w = this.parameter(`${name}.weight`);
		return linear({ x, w, bias: this.bias(name), y, residual }, this.options.variants);
	}

	/** The first linear layer of a half, applied to the normed residual stream, if there are norms. With `u`, y = activation(u). */
	private normedLinear(layer: number, half: "1" | "2", name: string, y: Tensor, u?: Tensor): DispatchSpec[] {
		const { norm } = this.config;
		const { variants } = this.options;
		const b = this.a.blocks[layer]!;
		const x = half === "1" ? b.x! : b.middle!;
		const t = { x, w: this.parameter(`${name}.weight`), bias: this.bias(name), y };
		if (norm === "none") return [u ? linearActivation({ ...t, u }, this.hidden, variants) : linear(t, variants)];
		const ln = `h.${layer}.ln_${half}`;
		const gains = { gamma: this.parameter(`${ln}.weight`), beta: this.bias(ln) };
		const kept = { normed: b[`norm${half}`]!, stats: b[`stats${half}`]! };
		return normedLinear(norm, { ...t, u, ...gains, ...kept }, u && this.hidden, variants);
	}

	/** With `u`, x is the output of an activation function or gated unit of u, and dx becomes the gradient of u. */
	private linearBackward(name: string, x: Tensor, dy: Tensor, dx: Tensor, u?: Tensor): DispatchSpec {
		const dbias = this.bias(name) && this.ranged(`${name}.bias`);
		const dw = this.ranged(`${name}.weight`);
		const { accumulate, variants } = this.options;
		return linearBackward(
			{ x, dy, w: this.parameter(`${name}.weight`), dx, dw, dbias, u },
			{ activation: u && this.hidden, accumulate },
			variants,
		);
	}

	/** x += attention(norm(x)); x += feed-forward(norm(x)). */
	block(layer: number): DispatchSpec[] {
		const { shared, blocks } = this.a;
		const b = blocks[layer]! as Record<string, Tensor> & Record<"x" | "middle" | "qkv" | "o" | "lse" | "u", Tensor>;
		const name = (tensor: string) => `h.${layer}.${tensor}`;
		const raw = b.raw ?? shared.raw;
		const gains = b.rstd && {
			...{ q: this.parameter(name("attn.q_norm.weight")), k: this.parameter(name("attn.k_norm.weight")) },
			rstd: b.rstd,
		};
		return [
			...this.normedLinear(layer, "1", name("attn.c_attn"), raw ?? b.qkv),
			...(raw ? [queryKey(this.config, { raw, qkv: b.qkv, gains, turns: shared.turns })] : []),
			attention(this.attentionShape, { qkv: b.qkv, o: b.o, lse: b.lse }, this.options.variants),
			this.linear(name("attn.c_proj"), b.o, b.middle, b.x),
			...this.hiddenLayer(layer),
			this.linear(name("mlp.c_proj"), b.hidden!, blocks[layer + 1]?.x ?? shared.x!, b.middle),
		];
	}

	private hiddenLayer(layer: number): DispatchSpec[] {
		const { u, hidden } = this.a.blocks[layer]! as { u: Tensor; hidden: Tensor };
		const name = `h.${layer}.mlp.c_fc`;
		if (!ACTIVATIONS[this.config.activation].gated) return this.normedLinear(layer, "2", name, hidden, u);
		return [...this.normedLinear(layer, "2", name, u), gated(this.hidden, { u, y: hidden })];
	}

	blockBackward(layer: number): DispatchSpec[] {
		const b = this.a.blocks[layer]! as Record<string, Tensor> & Record<"x" | "middle" | "qkv" | "o" | "lse", Tensor>;
		const { dx, dnorm, d_o, delta, dqkv, turns } = this.a.shared as Record<string, Tensor> &
			Record<"dx" | "dnorm" | "d_o" | "delta" | "dqkv", Tensor>;
		const name = (tensor: string) => `h.${layer}.${tensor}`;
		const forAttention = { qkv: b.qkv, lse: b.lse, d_o, delta, dqkv, turns };
		return [
			...this.hiddenLayerBackward(layer),
			...this.normBackward(name("ln_2"), b.middle, b.stats2, true),
			this.linearBackward(name("attn.c_proj"), b.o, dx, d_o),
			attentionBackwardQuery(this.attentionShape, { ...forAttention, o: b.o }, this.options.variants),
			attentionBackwardKey(this.attentionShape, forAttention, this.options.variants),
			...this.queryKeyBackward(layer),
			this.linearBackward(name("attn.c_attn"), this.normed(layer, "1"), this.a.shared.draw ?? dqkv, dnorm),
			...this.normBackward(name("ln_1"), b.x, b.stats1, true),
		];
	}

	private hiddenLayerBackward(layer: number): DispatchSpec[] {
		const { dx, dnorm, du } = this.a.shared as Record<string, Tensor> & Record<"dx" | "dnorm" | "du", Tensor>;
		const { u, hidden } = this.a.blocks[layer]! as { u: Tensor; hidden: Tensor };
		const [fc, proj] = [`h.${layer}.mlp.c_fc`, `h.${layer}.mlp.c_proj`];
		return [this.linearBackward(proj, hidden, dx, du, u), this.linearBackward(fc, this.normed(layer, "2"), du, dnorm)];
	}

	private queryKeyBackward(layer: number): DispatchSpec[] {
		const { dqkv, draw } = this.a.shared as { dqkv: Tensor; draw?: Tensor };
		if (!draw) return [];
		const { raw, rstd } = this.a.blocks[layer]! as { raw: Tensor; rstd: Tensor };
		const [q, k] = [`h.${layer}.attn.q_norm.weight`, `h.${layer}.attn.k_norm.weight`];
		const gains = { q: this.parameter(q), k: this.parameter(k), dq: this.gradient(q), dk: this.gradient(k) };
		return [queryKeyBackward(this.config, { raw, rstd, dqkv, draw, ...gains }, this.options.accumulate)];
	}

	/** From the tokens to the input of the head. */
	body(): DispatchSpec[] {
		const { blocks, shared } = this.a;
		const wpe = this.state.parameters.get("wpe.weight");
		const x = blocks[0]?.x ?? shared.x!;
		return [
			embedding({ ids: this.feed.ids, wte: this.parameter("wte.weight"), wpe, x }),
			...blocks.flatMap((_, layer) => this.block(layer)),
			...this.norm("ln_f", shared.x!, shared.normF, shared.statsF),
		];
	}

	private headTensors(): HeadTensors {
		const { x, normF, parts } = this.a.shared as Record<string, Tensor> & Record<"x" | "parts", Tensor>;
		const { ids, loss } = this.feed;
		return { x: normF ?? x, w: this.parameter(this.headMatrix), ids, parts, loss };
	}

	private get headMatrix(): string {
		return this.config.tied ? "wte.weight" : "lm_head.weight";
	}

	private get headOptions(): HeadOptions {
		const { scale, accumulate, variants = {} } = this.options;
		return {
			vocabulary: this.config.vocabulary,
			scale,
			accumulate,
			multiplier: outputMultiplier(this.config),
			variants,
		};
	}

	loss(): DispatchSpec[] {
		return head(this.headTensors(), this.headOptions);
	}

	/** The loss, and its gradients back to the embeddings. */
	backward(): DispatchSpec[] {
		const { dx, dnorm, dxParts, scratch, headLse, x, statsF } = this.a.shared as Record<string, Tensor> &
			Record<"dx" | "dnorm" | "dxParts" | "scratch" | "headLse" | "x", Tensor>;
		const { tied, norm, layers } = this.config;
		const dw = this.ranged(this.headMatrix);
		const cleared = tied ? {} : { cleared: this.gradient("wte.weight") };
		const gradient = { dxParts, scratch, lse: headLse, dx: norm === "none" ? dx : dnorm, dw, ...cleared };
		const dwte = tied ? dw : this.gradient("wte.weight");
		const dwpe = this.state.gradients.get("wpe.weight");
		return [
			...headGradient({ ...this.headTensors(), ...gradient }, this.headOptions),
			...this.normBackward("ln_f", x, statsF, false),
			...Array.from({ length: layers }, (_, i) => this.blockBackward(layers - 1 - i)).flat(),
			embeddingBackward({ ids: this.feed.ids, order: this.feed.order, dx, dwte, dwpe }, this.options.accumulate),
		];
	}
}

/** The forward pass alone: loss (+)= scale · Σ cross-entropy over the tokens. */
export function forward(
	config: ModelConfig,
	state: ModelState,
	a: Activations,
	feed: Feed,
	options: PassOptions,
): DispatchSpec[] {
	const pass = new Pass(config, state, a, feed, options);
	return [...pass.body(), ...pass.loss()];
}

/** Forward and backward pass: the same loss, and the gradients of all parameters (in `partials` for those with ranges). */
export function forwardBackward(
	config: ModelConfig,
	state: ModelState,
	a: Activations,
	feed: Feed,
	options: PassOptions,
): DispatchSpec[] {
	const pass = new Pass(config, state, a, feed, options);
	return [...pass.body(), ...pass.backward()];
}
