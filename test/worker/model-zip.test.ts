import { strFromU8, unzipSync } from "fflate";
import { expect, it } from "vitest";
import { type LstmConfig, modelConfig } from "../../src/architecture/config.ts";
import { loadTokenizer } from "../../src/data/load-tokenizer.ts";
import { readSafetensors } from "../../src/data/safetensors.ts";
import { Inference } from "../../src/model/inference.ts";
import { initialParameters } from "../../src/model/init.ts";
import { modelFiles } from "../../src/model/model-files.ts";
import { sampleTokens } from "../../src/model/sampling.ts";
import { decodeModel, encodeModel } from "../../src/model/trained-model.ts";
import { modelZip } from "../../src/worker/model-zip.ts";
import { sampleText } from "../../src/worker/sample-text.ts";

const config = modelConfig({ vocabulary: 300, context: 12, width: 8, layers: 2, heads: 2 });
const model = { config, weights: initialParameters(config, 1), about: { id: "0123456789abcdef" } };
const lstm: LstmConfig = {
	...{ architecture: "lstm", vocabulary: 256, context: 12, width: 8, layers: 1, biases: true, tied: true },
};

it("a zip file holds the files of a Hugging Face folder", async () => {
	const files = unzipSync(await modelZip(model));
	const expected = await modelFiles(model);
	expect(Object.keys(files).sort()).toEqual(Object.keys(expected).sort());
	expect(JSON.parse(strFromU8(files["config.json"]!))).toMatchObject({ model_type: "gpt2", isoflop_run: model.about });
	expect(files["model.safetensors"]).toEqual(expected["model.safetensors"]);
	expect(readSafetensors(files["model.safetensors"]!).tensors.get("transformer.wte.weight")!.shape).toEqual([300, 8]);
});

it("of an LSTM there is none", async () => {
	await expect(modelZip({ config: lstm, weights: new Map(), about: {} })).rejects.toThrow("the model is an LSTM");
});

it("text is what the command line draws from the same weights, also after they were kept", async () => {
	const tokenizer = await loadTokenizer(300);
	const options = { temperature: 0.7, topK: Infinity, seed: 3 };
	const source = sampleTokens(new Inference(config, model.weights), [...tokenizer.encode("My")], options);
	const expected = tokenizer.decode(Array.from({ length: 20 }, () => source.next().value));
	const request = { prompt: "My", temperature: 0.7, tokens: 20, seed: 3 };
	expect(await sampleText(decodeModel(encodeModel(model)), request)).toBe(expected);
	expect((await sampleText(model, { ...request, prompt: "" })).length).toBeGreaterThan(0);
});
