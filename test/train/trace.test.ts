import "../gpu/compile-faster.ts";
import { expect, test } from "vitest";
import { type ModelConfig, modelConfig } from "../../src/architecture/config.ts";
import type { TokenizedCorpus } from "../../src/data/corpus.ts";
import { readSafetensors, writeSafetensors } from "../../src/data/safetensors.ts";
import { randomBits } from "../../src/maths/random.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import type { OptimizerSpec } from "../../src/run/optimizer-spec.ts";
import { rateShare } from "../../src/run/schedule.ts";
import { traceRun } from "../../src/train/trace.ts";
import { readTrace, writeTrace } from "../../src/train/trace-file.ts";
import { verifyTrace } from "../../src/train/verify.ts";
import { testGpu } from "../gpu/open.ts";
import { optimizerState, type Tensors, trainStep } from "../reference/model.ts";

const model = modelConfig({ vocabulary: 41, context: 7, width: 12, layers: 2, heads: 3 });
const stream = (length: number) => Uint16Array.from({ length }, (_, i) => (7 * i + (randomBits(1, i) % 3)) % 41);
const tokens: TokenizedCorpus = {
	corpus: { id: "made", hash: "" },
	vocabulary: 41,
	train: stream(4000),
	validation: stream(900),
};
const corpora = { training: [tokens], evaluations: [] };

function planned(optimizer: Partial<OptimizerSpec> = {}, choices: Partial<ModelConfig> = {}): PlannedRun {
	const adamw = {
		kind: "adamw",
		learningRate: 0.01,
		beta1: 0.9,
		beta2: 0.95,
		epsilon: 1e-8,
		weightDecay: 0.1,
	} as const;
	return {
		id: "a",
		spec: {
			...{ model: { ...model, ...choices }, seed: 1, corpus: { id: "made", hash: "" } },
			optimizer: { ...adamw, decay: "coupled", clip: 1, ...optimizer },
			schedule: { kind: "cosine", warmupSteps: 3, floor: 0.1 },
			...{ batchSequences: 6, microBatchSequences: 3, steps: 30, validationSequences: 9 },
		},
	};
}

const lstm: ModelConfig = {
	...{ architecture: "lstm", vocabulary: 41, context: 7, width: 12, layers: 2, biases: true, tied: false },
};

test.each<[string, Partial<OptimizerSpec>, Partial<ModelConfig>]>([
	["AdamW", {}, {}],
	["Muon", { kind: "muon", beta1: 0.95 }, {}],
	["Muon, μP, a gated layer, fewer keys", { kind: "muon" }, { baseWidth: 6, activation: "swiglu", keyValueHeads: 1 }],
	["Muon of an LSTM", { kind: "muon" }, lstm],
	["Muon beyond a workgroup", { kind: "muon" }, { width: 36, headSize: 12, hidden: 50 }],
])("a trace by %s holds what the reference computes from its weights and tokens", async (_, optimizer, choices) => {
	const run = planned(optimizer, choices);
	const model = run.spec.model;
	const trace = await traceRun(await testGpu(), run, corpora, 8);
	expect(trace.rates).toEqual(
		Float64Array.from({ length: 8 }, (_, i) => 0.01 * rateShare(run.spec.schedule, i + 1, 30)),
	);
	const params: Tensors = Object.fromEntries(
		[...trace.init].map(([name, values]) => [name, Float64Array.from(values)]),
	);
	const state = optimizerState(params);
	for (let step = 0; step < 8; step++) {
		const ids = trace.tokens.subarray(step * 48, (step + 1) * 48);
		const [inputs, targets] = [ids.filter((_, i) => i % 8 < 7), ids.filter((_, i) => i % 8 > 0)];
		const settings = { ...trace.optimizer, learningRate: trace.rates[step]! };
		const { loss, gradientNorm, grads } = trainStep(model, params, state, inputs, targets, settings);
		expect(Math.abs(trace.loss[step]! / loss - 1)).toBeLessThan(2e-5);
		expect(Math.abs(trace.gradientNorm[step]! / gradientNorm - 1)).toBeLessThan(2e-4);
		if (step > 0) continue;
		for (const [name, values] of trace.grads) {
			const largest = Math.max(...grads[name]!.map(Math.abs));
			expect(Math.max(...values.map((value, i) => Math.abs(value - grads[name]![i]!)))).toBeLessThan(2e-4 * largest);
		}
	}
	const difference = [...trace.final].map(([name, values]) => values.map((v, i) => Math.abs(v - params[name]![i]!)));
	expect(Math.max(...difference.map((values) => Math.max(...values)))).toBeLessThan(1e-4);
});

test.each<Partial<OptimizerSpec>>([
	{ decay: "independent", weightDecay: 0.02 },
	{ kind: "lion", learningRate: 0.001 },
	{ kind: "muon", decay: "independent", weightDecay: 0.02 },
])("verify accepts a trace of %j", async (optimizer) => {
	const gpu = await testGpu();
	const trace = await traceRun(gpu, planned(optimizer), corpora, 6);
	const bytes = writeTrace(trace, { adapter: gpu.name });
	expect(readTrace(bytes)).toEqual(trace);
	const report = await verifyTrace(gpu, bytes);
	expect(report.steps).toBe(6);
	expect(report.loss).toBeLessThan(2e-5);
	expect(report.gradientNorm).toBeLessThan(2e-4);
	expect(report.gradient).toBeLessThan(2e-4);
	const wrong = { ...trace, loss: trace.loss.map((loss) => 1.001 * loss) };
	expect((await verifyTrace(gpu, writeTrace(wrong))).loss).toBeGreaterThan(5e-4);
});

const llama = { norm: "rms", positions: "rotary", activation: "swiglu", biases: false } as const;

test.each<[string, Partial<ModelConfig>]>([
	["llama", { ...llama, keyValueHeads: 1, tied: false, hidden: 20 }],
	["qwen3", { ...llama, qkNorm: true }],
	["isoflop", { positions: "none", activation: "relu2", baseWidth: 6 }],
])("verify accepts a trace of a model of kind %s", async (kind, choices) => {
	const gpu = await testGpu();
	const trace = await traceRun(gpu, planned({}, choices), corpora, 4);
	const bytes = writeTrace(trace);
	const { metadata, tensors } = readSafetensors(bytes);
	expect(metadata.arch).toBe(kind);
	expect(tensors.has(`final.${kind === "isoflop" ? "transformer.wte" : "model.embed_tokens"}.weight`)).toBe(true);
	expect(readTrace(bytes)).toEqual(trace);
	const report = await verifyTrace(gpu, bytes);
	expect(report.loss).toBeLessThan(2e-5);
	expect(report.gradient).toBeLessThan(2e-4);
});

test("verify accepts a trace of an LSTM, under its own names", async () => {
	const gpu = await testGpu();
	const lstm = {
		architecture: "lstm",
		vocabulary: 41,
		context: 7,
		width: 12,
		layers: 2,
		biases: false,
		tied: false,
	} as const;
	const run = planned();
	const trace = await traceRun(gpu, { ...run, spec: { ...run.spec, model: lstm } }, corpora, 4);
	const bytes = writeTrace(trace);
	const { metadata, tensors } = readSafetensors(bytes);
	expect(metadata.arch).toBe("lstm");
	expect(tensors.has("final.h.1.lstm.recurrent.weight")).toBe(true);
	expect(readTrace(bytes)).toEqual(trace);
	const report = await verifyTrace(gpu, bytes);
	expect(report.loss).toBeLessThan(2e-5);
	expect(report.gradient).toBeLessThan(2e-4);
});

test("a trace says what activations were stored as, and is repeated so", async () => {
	const gpu = await testGpu();
	const run = planned();
	const inHalf = { ...run, spec: { ...run.spec, storage: "f16" as const } };
	if (!gpu.device.features.has("shader-f16")) {
		await expect(traceRun(gpu, inHalf, corpora, 4)).rejects.toThrow("has no 16-bit floats");
		return;
	}
	const trace = await traceRun(gpu, inHalf, corpora, 4);
	expect(readTrace(writeTrace(trace))).toEqual(trace);
	const [same, wider] = [
		await verifyTrace(gpu, writeTrace(trace)),
		await verifyTrace(gpu, writeTrace({ ...trace, storage: "f32" })),
	];
	expect(same.gradient).toBeLessThan(1e-6);
	expect(wider.gradient).toBeGreaterThan(1e-4);
});

test("more steps than the run has", async () => {
	await expect(traceRun(await testGpu(), planned(), corpora, 31)).rejects.toThrow(
		"trace: steps is 31, the run has 30; steps must be at most that",
	);
});

test("a file that lacks something, or holds what does not fit, is named", async () => {
	const bytes = writeTrace(await traceRun(await testGpu(), planned(), corpora, 2));
	const { metadata, tensors } = readSafetensors(bytes);
	const changed = (change: (file: { metadata: Record<string, string>; tensors: typeof tensors }) => void) => {
		const file = { metadata: { ...metadata }, tensors: new Map(tensors) };
		change(file);
		return () => readTrace(writeSafetensors(file.tensors, file.metadata));
	};
	expect(changed((file) => file.tensors.delete("loss"))).toThrow("trace: tensor loss is missing");
	expect(changed((file) => file.tensors.delete("init.transformer.ln_f.bias"))).toThrow(
		"trace: tensor init.transformer.ln_f.bias is missing",
	);
	expect(changed((file) => Object.assign(file.metadata, { batch: "5" }))).toThrow(
		"trace: tokens is [2,6,8]; it must be [steps 2, batch 5, ctx + 1 = 8]",
	);
	expect(changed((file) => Object.assign(file.metadata, { lr: "fast" }))).toThrow(
		"trace: metadata.lr is fast; it must be a number",
	);
	expect(changed((file) => Object.assign(file.metadata, { optimizer: "adam" }))).toThrow(
		"trace: metadata.optimizer is adam; it must be one of adamw, sgd, lion, muon",
	);
	expect(changed((file) => Object.assign(file.metadata, { model: "{}" }))).toThrow(
		"trace: metadata.model: config.json: isoflop.vocabulary is missing",
	);
	expect(changed((file) => (file.tensors.get("tokens")!.data as Int32Array).fill(41))).toThrow(
		"trace: tokens holds an id outside the vocabulary of 41",
	);
});
