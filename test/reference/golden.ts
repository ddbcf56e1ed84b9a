import { readFileSync } from "node:fs";
import type { ModelConfig } from "../../src/architecture/config.ts";
import type { OptimizerSpec } from "../../src/run/optimizer-spec.ts";
import { readTrace } from "../../src/train/trace-file.ts";
import type { Tensors } from "./model.ts";

export const GOLDENS = ["gpt2-tied", "gpt2-untied", "llama-gqa", "llama-untied"] as const;

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

/** Reads a golden file by its name. */
export function readGolden(name: (typeof GOLDENS)[number]): Golden {
	const url = new URL(`../../../shared/reference/goldens/${name}.safetensors`, import.meta.url);
	const { model, optimizer, tokens, loss, gradientNorm, ...groups } = readTrace(readFileSync(url));
	const tensors = (group: ReadonlyMap<string, Float32Array>): Tensors =>
		Object.fromEntries([...group].map(([key, values]) => [key, Float64Array.from(values)]));
	const { context } = model;
	const perStep = tokens.length / loss.length;
	const shifted = (step: number, shift: number) =>
		tokens.slice(step * perStep, (step + 1) * perStep).filter((_, i) => {
			const position = i % (context + 1);
			return position >= shift && position < context + shift;
		});
	return {
		...{ config: model, optimizer },
		...{ init: tensors(groups.init), final: tensors(groups.final), grads: tensors(groups.grads) },
		steps: Array.from(loss, (value, step) => ({
			tokens: shifted(step, 0),
			targets: shifted(step, 1),
			loss: value,
			gradientNorm: gradientNorm[step]!,
		})),
	};
}
