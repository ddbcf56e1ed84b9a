import { type LstmConfig, type ModelConfig, type ModelShape, modelConfig } from "../../src/architecture/config.ts";
import type { RunCorpora, TokenizedCorpus } from "../../src/data/corpus.ts";
import { randomBits } from "../../src/maths/random.ts";
import type { PlannedRun } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import { type TrainOptions, train } from "../../src/train/train.ts";
import { testGpu } from "../gpu/open.ts";

const VOCABULARY = 40;

/** A stream in which the next token is nearly certain: there is something to learn. */
export function madeCorpus(key = 1): TokenizedCorpus {
	const stream = (length: number, from: number) =>
		Uint16Array.from({ length }, (_, i) => (7 * (i + from) + (randomBits(key, i) % 2)) % VOCABULARY);
	return {
		...{ corpus: { id: "made", hash: `${key}` }, vocabulary: VOCABULARY },
		...{ train: stream(4000, 0), validation: stream(900, 3) },
	};
}

type Change = Partial<Omit<RunSpec, "model" | "optimizer">> & {
	model?: Partial<ModelShape> | (Partial<LstmConfig> & Pick<LstmConfig, "architecture">);
	optimizer?: Partial<RunSpec["optimizer"]>;
};

function madeModel(change: Change["model"] = {}): ModelConfig {
	const shape = { vocabulary: VOCABULARY, context: 8, width: 12, layers: 1, tied: true };
	if (change.architecture === "lstm") return { biases: true, ...shape, ...change };
	return modelConfig({ ...shape, heads: 3, ...change });
}

/** A small run: 60 steps of two micro-batches, 48 tokens in all, unless changed. */
export function madeRun(id: string, { model, optimizer, ...rest }: Change = {}): PlannedRun {
	return {
		id,
		spec: {
			model: madeModel(model),
			corpus: { id: "made", hash: "" },
			seed: 1,
			optimizer: {
				...{ kind: "adamw", learningRate: 0.01, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
				...{ weightDecay: 0.1, decay: "coupled", clip: 1, ...optimizer },
			},
			schedule: { kind: "cosine", warmupSteps: 3, floor: 0.1 },
			...{ batchSequences: 6, microBatchSequences: 3, steps: 60, validationSequences: 9, ...rest },
		},
	};
}

export const only = (corpus: TokenizedCorpus): RunCorpora => ({ training: [corpus], evaluations: [] });

/** Trains a pack to its end. */
export async function trained(
	runs: PlannedRun[],
	corpora: TokenizedCorpus[] = runs.map(() => corpus),
	options: TrainOptions = {},
): Promise<RunResult[]> {
	for await (const event of train(await testGpu(), runs, corpora.map(only), options))
		if (event.type === "end") return event.results;
	throw new Error("train ended without results");
}

/** What runs read unless a test says otherwise. */
export const corpus = madeCorpus();
