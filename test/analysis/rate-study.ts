import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import type { LossLaw } from "../../src/theory/loss-law.ts";
import { run } from "./synthetic-study.ts";

/** A study of several learning rates at the scale of the presets, whose best rate falls as training goes on. */
export interface RateStudy {
	/** Parameter counts, ascending, and the tokens that each size is trained on. */
	sizes: readonly { total: number; nonEmbedding: number; tokens: number }[];
	law: LossLaw;
	/** The loss before a model has learned anything, nats per token. */
	plateau: number;
	/** Tokens per step. */
	batch: number;
	learningRates: readonly number[];
	seeds: number;
	/** Standard deviation of ln L between whole curves of different seeds (offset, and half as much tilt). */
	seedNoise: number;
	/** Standard deviation of ln L of a single step. */
	stepNoise: number;
	/** What a rate costs in ln L, per squared ln ratio to the best: above it, and below it, where training is slow. */
	cost: { above: number; below: number };
}

/** Curves have a point at each of these steps, as those of the trainer. */
function pointEdges(steps: number): number[] {
	const edges = [1];
	while (edges.at(-1)! < steps)
		edges.push(Math.min(steps, Math.max(edges.at(-1)! + 1, Math.ceil(edges.at(-1)! * 1.06))));
	return edges;
}

/** A loss that starts at the plateau; far below it, it is unchanged. */
function belowPlateau(loss: number, plateau: number): number {
	return (loss ** -20 + plateau ** -20) ** (-1 / 20);
}

/** The rate that is best once D tokens were seen: it falls by a factor of 4 for ten times the tokens. */
function bestRate(tokens: number): number {
	return 0.003 * (tokens / 4e5) ** -Math.log10(4);
}

/**
 * Runs of a study whose lowest loss over all rates obeys its law:
 *
 *     ln L = ln (E + A·N_T^−α + B·D^−β) + cost · ln² (rate / best rate at D) + noise
 *
 * A rate below the best is slow early and wins late. Half of the variance between seeds is that of the seed, at any rate:
 * its initial weights and batches; the other half that of the run.
 */
export function rateRuns(study: RateStudy, key: number): CurveRun[] {
	const { sizes, law, batch, learningRates, seeds, seedNoise, stepNoise, cost, plateau } = study;
	return sizes.flatMap(({ total, nonEmbedding, tokens }, size) =>
		learningRates.flatMap((rate, r) =>
			Array.from({ length: seeds }, (_, seed) => {
				const shared = randomKey(key, "seed", size, seed);
				const own = randomKey(key, "run", size, r, seed);
				const draw = (i: number) => Math.SQRT1_2 * (normal(shared, i) + normal(own, i));
				const offset = seedNoise * draw(0);
				const tilt = (seedNoise / 2) * draw(1);
				const curve = { tokens: [] as number[], loss: [] as number[] };
				let before = 0;
				for (const [p, edge] of pointEdges(Math.round(tokens / batch)).entries()) {
					const D = (batch * (before + 1 + edge)) / 2;
					const L = belowPlateau(law.E + law.A * total ** -law.alpha + law.B * D ** -law.beta, plateau);
					const away = Math.log(rate / bestRate(D));
					const penalty = (away > 0 ? cost.above : cost.below) * away ** 2;
					const noise = (stepNoise / Math.sqrt(edge - before)) * normal(own, 10 + p);
					curve.tokens.push(D);
					curve.loss.push(L * Math.exp(penalty + offset + tilt * (Math.log(D / tokens) + 1) + noise));
					before = edge;
				}
				const parameters = { total, nonEmbedding, embedding: total - nonEmbedding, head: 0 };
				const result = run(`${size}-${rate}-${seed}`, size, rate, seed, parameters, curve);
				return { ...result, spec: { ...result.spec, batchSequences: batch / result.spec.model.context } };
			}),
		),
	);
}

/** The sizes of `reconcile` and their budgets: width × layers of 8×1, 16×2, 24×3 and 32×4 with 2,048 words. */
export const RECONCILE: RateStudy = {
	sizes: [
		{ total: 17_400, nonEmbedding: 888, tokens: 2.0e6 },
		{ total: 39_616, nonEmbedding: 6592, tokens: 2.6e6 },
		{ total: 71_256, nonEmbedding: 21_720, tokens: 3.0e6 },
		{ total: 116_928, nonEmbedding: 50_880, tokens: 1.7e6 },
	],
	law: { E: 4.1, A: 2500, B: 40_000, alpha: 0.8, beta: 0.9 },
	plateau: Math.log(2048),
	batch: 256,
	learningRates: [0.0015, 0.003, 0.006],
	seeds: 3,
	seedNoise: 0.005,
	stepNoise: 0.03,
	cost: { above: 0.01, below: 0.04 },
};

/** The sizes of `minute` and their budgets: the same shapes with 512 words. */
export const MINUTE: RateStudy = {
	...RECONCILE,
	sizes: [
		{ total: 5112, nonEmbedding: 888, tokens: 1.0e6 },
		{ total: 15_040, nonEmbedding: 6592, tokens: 1.2e6 },
		{ total: 34_392, nonEmbedding: 21_720, tokens: 2.0e6 },
		{ total: 67_776, nonEmbedding: 50_880, tokens: 1.2e6 },
	],
	law: { E: 3.4, A: 1400, B: 16_000, alpha: 0.9, beta: 0.9 },
	plateau: Math.log(512),
	batch: 128,
};
