import { readFileSync } from "node:fs";
import { readTrace } from "../../src/train/trace-file.ts";
import { dataUrl } from "./data-file.ts";
import type { Tensors } from "./model.ts";

/** Models that PyTorch trained for a few steps in float64 (`make-traces.py`). */
export const TRACES = ["gpt2-tied", "gpt2-untied", "llama-gqa", "llama-untied", "lstm", "llama-muon"] as const;

/** The bytes of a trace's file. */
export function traceBytes(name: string): Uint8Array {
	return readFileSync(dataUrl(`traces/${name}.safetensors`));
}

/** A trace in the reference model's numbers: weights and gradients in float64, inputs and targets apart. */
export function referenceTrace(name: string) {
	const { model, optimizer, tokens, loss, gradientNorm, ...groups } = readTrace(traceBytes(name));
	const tensors = (group: ReadonlyMap<string, Float32Array>): Tensors =>
		Object.fromEntries([...group].map(([key, values]) => [key, Float64Array.from(values)]));
	const rowLength = model.context + 1;
	const perStep = tokens.length / loss.length;
	const columns = (step: number, first: number) =>
		tokens.slice(step * perStep, (step + 1) * perStep).filter((_, i) => {
			const position = i % rowLength;
			return position >= first && position < first + model.context;
		});
	return {
		...{ config: model, optimizer },
		...{ init: tensors(groups.init), final: tensors(groups.final), grads: tensors(groups.grads) },
		/** Inputs and targets are [batch, context]; the gradient norm is that before clipping. */
		steps: Array.from(loss, (value, step) => ({
			tokens: columns(step, 0),
			targets: columns(step, 1),
			loss: value,
			gradientNorm: gradientNorm[step]!,
		})),
	};
}
