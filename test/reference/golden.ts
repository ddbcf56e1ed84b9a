import { readFileSync } from "node:fs";
import { readSafetensors } from "../../src/data/safetensors.ts";
import { type ModelConfig, modelConfig } from "../../src/model/config.ts";
import type { OptimizerSpec } from "../../src/study/run-spec.ts";
import type { Tensors } from "./model.ts";

/** A model that PyTorch trained for a few steps in float64; weights and gradients are stored in float32. */
export interface Golden {
	config: ModelConfig;
	/** Constant learning rate. */
	optimizer: OptimizerSpec;
	init: Tensors;
	final: Tensors;
	/** Gradients of the first step, before clipping. */
	grads: Tensors;
	/** Per step: inputs and targets [batch, context], loss, and gradient norm before clipping. */
	steps: { tokens: Int32Array; targets: Int32Array; loss: number; gradientNorm: number }[];
}

/** Reads `gpt2-tied` or `gpt2-untied`. */
export function readGolden(name: "gpt2-tied" | "gpt2-untied"): Golden {
	const url = new URL(`../../../shared/reference/goldens/${name}.safetensors`, import.meta.url);
	const { metadata, tensors } = readSafetensors(readFileSync(url));
	const setting = (key: string) => Number(metadata[key]);
	const group = (prefix: string): Tensors =>
		Object.fromEntries(
			[...tensors]
				.filter(([key]) => key.startsWith(`${prefix}.`))
				.map(([key, { data }]) => [
					key.slice(prefix.length + 1).replace(/^transformer\./, ""),
					Float64Array.from(data as Float32Array),
				]),
		);
	const context = setting("ctx");
	const tokens = tensors.get("tokens")!.data as Int32Array;
	const loss = tensors.get("loss")!.data as Float64Array;
	const norms = tensors.get("grad_norm")!.data as Float64Array;
	const perStep = tokens.length / loss.length;
	const shifted = (step: number, shift: number) =>
		tokens.slice(step * perStep, (step + 1) * perStep).filter((_, i) => {
			const position = i % (context + 1);
			return position >= shift && position < context + shift;
		});
	return {
		config: modelConfig({
			vocabulary: setting("vocab"),
			context,
			width: setting("d"),
			layers: setting("layers"),
			heads: setting("heads"),
			tied: metadata.untied === "False",
		}),
		optimizer: {
			kind: "adamw",
			decay: "coupled",
			learningRate: setting("lr"),
			beta1: setting("beta1"),
			beta2: setting("beta2"),
			epsilon: setting("eps"),
			weightDecay: setting("wd"),
			clip: setting("clip"),
		},
		init: group("init"),
		final: group("final"),
		grads: group("grads"),
		steps: Array.from(loss, (value, step) => ({
			tokens: shifted(step, 0),
			targets: shifted(step, 1),
			loss: value,
			gradientNorm: norms[step]!,
		})),
	};
}
