import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import { modelConfig } from "../../src/architecture/config.ts";
import type { ParameterCounts } from "../../src/architecture/size.ts";
import { normal, randomKey, uniform } from "../../src/maths/random.ts";

/** L = E + A · N_T^−α + B · D^−β, with N_T about 10^5 and D about 10^7 in balance, as at the lab's scale. */
export const LAW = { E: 2, A: 71.7, B: 504, alpha: 0.35, beta: 0.37 };

/** N* ∝ C^a under that law in total parameters. */
export const TRUE_EXPONENT = LAW.beta / (LAW.alpha + LAW.beta);

export interface SyntheticStudy {
	/** Parameter counts, ascending. */
	sizes: { total: number; nonEmbedding: number }[];
	learningRates?: number[];
	seeds?: number;
	tokens?: number;
	points?: number;
	/** Standard deviation of ln L between whole curves (offset, and half as much tilt). */
	curveNoise?: number;
	/** Standard deviation of ln L between neighboring points. */
	pointNoise?: number;
	/** Relative loss of a run at a learning rate, by rate and size; 1 at the best. */
	ratePenalty?: (learningRate: number, size: number) => number;
	seed?: number;
}

/** `count` sizes in a constant ratio, without embeddings. */
export function geometricSizes(count: number, smallest = 5e4, ratio = 2, jitter = 0, seed = 0) {
	return Array.from({ length: count }, (_, i) => {
		const exponent = i + jitter * (uniform(randomKey(seed, "sizes"), i) - 0.5);
		const total = Math.round(smallest * ratio ** exponent);
		return { total, nonEmbedding: total };
	});
}

/** Runs of a study that obeys `LAW` up to noise. */
export function syntheticRuns(study: SyntheticStudy): CurveRun[] {
	const { sizes, learningRates = [0.01], seeds = 1, tokens = 2e8, points = 120 } = study;
	const { curveNoise = 0, pointNoise = 0, ratePenalty = () => 1, seed = 0 } = study;
	return sizes.flatMap(({ total, nonEmbedding }, size) =>
		learningRates.flatMap((learningRate) =>
			Array.from({ length: seeds }, (_, s) => {
				const key = randomKey(seed, "run", size, learningRate * 1e6, s);
				const offset = Math.log(ratePenalty(learningRate, size)) + curveNoise * normal(key, 1e6);
				const tilt = (curveNoise / 2) * normal(key, 1e6 + 1);
				const curve = { tokens: [] as number[], loss: [] as number[] };
				for (let p = 0; p < points; p++) {
					const D = (tokens * (p + 0.5)) / points;
					const L = LAW.E + LAW.A * total ** -LAW.alpha + LAW.B * D ** -LAW.beta;
					curve.tokens.push(D);
					const bend = tilt * ((Math.log(D / tokens) + 1) / 1.5);
					curve.loss.push(L * Math.exp(offset + bend + pointNoise * normal(key, p)));
				}
				const parameters = { total, nonEmbedding, embedding: total - nonEmbedding, head: 0 };
				return run(`${size}-${learningRate}-${s}`, size, learningRate, s, parameters, curve);
			}),
		),
	);
}

/** A finished run with everything but its shape, rate and seed fixed. */
export function run(
	id: string,
	size: number,
	learningRate: number,
	seed: number,
	parameters: ParameterCounts,
	curve: CurveRun["curve"],
): CurveRun {
	return {
		id,
		status: "finished",
		spec: {
			model: modelConfig({ vocabulary: 256, context: 16, width: 8 * (size + 1), layers: 2, heads: 1, tied: true }),
			corpus: { id: "text", hash: "0" },
			seed,
			optimizer: {
				...{ kind: "adamw", learningRate, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
				...{ weightDecay: 0, decay: "coupled", clip: 1 },
			},
			schedule: { kind: "constant", warmupSteps: 0, floor: 1 },
			batchSequences: 64,
			steps: 1000,
		},
		parameters,
		curve,
	};
}
