import { sortedPlaces } from "../data/batches.ts";
import { readSafetensors, type SafeTensor } from "../data/safetensors.ts";
import type { Gpu } from "../gpu/device.ts";
import { readTensor } from "../gpu/memory.ts";
import { hyperWords } from "../kernels/optimizer.ts";
import { type ModelConfig, modelConfig } from "../model/config.ts";
import { Pack } from "./pack.ts";

/** How far the GPU's numbers are from a golden file's. All differences are relative. */
export interface VerifyReport {
	adapter: string;
	steps: number;
	model: ModelConfig;
	/** Largest |loss − expected| / |expected| over the steps. */
	loss: number;
	/** The same for the gradient norm before clipping. */
	gradientNorm: number;
	/** Per tensor: largest |gradient − expected| at step 0, divided by the tensor's largest |expected|. */
	gradients: Record<string, number>;
	/** The largest of `gradients`. */
	gradient: number;
	losses: { expected: number; actual: number }[];
	/** GPU buffers, in bytes. */
	bytes: number;
}

interface Golden {
	model: ModelConfig;
	batch: number;
	settings: Record<"learningRate" | "beta1" | "beta2" | "epsilon" | "weightDecay" | "clip", number>;
	tokens: Uint32Array;
	loss: ArrayLike<number>;
	gradientNorm: ArrayLike<number>;
	tensor(group: "init" | "grads", name: string): Float32Array;
}

/**
 * Loads the weights and tokens of a golden file (safetensors: `init.*`, `grads.*`, `tokens`, `loss`, `grad_norm`, settings
 * in the metadata), repeats its optimiser steps on the GPU, and compares.
 *
 * @throws Error naming what the file lacks
 */
export async function verifyGolden(gpu: Gpu, bytes: Uint8Array): Promise<VerifyReport> {
	const golden = readGolden(bytes);
	const { model, batch } = golden;
	const pack = await Pack.create(gpu, {
		...{ model, runs: 1, microBatchSequences: batch, microSteps: 1 },
		...{ sharedTokens: true, evaluationSteps: 1, slots: 1 },
	});
	try {
		const names = [...pack.state.parameters.keys()];
		pack.loadParameters(0, new Map(names.map((name) => [name, golden.tensor("init", name)])));
		const losses: VerifyReport["losses"] = [];
		const gradients: Record<string, number> = {};
		let gradientNorm = 0;
		const perStep = batch * (model.context + 1);
		for (let step = 0; step < golden.loss.length; step++) {
			const ids = golden.tokens.slice(step * perStep, (step + 1) * perStep);
			pack.writeBatch(step, [{ ids, order: sortedPlaces(ids, batch, model.context, model.vocabulary) }]);
			pack.writeHyper(step, 0, hyperWords(golden.settings, golden.settings.learningRate, step + 1));
			const encoder = gpu.device.createCommandEncoder();
			const pass = encoder.beginComputePass();
			pack.encodeMicroStep(pass, { step, microStep: step });
			pass.end();
			gpu.device.queue.submit([encoder.finish()]);
			const [loss, norm] = await readTensor(gpu.device, pack.rings.metrics);
			losses.push({ expected: golden.loss[step]!, actual: loss! });
			gradientNorm = Math.max(gradientNorm, Math.abs(norm! / golden.gradientNorm[step]! - 1));
			if (step > 0) continue;
			for (const name of names) {
				const actual = await readTensor(gpu.device, pack.state.gradients.get(name)!);
				gradients[name] = relativeDifference(actual, golden.tensor("grads", name));
			}
		}
		return {
			...{ adapter: gpu.name, steps: losses.length, model, losses, gradientNorm, gradients },
			loss: Math.max(...losses.map(({ actual, expected }) => Math.abs(actual / expected - 1))),
			gradient: Math.max(...Object.values(gradients)),
			bytes: pack.memory.bytes,
		};
	} finally {
		pack.destroy();
	}
}

function relativeDifference(actual: Float32Array, expected: Float32Array): number {
	let difference = 0;
	let largest = 0;
	for (let i = 0; i < expected.length; i++) {
		difference = Math.max(difference, Math.abs(actual[i]! - expected[i]!));
		largest = Math.max(largest, Math.abs(expected[i]!));
	}
	return largest === 0 ? difference : difference / largest;
}

function readGolden(bytes: Uint8Array): Golden {
	const { metadata, tensors } = readSafetensors(bytes);
	if (metadata.arch !== "gpt2")
		throw new Error(`golden: metadata.arch is ${metadata.arch ?? "missing"}; this version repeats gpt2 only`);
	const setting = (key: string) => {
		const value = Number(metadata[key]);
		if (!Number.isFinite(value)) throw new Error(`golden: metadata.${key} is ${metadata[key]}; it must be a number`);
		return value;
	};
	const find = (name: string): SafeTensor => {
		const tensor = tensors.get(name);
		if (!tensor) throw new Error(`golden: tensor ${name} is missing`);
		return tensor;
	};
	const loss = find("loss");
	const batch = setting("batch");
	const model = modelConfig({
		vocabulary: setting("vocab"),
		context: setting("ctx"),
		width: setting("d"),
		layers: setting("layers"),
		heads: setting("heads"),
		tied: metadata.untied !== "True",
	});
	const tokens = Uint32Array.from(find("tokens").data as Int32Array);
	if (tokens.length !== loss.data.length * batch * (model.context + 1))
		throw new Error(
			`golden: tokens is [${find("tokens").shape}]; it must be [steps ${loss.data.length}, batch ${batch}, ` +
				`ctx + 1 = ${model.context + 1}]`,
		);
	if (tokens.some((id) => id >= model.vocabulary))
		throw new Error(`golden: tokens holds an id outside the vocabulary of ${model.vocabulary}`);
	return {
		...{ model, batch, tokens },
		settings: {
			learningRate: setting("lr"),
			beta1: setting("beta1"),
			beta2: setting("beta2"),
			epsilon: setting("eps"),
			weightDecay: setting("wd"),
			clip: setting("clip"),
		},
		loss: loss.data as ArrayLike<number>,
		gradientNorm: find("grad_norm").data as ArrayLike<number>,
		tensor: (group, name) =>
			Float32Array.from(
				find(name.startsWith("lm_head") ? `${group}.${name}` : `${group}.transformer.${name}`).data as Float32Array,
			),
	};
}
