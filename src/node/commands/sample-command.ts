import { loadTokenizer } from "../../data/load-tokenizer.ts";
import { Inference } from "../../model/inference.ts";
import { sampleTokens } from "../../model/sampling.ts";
import { findModel } from "../files/find-model.ts";
import type { Terminal } from "../printing/terminal.ts";
import { numberOption } from "./number-option.ts";

export interface SampleOptions {
	json?: boolean;
	/** Start of a run's id, for a study folder. */
	run?: string;
	temperature?: string;
	topK?: string;
	tokens?: string;
	seed?: string;
}

/** `isoflop sample`: continues a text with a trained model, on the CPU. */
export async function sampleCommand(
	terminal: Terminal,
	path: string,
	text: string,
	options: SampleOptions,
): Promise<number> {
	const temperature = numberOption("--temperature", options.temperature ?? "1", 0, 100);
	const topK = options.topK === undefined ? Infinity : numberOption("--top-k", options.topK, 1, 50_257, true);
	const count = numberOption("--tokens", options.tokens ?? "100", 1, 100_000, true);
	const seed = numberOption("--seed", options.seed ?? "1", 0, 4_294_967_295, true);
	const { config, weights, about } = await findModel(path, options.run, terminal.say);
	const tokenizer = await loadTokenizer(config.vocabulary);
	const prompt = [...tokenizer.encode(text.normalize("NFC"))];
	// Without a prompt, generate a new document: one that follows end-of-text.
	const given = prompt.length > 0 ? prompt : [tokenizer.endOfText];
	const source = sampleTokens(new Inference(config, weights), given, { temperature, topK, seed });
	const tokens = Array.from({ length: count }, () => source.next().value);
	const continuation = tokenizer.decode(tokens);
	if (options.json) {
		const settings = { temperature, topK: Number.isFinite(topK) ? topK : null, seed };
		terminal.json({ run: about.id ?? null, prompt: text, continuation, promptTokens: prompt, tokens, ...settings });
	} else terminal.print(tokenizer.decode([...prompt, ...tokens]));
	return 0;
}
