import type { ModelConfig } from "../architecture/config.ts";
import { outputMultiplier } from "../architecture/parametrization.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { embedding, embeddingBackward } from "../kernels/embedding.ts";
import { type HeadOptions, type HeadTensors, head, headGradient } from "../kernels/head.ts";
import type { Activations } from "./activations.ts";
import { LstmLayers } from "./lstm.ts";
import { type Feed, type Layers, Pass, type PassOptions } from "./pass.ts";
import type { ModelState } from "./state.ts";
import { TransformerLayers } from "./transformer.ts";

/** Embedding, layers of the model's architecture, and head. */
class LanguageModel {
	private readonly layers: Layers;

	constructor(
		private readonly config: ModelConfig,
		private readonly pass: Pass,
	) {
		this.layers = config.architecture === "lstm" ? new LstmLayers(config, pass) : new TransformerLayers(config, pass);
	}

	/** From the tokens to the input of the head. */
	body(): DispatchSpec[] {
		const { feed } = this.pass;
		const [wte, wpe] = [this.pass.parameter("wte.weight"), this.pass.optional("wpe.weight")];
		return [embedding({ ids: feed.ids, wte, wpe, x: this.layers.input }), ...this.layers.forward()];
	}

	private get headMatrix(): string {
		return this.config.tied ? "wte.weight" : "lm_head.weight";
	}

	private headTensors(): HeadTensors {
		const { ids, loss } = this.pass.feed;
		const { parts } = this.pass.a.shared as { parts: Tensor };
		return { x: this.layers.output, w: this.pass.parameter(this.headMatrix), ids, parts, loss };
	}

	private get headOptions(): HeadOptions {
		const { scale, accumulate, variants = {} } = this.pass.options;
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
		const { pass, layers } = this;
		const { dxParts, scratch, headLse } = pass.a.shared as Record<"dxParts" | "scratch" | "headLse", Tensor>;
		const { ids, order } = pass.feed;
		const { tied } = this.config;
		const dw = pass.ranged(this.headMatrix);
		const cleared = tied ? {} : { cleared: pass.gradient("wte.weight") };
		const gradient = { dxParts, scratch, lse: headLse, dx: layers.doutput, dw, ...cleared };
		const dwte = tied ? dw : pass.gradient("wte.weight");
		const dwpe = pass.optionalGradient("wpe.weight");
		return [
			...headGradient({ ...this.headTensors(), ...gradient }, this.headOptions),
			...layers.backward(),
			embeddingBackward({ ids, order, dx: layers.dinput, dwte, dwpe }, pass.options.accumulate),
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
	const model = new LanguageModel(config, new Pass(state, a, feed, options));
	return [...model.body(), ...model.loss()];
}

/** Forward and backward pass: the same loss, and the gradients of all parameters (in `partials` for those with ranges). */
export function forwardBackward(
	config: ModelConfig,
	state: ModelState,
	a: Activations,
	feed: Feed,
	options: PassOptions,
): DispatchSpec[] {
	const model = new LanguageModel(config, new Pass(state, a, feed, options));
	return [...model.body(), ...model.backward()];
}
