import { ACTIVATIONS, type ActivationFunction } from "../architecture/choices.ts";
import type { TransformerConfig } from "../architecture/config.ts";
import { attentionScale } from "../architecture/parametrization.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { attention, attentionBackwardKey, attentionBackwardQuery } from "../kernels/attention.ts";
import { gated } from "../kernels/gated.ts";
import { linear, linearActivation } from "../kernels/linear.ts";
import { addResidual, norm, normBackward } from "../kernels/norm.ts";
import { normedLinear } from "../kernels/normed-linear.ts";
import { queryKey, queryKeyBackward } from "../kernels/query-key.ts";
import type { Activations } from "./activations.ts";
import type { Layers, Pass, PassOptions } from "./pass.ts";

/** The blocks of a transformer and the norm after them. */
export class TransformerLayers implements Layers {
	private readonly hidden: ActivationFunction;
	private readonly attentionShape;
	private readonly a: Activations;
	private readonly options: PassOptions;

	constructor(
		private readonly config: TransformerConfig,
		private readonly pass: Pass,
	) {
		const { context, heads, keyValueHeads, headSize, activation } = config;
		const sequences = pass.feed.ids.shape[1]!;
		this.attentionShape = { sequences, context, heads, keyValueHeads, headSize, scale: attentionScale(config) };
		this.hidden = ACTIVATIONS[activation].function;
		this.a = pass.a;
		this.options = pass.options;
	}

	get input(): Tensor {
		return this.a.blocks[0]?.x ?? this.a.shared.x!;
	}

	get output(): Tensor {
		return this.a.shared.normF ?? this.a.shared.x!;
	}

	get doutput(): Tensor {
		return this.config.norm === "none" ? this.a.shared.dx! : this.a.shared.dnorm!;
	}

	get dinput(): Tensor {
		return this.a.shared.dx!;
	}

	forward(): DispatchSpec[] {
		const { blocks, shared } = this.a;
		return [
			...blocks.flatMap((_, layer) => this.block(layer)),
			...this.norm("ln_f", shared.x!, shared.normF, shared.statsF),
		];
	}

	backward(): DispatchSpec[] {
		const { blocks, shared } = this.a;
		return [
			...this.normBackward("ln_f", shared.x!, shared.statsF, false),
			...blocks.flatMap((_, i) => this.blockBackward(blocks.length - 1 - i)),
		];
	}

	/** The input of one half of block `layer`: the normed residual stream or, without norms, the stream itself. */
	private normed(layer: number, half: "1" | "2"): Tensor {
		const b = this.a.blocks[layer]!;
		return b[`norm${half}`] ?? (half === "1" ? b.x! : b.middle!);
	}

	private norm(name: string, x: Tensor, y: Tensor | undefined, stats: Tensor | undefined): DispatchSpec[] {
		if (this.config.norm === "none") return [];
		const gains = { gamma: this.pass.parameter(`${name}.weight`), beta: this.pass.bias(name) };
		return [norm(this.config.norm, { x, ...gains, y: y!, stats: stats! })];
	}

	/** The backward pass of a norm, from dnorm into dx; `residual`, inside a block, adds to dx. */
	private normBackward(name: string, x: Tensor, stats: Tensor | undefined, residual: boolean): DispatchSpec[] {
		const { dx, dnorm } = this.a.shared as { dx: Tensor; dnorm: Tensor };
		if (this.config.norm === "none") return residual ? [addResidual({ dy: dnorm, dx })] : [];
		const { accumulate } = this.options;
		const dbeta = this.pass.optionalGradient(`${name}.bias`);
		const tensors = { x, gamma: this.pass.parameter(`${name}.weight`), stats: stats!, dy: dnorm, dx };
		const gradients = { dgamma: this.pass.gradient(`${name}.weight`), dbeta };
		return [normBackward(this.config.norm, { ...tensors, ...gradients }, { residual, accumulate })];
	}

	/** The first linear layer of a half, applied to the normed residual stream, if there are norms. With `u`, y = activation(u). */
	private normedLinear(layer: number, half: "1" | "2", name: string, y: Tensor, u?: Tensor): DispatchSpec[] {
		const { norm } = this.config;
		const { variants } = this.options;
		const b = this.a.blocks[layer]!;
		const x = half === "1" ? b.x! : b.middle!;
		const t = { x, w: this.pass.parameter(`${name}.weight`), bias: this.pass.bias(name), y };
		if (norm === "none") return [u ? linearActivation({ ...t, u }, this.hidden, variants) : linear(t, variants)];
		const ln = `h.${layer}.ln_${half}`;
		const gains = { gamma: this.pass.parameter(`${ln}.weight`), beta: this.pass.bias(ln) };
		const kept = { normed: b[`norm${half}`]!, stats: b[`stats${half}`]! };
		return normedLinear(norm, { ...t, u, ...gains, ...kept }, u && this.hidden, variants);
	}

	/** x += attention(norm(x)); x += feed-forward(norm(x)). */
	private block(layer: number): DispatchSpec[] {
		const { shared, blocks } = this.a;
		const b = blocks[layer]! as Record<string, Tensor> & Record<"x" | "middle" | "qkv" | "o" | "lse" | "u", Tensor>;
		const name = (tensor: string) => `h.${layer}.${tensor}`;
		const raw = b.raw ?? shared.raw;
		const gains = b.rstd && {
			...{ q: this.pass.parameter(name("attn.q_norm.weight")), k: this.pass.parameter(name("attn.k_norm.weight")) },
			rstd: b.rstd,
		};
		return [
			...this.normedLinear(layer, "1", name("attn.c_attn"), raw ?? b.qkv),
			...(raw ? [queryKey(this.config, { raw, qkv: b.qkv, gains, turns: shared.turns })] : []),
			attention(this.attentionShape, { qkv: b.qkv, o: b.o, lse: b.lse }, this.options.variants),
			this.pass.linear(name("attn.c_proj"), b.o, b.middle, b.x),
			...this.hiddenLayer(layer),
			this.pass.linear(name("mlp.c_proj"), b.hidden!, blocks[layer + 1]?.x ?? shared.x!, b.middle),
		];
	}

	private hiddenLayer(layer: number): DispatchSpec[] {
		const { u, hidden } = this.a.blocks[layer]! as { u: Tensor; hidden: Tensor };
		const name = `h.${layer}.mlp.c_fc`;
		if (!ACTIVATIONS[this.config.activation].gated) return this.normedLinear(layer, "2", name, hidden, u);
		return [...this.normedLinear(layer, "2", name, u), gated(this.hidden, { u, y: hidden })];
	}

	private blockBackward(layer: number): DispatchSpec[] {
		const b = this.a.blocks[layer]! as Record<string, Tensor> & Record<"x" | "middle" | "qkv" | "o" | "lse", Tensor>;
		const { dx, dnorm, d_o, delta, dqkv, draw, turns } = this.a.shared as Record<string, Tensor> &
			Record<"dx" | "dnorm" | "d_o" | "delta" | "dqkv", Tensor>;
		const name = (tensor: string) => `h.${layer}.${tensor}`;
		const forAttention = { qkv: b.qkv, lse: b.lse, d_o, delta, dqkv, turns };
		return [
			...this.hiddenLayerBackward(layer),
			...this.normBackward(name("ln_2"), b.middle, b.stats2, true),
			this.pass.linearBackward(name("attn.c_proj"), { x: b.o, dy: dx, dx: d_o }),
			attentionBackwardQuery(this.attentionShape, { ...forAttention, o: b.o }, this.options.variants),
			attentionBackwardKey(this.attentionShape, forAttention, this.options.variants),
			...this.queryKeyBackward(layer),
			this.pass.linearBackward(name("attn.c_attn"), { x: this.normed(layer, "1"), dy: draw ?? dqkv, dx: dnorm }),
			...this.normBackward(name("ln_1"), b.x, b.stats1, true),
		];
	}

	private hiddenLayerBackward(layer: number): DispatchSpec[] {
		const { dx, dnorm, du } = this.a.shared as Record<string, Tensor> & Record<"dx" | "dnorm" | "du", Tensor>;
		const { u, hidden } = this.a.blocks[layer]! as { u: Tensor; hidden: Tensor };
		const [fc, proj] = [`h.${layer}.mlp.c_fc`, `h.${layer}.mlp.c_proj`];
		return [
			this.pass.linearBackward(proj, { x: hidden, dy: dx, dx: du }, { u, activation: this.hidden }),
			this.pass.linearBackward(fc, { x: this.normed(layer, "2"), dy: du, dx: dnorm }),
		];
	}

	private queryKeyBackward(layer: number): DispatchSpec[] {
		const { dqkv, draw } = this.a.shared as { dqkv: Tensor; draw?: Tensor };
		if (!draw) return [];
		const { raw, rstd } = this.a.blocks[layer]! as { raw: Tensor; rstd: Tensor };
		const [q, k] = [`h.${layer}.attn.q_norm.weight`, `h.${layer}.attn.k_norm.weight`];
		const gains = {
			q: this.pass.parameter(q),
			k: this.pass.parameter(k),
			dq: this.pass.gradient(q),
			dk: this.pass.gradient(k),
		};
		return [queryKeyBackward(this.config, { raw, rstd, dqkv, draw, ...gains }, this.options.accumulate)];
	}
}
