import { loadTokenizer } from "../data/load-tokenizer.ts";
import { Inference } from "../model/inference.ts";
import { sampleTokens } from "../model/sampling.ts";
import type { TrainedModel } from "../model/trained-model.ts";
import type { SampleRequest } from "./runs-protocol.ts";

/** Most tokens that are drawn at once: each takes about 2·N_T FLOP on the processor. */
const MOST_TOKENS = 1000;

/** Continues a text with a model, on the processor, as `isoflop sample` does. Without a prompt, a new document begins. */
export async function sampleText({ config, weights }: TrainedModel, request: SampleRequest): Promise<string> {
	const { prompt, temperature, tokens, seed } = request;
	const tokenizer = await loadTokenizer(config.vocabulary);
	const ids = [...tokenizer.encode(prompt.normalize("NFC"))];
	const given = ids.length > 0 ? ids : [tokenizer.endOfText];
	const source = sampleTokens(new Inference(config, weights), given, { temperature, topK: Infinity, seed });
	const drawn = Array.from({ length: Math.min(tokens, MOST_TOKENS) }, () => source.next().value);
	return tokenizer.decode(drawn);
}
