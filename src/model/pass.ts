import type { ActivationFunction } from "../architecture/choices.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import type { Variants } from "../gpu/variants.ts";
import { linear, linearBackward } from "../kernels/linear.ts";
import type { Activations } from "./activations.ts";
import type { ModelState } from "./state.ts";

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

/** A model's layers in one pass: what lies between the embedding and the head. */
export interface Layers {
	/** What the embedding writes, and what the head reads. */
	readonly input: Tensor;
	readonly output: Tensor;
	/** Where the head writes the gradient of `output`, and where `backward` leaves that of `input`. */
	readonly doutput: Tensor;
	readonly dinput: Tensor;
	forward(): DispatchSpec[];
	backward(): DispatchSpec[];
}

/** The tensors of one model's pass over one micro-batch, by name, and the linear layers bound to them. */
export class Pass {
	constructor(
		private readonly state: ModelState,
		readonly a: Activations,
		readonly feed: Feed,
		readonly options: PassOptions,
	) {}

	/** @throws RangeError when the model has no such tensor */
	parameter(name: string): Tensor {
		const tensor = this.optional(name);
		if (!tensor) throw new RangeError(`model: it has no tensor ${name}`);
		return tensor;
	}

	/** A parameter that not every model has. */
	optional(name: string): Tensor | undefined {
		return this.state.parameters.get(name);
	}

	bias(name: string): Tensor | undefined {
		return this.optional(`${name}.bias`);
	}

	/** The tensor in which a parameter's gradient is summed: [runs, ranges, …]. */
	ranged(name: string): Tensor {
		const partial = this.state.partials.get(name);
		if (partial) return partial;
		const whole = this.gradient(name);
		const [runs, ...shape] = whole.shape;
		return { ...whole, shape: [runs!, 1, ...shape] };
	}

	gradient(name: string): Tensor {
		return this.optionalGradient(name)!;
	}

	/** The gradient of a parameter that not every model has. */
	optionalGradient(name: string): Tensor | undefined {
		return this.state.gradients.get(name);
	}

	linear(name: string, x: Tensor, y: Tensor, residual?: Tensor): DispatchSpec {
		const w = this.parameter(`${name}.weight`);
		return linear({ x, w, bias: this.bias(name), y, residual }, this.options.variants);
	}

	/**
	 * With `before`, x is the output of an activation function or gated unit of u, and dx becomes the gradient of u. Without dx only
	 * the gradients of the layer's parameters are computed.
	 */
	linearBackward(
		name: string,
		t: { x: Tensor; dy: Tensor; dx?: Tensor },
		before?: { u: Tensor; activation: ActivationFunction },
	): DispatchSpec {
		const dbias = this.bias(name) && this.ranged(`${name}.bias`);
		const dw = this.ranged(`${name}.weight`);
		const { accumulate, variants } = this.options;
		return linearBackward(
			{ ...t, w: this.parameter(`${name}.weight`), dw, dbias, u: before?.u },
			{ activation: before?.activation, accumulate },
			variants,
		);
	}
}
