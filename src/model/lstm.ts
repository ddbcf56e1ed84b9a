import type { LstmConfig } from "../architecture/config.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import type { Tensor } from "../gpu/tensor.ts";
import { type LstmShape, type LstmTensors, lstm, lstmBackward } from "../kernels/lstm.ts";
import type { Layers, Pass } from "./pass.ts";

/** The LSTM layers of a model: each reads h of the one below; see `src/architecture/lstm.ts`. */
export class LstmLayers implements Layers {
	private readonly shape: LstmShape;

	constructor(
		private readonly config: LstmConfig,
		private readonly pass: Pass,
	) {
		this.shape = { sequences: pass.feed.ids.shape[1]!, context: config.context };
	}

	get input(): Tensor {
		return this.x(0);
	}

	get output(): Tensor {
		return this.pass.a.shared.x!;
	}

	get doutput(): Tensor {
		return this.pass.a.shared.dx!;
	}

	get dinput(): Tensor {
		return this.pass.a.shared.dx!;
	}

	/** The input of a layer, which is h of the one below; after the last layer, the head's. */
	private x(layer: number): Tensor {
		return this.pass.a.blocks[layer]?.x ?? this.pass.a.shared.x!;
	}

	private tensors(layer: number): LstmTensors {
		const { gates, c } = this.pass.a.blocks[layer] as { gates: Tensor; c: Tensor };
		return { w: this.pass.parameter(`h.${layer}.lstm.recurrent.weight`), gates, c, h: this.x(layer + 1) };
	}

	forward(): DispatchSpec[] {
		return this.pass.a.blocks.flatMap(({ gates }, layer) => [
			this.pass.linear(`h.${layer}.lstm.input`, this.x(layer), gates!),
			...lstm(this.shape, this.tensors(layer)),
		]);
	}

	/** dx holds the gradient of a layer's h, then that of its x. */
	backward(): DispatchSpec[] {
		const { dx, dgates, before, carry } = this.pass.a.shared as Record<"dx" | "dgates" | "before" | "carry", Tensor>;
		const layers = Array.from({ length: this.config.layers }, (_, i) => this.config.layers - 1 - i);
		return layers.flatMap((layer) => [
			...lstmBackward(this.shape, { ...this.tensors(layer), dh: dx, dgates, before, carry }),
			this.pass.linearBackward(`h.${layer}.lstm.input`, { x: this.x(layer), dy: dgates, dx }),
			this.pass.linearBackward(`h.${layer}.lstm.recurrent`, { x: before, dy: dgates }),
		]);
	}
}
