import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LstmConfig, modelConfig, type TransformerConfig } from "../../../src/architecture/config.ts";
import { parameterShapes } from "../../../src/architecture/parameters.ts";
import { readSafetensors, type SafeTensor, writeSafetensors } from "../../../src/data/safetensors.ts";
import { toHalf } from "../../../src/gpu/half.ts";
import { Inference } from "../../../src/model/inference.ts";
import { initialParameters } from "../../../src/model/init.ts";
import type { TrainedModel } from "../../../src/model/trained-model.ts";
import { readModelFolder, writeModelFolder } from "../../../src/node/files/model-folder.ts";
import { modelHash, readWeightsFile, writeWeightsFile } from "../../../src/node/files/weights-file.ts";
import { runLine } from "../../../src/run/run-lines.ts";
import { planStudy } from "../../../src/study/planner.ts";
import { corpora, resultOf, studyWith } from "../../study/fixtures.ts";
import { isoflop } from "../isoflop.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "isoflop-model-"));
});
afterAll(() => rm(folder, { recursive: true }));

const shape = { vocabulary: 300, context: 12, width: 8, layers: 2, heads: 2 };
const llama = { norm: "rms", positions: "rotary", activation: "swiglu", biases: false } as const;
const modelOf = (choices: Partial<TransformerConfig> = {}, seed = 1) => {
	const config = modelConfig({ ...shape, ...choices });
	const about: TrainedModel["about"] = { id: "0123456789abcdef" };
	return { config, weights: initialParameters(config, seed), about };
};

describe.each<[string, Partial<TransformerConfig>]>([
	["gpt2", {}],
	["llama", { ...llama, keyValueHeads: 1, tied: false }],
	["qwen3", { ...llama, qkNorm: true }],
	["isoflop", { positions: "none", vocabulary: 256, baseWidth: 4 }],
])("a folder of kind %s", (kind, choices) => {
	test("gives the model back", async () => {
		const path = join(folder, kind);
		const model = modelOf(choices);
		await writeModelFolder(path, model);
		expect((await readdir(path)).sort()).toEqual([
			...["config.json", "merges.txt", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.json"],
		]);
		expect(await readModelFolder(path)).toEqual(model);
		const config = JSON.parse(await readFile(join(path, "config.json"), "utf8"));
		expect(config).toMatchObject({ model_type: kind, eos_token_id: kind === "isoflop" ? 0 : 299 });
		expect(readSafetensors(await readFile(join(path, "model.safetensors"))).metadata).toEqual({ format: "pt" });
	});
});

test("a model under μP is exported as a standard one that computes the same", async () => {
	const path = join(folder, "mup");
	const model = modelOf({ baseWidth: 2 });
	await writeModelFolder(path, model);
	const read = await readModelFolder(path);
	expect(read.config).toEqual({ ...model.config, baseWidth: null });
	const [expected, found] = [model, read].map(({ config, weights }) => new Inference(config, weights).next(7));
	for (let i = 0; i < 300; i++) expect(found![i]!).toBeCloseTo(expected![i]!, 7);
});

test("a weights file gives the model back; equal models have equal hashes", async () => {
	const path = join(folder, "weights", "a.safetensors");
	const model = modelOf({ ...llama, qkNorm: true, baseWidth: 4 });
	await writeWeightsFile(path, model);
	const read = await readWeightsFile(path);
	expect(read).toEqual(model);
	expect(modelHash(read)).toBe(modelHash(model));
	expect(modelHash(modelOf({}, 2))).not.toBe(modelHash(modelOf({}, 1)));
	expect(modelHash(modelOf({ ...llama, baseWidth: 8 }))).not.toBe(modelHash(modelOf({ ...llama, baseWidth: 4 })));
});

test("an LSTM's weights file gives the model back, and is not exported", async () => {
	const path = join(folder, "weights", "lstm.safetensors");
	const config: LstmConfig = {
		architecture: "lstm",
		vocabulary: 300,
		context: 12,
		width: 8,
		layers: 2,
		biases: true,
		tied: true,
	};
	const model = { config, weights: initialParameters(config, 1), about: { id: "0123456789abcdef" } };
	await writeWeightsFile(path, model);
	expect(await readWeightsFile(path)).toEqual(model);
	const out = join(folder, "exported-lstm");
	const { code, said } = await isoflop("export", path, "--out", out);
	expect(code).not.toBe(0);
	expect(said.join("\n")).toContain("is an LSTM, and transformers has no format for an LSTM language model");
	await expect(readdir(out)).rejects.toThrow();
});

describe("a folder that is not what it says", () => {
	let original: string;
	beforeAll(async () => {
		original = join(folder, "original");
		await writeModelFolder(original, modelOf());
	});
	const changed = async (name: string, change: (path: string) => Promise<void>) => {
		const path = join(folder, name);
		await cp(original, path, { recursive: true });
		await change(path);
		return readModelFolder(path).then(
			() => "no error",
			(error: Error) => error.message.replaceAll(`${path}/`, "").replaceAll(path, "<path>"),
		);
	};
	const json = (file: string, change: (value: Record<string, unknown>) => void) => async (path: string) => {
		const value = JSON.parse(await readFile(join(path, file), "utf8"));
		change(value);
		await writeFile(join(path, file), JSON.stringify(value));
	};
	const tensors = (change: (tensors: Map<string, SafeTensor>) => void) => async (path: string) => {
		const file = readSafetensors(await readFile(join(path, "model.safetensors")));
		change(file.tensors);
		await writeFile(join(path, "model.safetensors"), writeSafetensors(file.tensors, file.metadata));
	};
	const norm = "transformer.ln_f.weight";
	const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0a".repeat(32)}\nsize 548105171\n`;
	test.each<[string, (path: string) => Promise<void>, string]>([
		[
			"another architecture",
			json("config.json", (config) => (config.model_type = "bert")),
			'<path>: config.json: model_type is "bert"; it must be one of "gpt2", "llama", "qwen3", "isoflop"',
		],
		[
			"no config",
			(path) => rm(join(path, "config.json")),
			"<path>: config.json cannot be read (ENOENT); a model folder must have one",
		],
		[
			"config that is no object",
			(path) => writeFile(join(path, "config.json"), "[]"),
			"config.json: it is not a JSON object",
		],
		[
			"a tensor that is missing",
			tensors((all) => all.delete(norm)),
			`model.safetensors: tensor ${norm} is missing; it must be F32 [8]`,
		],
		[
			"a tensor of another type",
			tensors((all) => all.set(norm, { dtype: "I32", shape: [8], data: new Int32Array(8) })),
			`model.safetensors: tensor ${norm} is I32 [8]; its type must be one of F32, F16, BF16`,
		],
		[
			"a tensor with NaN",
			tensors((all) =>
				all.set(norm, { dtype: "F32", shape: [8], data: Float32Array.of(1, NaN, 1, 1, Infinity, 1, 1, NaN) }),
			),
			`model.safetensors: tensor ${norm} has 3 of 8 values that are NaN or infinite, the first (NaN) at position 1; ` +
				"all must be finite",
		],
		[
			"a tensor of another shape",
			tensors((all) => all.set(norm, { dtype: "F32", shape: [7], data: new Float32Array(7) })),
			`model.safetensors: tensor ${norm} is F32 [7]; it must be F32 [8]`,
		],
		[
			"a tensor too many",
			tensors((all) => all.set("score.weight", { dtype: "F32", shape: [1], data: new Float32Array(1) })),
			"model.safetensors: tensor score.weight is not part of the model in config.json; the two must agree",
		],
		[
			"no weights",
			(path) => rm(join(path, "model.safetensors")),
			"<path>: model.safetensors cannot be read (ENOENT); a model folder must have one, or model.safetensors.index.json",
		],
		[
			"a Git LFS pointer for weights",
			(path) => writeFile(join(path, "model.safetensors"), pointer),
			"model.safetensors: it is a Git LFS pointer to a file of 548,105,171 bytes, not the file itself; " +
				"fetch it with git lfs pull in its repository",
		],
		[
			"a Git LFS pointer for a vocabulary",
			(path) => writeFile(join(path, "config.json"), pointer),
			"config.json: it is a Git LFS pointer to a file of 548,105,171 bytes, not the file itself; " +
				"fetch it with git lfs pull in its repository",
		],
		[
			"weights cut short",
			(path) => writeFile(join(path, "model.safetensors"), "abc"),
			"model.safetensors: safetensors: the file has 3 bytes; it must have at least 8, the length of the header",
		],
		[
			"another tokenizer",
			json("vocab.json", (vocab) => Object.assign(vocab, { "!": 1, '"': 0 })),
			'vocab.json: tokenizer: token 0 is not "!"; the tokenizer must be GPT-2\'s encoding, whole or cut, or bytes',
		],
		[
			"no tokenizer",
			async (path) => {
				await rm(join(path, "vocab.json"));
				await rm(join(path, "tokenizer.json"));
			},
			"<path>: tokenizer.json cannot be read (ENOENT); a model folder must have one",
		],
	])("%s", async (name, change, message) => {
		expect(await changed(name, change)).toBe(message);
	});

	test("buffers that other writers keep are passed over, and tokenizer.json is enough", async () => {
		const change = async (path: string) => {
			await tensors((all) => {
				all.set("transformer.h.0.attn.bias", { dtype: "U8", shape: [1], data: new Uint8Array(1) });
				all.set("lm_head.weight", { dtype: "F32", shape: [1], data: new Float32Array(1) });
			})(path);
			await rm(join(path, "vocab.json"));
		};
		expect(await changed("foreign", change)).toBe("no error");
	});
});

describe("weights as others publish them", () => {
	/** A folder whose weights are those of `model`, changed. */
	async function published(
		name: string,
		model: ReturnType<typeof modelOf>,
		change: (path: string, tensors: Map<string, SafeTensor>) => Promise<void>,
	) {
		const path = join(folder, name);
		await writeModelFolder(path, model);
		const file = join(path, "model.safetensors");
		const { tensors } = readSafetensors(await readFile(file));
		await rm(file);
		await change(path, tensors);
		const notes: string[] = [];
		return { path, notes, read: () => readModelFolder(path, (note) => notes.push(note)) };
	}
	const write = (path: string, tensors: ReadonlyMap<string, SafeTensor>) => writeFile(path, writeSafetensors(tensors));
	const index = (path: string, map: Record<string, unknown>) =>
		writeFile(
			join(path, "model.safetensors.index.json"),
			JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }),
		);

	test("GPT-2's names without their prefix, with causal masks", async () => {
		const model = modelOf();
		const { read, notes } = await published("bare", model, (path, tensors) => {
			const bare = new Map([...tensors].map(([name, tensor]) => [name.replace(/^transformer\./, ""), tensor]));
			bare.set("h.0.attn.bias", { dtype: "F32", shape: [1, 1, 1, 1], data: Float32Array.of(1) });
			return write(join(path, "model.safetensors"), bare);
		});
		expect(await read()).toEqual(model);
		expect(notes).toEqual([]);
	});

	const shards = async (path: string, tensors: Map<string, SafeTensor>) => {
		const all = [...tensors];
		const parts = [all.slice(0, 5), all.slice(5)];
		const names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
		for (const [i, part] of parts.entries()) await write(join(path, names[i]!), new Map(part));
		const map = Object.fromEntries(parts.flatMap((part, i) => part.map(([name]) => [name, names[i]!])));
		await index(path, map);
		return { map, first: all[0]![0], names };
	};

	test("in shards", async () => {
		const model = modelOf({ ...llama, keyValueHeads: 1 });
		const { read } = await published("shards", model, async (path, tensors) => void (await shards(path, tensors)));
		expect(await read()).toEqual(model);
	});

	test("shards that are not as their index says are refused by name", async () => {
		let found: Awaited<ReturnType<typeof shards>>;
		const { path, read } = await published("torn", modelOf(), async (path, tensors) => {
			found = await shards(path, tensors);
		});
		const { map, first, names } = found!;
		await index(path, { ...map, [first]: "../../weights.safetensors" });
		await expect(read()).rejects.toThrow(
			`weight_map: ${first} is in "../../weights.safetensors"; it must be the name of a file in the same folder`,
		);
		await index(path, { ...map, more: names[0] });
		await expect(read()).rejects.toThrow(`${names[0]}: tensor more is missing; model.safetensors.index.json says`);
		await index(path, { ...map, [first]: names[1] });
		await expect(read()).rejects.toThrow(
			`${names[0]}: tensor ${first} is in ${names[1]} by model.safetensors.index.json`,
		);
		await index(path, map);
		await rm(join(path, names[1]!));
		await expect(read()).rejects.toThrow(`${names[1]} is missing; model.safetensors.index.json names it`);
	});

	test.each<["F16" | "BF16", (value: number) => number]>([
		["F16", (value) => toHalf([value])[0]!],
		["BF16", (value) => new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16],
	])("of type %s, with a note", async (dtype, bits) => {
		const model = modelOf();
		const { path, read, notes } = await published(dtype, model, (path, tensors) => {
			const half = [...tensors].map(([name, { shape, data }]): [string, SafeTensor] => [
				name,
				{ dtype, shape, data: Uint16Array.from(data as Float32Array, bits) },
			]);
			return write(join(path, "model.safetensors"), new Map(half));
		});
		const { weights } = await read();
		for (const [name, values] of model.weights)
			for (const [i, value] of values.entries())
				expect(Math.abs(weights.get(name)![i]! - value)).toBeLessThanOrEqual(2 ** -7 * Math.abs(value) + 1e-7);
		const count = parameterShapes(model.config).length;
		expect(notes).toEqual([
			`${join(path, "model.safetensors")}: ${count} of ${count} tensors are ${dtype}; they are converted to F32, without loss`,
		]);
		const imported = await isoflop("import", path, "--out", join(folder, `${dtype}.safetensors`));
		expect(imported).toMatchObject({ code: 0, said: notes });
	});
});

describe("isoflop sample, export and import", () => {
	test("from a weights file to a folder and back: the same model, the same text", async () => {
		const weights = join(folder, "model.safetensors");
		const exported = join(folder, "exported");
		const imported = join(folder, "imported.safetensors");
		await writeWeightsFile(weights, modelOf({ ...llama, keyValueHeads: 1 }));
		const settings = ["--tokens", "30", "--seed", "7", "--temperature", "0.9", "--top-k", "20"];
		const sampled = await isoflop("sample", weights, "the state", ...settings);
		expect(sampled).toMatchObject({ code: 0, said: [] });
		expect(sampled.printed[0]).toMatch(/^the state/);
		expect(await isoflop("export", weights, "--out", exported)).toMatchObject({
			code: 0,
			printed: [exported],
			said: [],
		});
		expect(await isoflop("sample", exported, "the state", ...settings)).toEqual(sampled);
		expect((await isoflop("import", exported, "--out", imported)).printed[0]).toMatch(
			/imported\.safetensors: width 8, 2 layers, 2 heads, [\d.]+K parameters, vocabulary 300, context 12; to start from it/,
		);
		expect(await isoflop("sample", imported, "the state", ...settings)).toEqual(sampled);
		const { json } = await isoflop("sample", weights, "the state", ...settings, "--json");
		expect(json[0]).toMatchObject({
			run: "0123456789abcdef",
			prompt: "the state",
			temperature: 0.9,
			topK: 20,
			seed: 7,
		});
		expect((json[0] as { tokens: number[] }).tokens).toHaveLength(30);
		expect(sampled.printed[0]).toBe(`the state${(json[0] as { continuation: string }).continuation}`);
	});

	test("a weights file with NaN is refused by name, and nothing is sampled", async () => {
		const weights = join(folder, "nan.safetensors");
		const model = modelOf();
		model.weights.get("wpe.weight")!.fill(Number.NaN, 3, 5);
		await writeWeightsFile(weights, model);
		const { code, said, printed } = await isoflop("sample", weights, "x");
		expect({ code, printed }).toEqual({ code: 1, printed: [] });
		expect(said[0]).toContain(
			`${weights}: tensor wpe.weight has 2 of 96 values that are NaN or infinite, the first (NaN) at position 3`,
		);
	});

	test("of a study's folder the best run, or the one that is named", async () => {
		const { runs } = await planStudy(studyWith(), corpora);
		const study = join(folder, "study");
		const results = runs.map((run, i) => ({ ...resultOf(run), validationLoss: 3 + ((i + 2) % runs.length) / 10 }));
		const [best, other] = [runs.at(-2)!, runs[0]!];
		await writeWeightsFile(join(study, "weights", `${best.id}.safetensors`), { ...modelOf(), about: { id: best.id } });
		await writeFile(join(study, "runs.jsonl"), results.map(runLine).join(""));
		const { json } = await isoflop("sample", study, "x", "--json", "--tokens", "1");
		expect(json[0]).toMatchObject({ run: best.id });
		const named = await isoflop("sample", study, "x", "--run", other.id.slice(0, 6));
		expect(named.code).toBe(2);
		expect(named.said[0]).toContain(`has no weights of run ${other.id} (weights/${other.id}.safetensors)`);
		const { printed } = await isoflop("export", study);
		expect(printed[0]).toBe(join(study, "models", best.id));
		expect((await isoflop("sample", printed[0]!, "x", "--json", "--tokens", "1")).json).toEqual(json);
	});

	test("a model that transformers cannot load is exported with a word on it", async () => {
		const weights = join(folder, "odd.safetensors");
		await writeWeightsFile(weights, modelOf({ positions: "none", activation: "swiglu" }));
		expect((await isoflop("export", weights, "--out", join(folder, "odd"))).said[0]).toBe(
			"isoflop can load this folder but transformers cannot: GPT-2 requires learned positions, GELU or ReLU²; " +
				"Llama requires RMS norm, rotary positions",
		);
	});

	test.each([
		[["sample", "nothing", "x"], '"nothing" does not exist; give a study folder, a model folder or'],
		[["sample", ".", "x", "--temperature", "hot"], '--temperature is "hot"; it must be a number from 0 to 100'],
		[["sample", ".", "x", "--top-k", "0"], '--top-k is "0"; it must be a whole number from 1 to 50257'],
		[["sample", ".", "x", "--tokens", "1.5"], '--tokens is "1.5"; it must be a whole number from 1 to 100000'],
	])("%j", async (argv, message) => {
		const { code, said } = await isoflop(...argv);
		expect(code).toBe(2);
		expect(said[0]).toContain(message);
	});
});
