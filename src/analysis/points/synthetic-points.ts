import { flopsOf } from "../../architecture/flops.ts";
import { normal, randomKey } from "../../maths/random.ts";
import { logspace } from "../../maths/search.ts";
import { bestAllocation, type LossLaw, lossAt } from "../../theory/loss-law.ts";

/** `count` values in equal ratios, both ends included. */
export interface Span {
	from: number;
	to: number;
	count: number;
}

/** Which models a synthetic study trains, and for how long. */
export type SyntheticDesign =
	/** At each budget (FLOP), `sizes` models around the best one: from it divided by `spread` to it times `spread`. */
	| { kind: "isoflop"; budgets: Span; sizes: number; spread: number }
	/** Every size (parameters) for every length (tokens), each a run of its own. */
	| { kind: "grid"; parameters: Span; tokens: Span }
	/** Every size once, its loss known at every length. */
	| { kind: "curves"; parameters: Span; tokens: Span };

export interface SyntheticStudy {
	/** The truth. Its N and C = 6·N·D are in total parameters. */
	law: LossLaw;
	design: SyntheticDesign;
	/** Standard deviation of ln L between runs: all points of a run are off by the same. */
	noise: number;
	/** Standard deviation of ln L between the points of a training curve; has no effect on other designs. */
	pointNoise: number;
	/** Other seeds give other noise, and nothing else. */
	seed: number;
}

/** A measurement of a synthetic study. */
export interface SyntheticPoint {
	run: string;
	/** N, total. */
	parameters: number;
	/** D. */
	tokens: number;
	/** 6·N·D. */
	flops: number;
	/** Nats per token. */
	loss: number;
	/** The IsoFLOP budget, FLOP; null for other designs. */
	budget: number | null;
}

/** Most measurements that are drawn. */
export const MOST_SYNTHETIC = 20_000;

/**
 * Draws the measurements of a study whose losses obey a known law up to noise:
 *
 *     L = (E + A·N^−α + B·D^−β) · exp(σ·z_run + σ_p·z_point),   z ~ N(0, 1)
 *
 * The same study gives the same numbers everywhere.
 *
 * @throws RangeError if it would have more than `MOST_SYNTHETIC` points
 */
export function drawPoints({ law, design, noise, pointNoise, seed }: SyntheticStudy): SyntheticPoint[] {
	const count = pointCount(design);
	if (!(count <= MOST_SYNTHETIC))
		throw new RangeError(`the study would have ${count} points; at most ${MOST_SYNTHETIC} are drawn`);
	const ofPoints = design.kind === "curves" ? pointNoise : 0;
	return runsOf(law, design).flatMap(({ parameters, lengths, budget }, r) => {
		const run = `run ${r + 1}`;
		const key = randomKey(seed, "synthetic", r);
		const offset = noise * normal(key, 0);
		return lengths.map((tokens, i) => ({
			...{ run, parameters, tokens, flops: budget ?? flopsOf(parameters, tokens), budget },
			loss: lossAt(law, parameters, tokens) * Math.exp(offset + ofPoints * normal(key, i + 1)),
		}));
	});
}

/** How many measurements a design has. */
export function pointCount(design: SyntheticDesign): number {
	return design.kind === "isoflop"
		? design.budgets.count * design.sizes
		: design.parameters.count * design.tokens.count;
}

interface SyntheticRun {
	parameters: number;
	/** Tokens at which its loss is known. */
	lengths: number[];
	budget: number | null;
}

function runsOf(law: LossLaw, design: SyntheticDesign): SyntheticRun[] {
	if (design.kind === "isoflop")
		return spaced(design.budgets).flatMap((budget) => {
			const { parameters: best } = bestAllocation(law, budget);
			const sizes = spaced({ from: best / design.spread, to: best * design.spread, count: design.sizes });
			return sizes.map((parameters) => ({ parameters, lengths: [budget / flopsOf(parameters, 1)], budget }));
		});
	const lengths = spaced(design.tokens);
	return spaced(design.parameters).flatMap((parameters): SyntheticRun[] => {
		if (design.kind === "curves") return [{ parameters, lengths, budget: null }];
		return lengths.map((tokens) => ({ parameters, lengths: [tokens], budget: null }));
	});
}

function spaced({ from, to, count }: Span): number[] {
	return logspace(Math.log10(from), Math.log10(to), count);
}

/** The points as a table that `readPoints` and other programs read, with every digit. */
export function syntheticCsv(points: readonly SyntheticPoint[]): string {
	const hasBudgets = points.some(({ budget }) => budget !== null);
	const rows = points.map(({ run, parameters, tokens, flops, loss, budget }) =>
		[run, parameters, tokens, flops, loss, ...(hasBudgets ? [budget] : [])].join(","),
	);
	return [`run,params,tokens,flops,loss${hasBudgets ? ",budget" : ""}`, ...rows, ""].join("\n");
}
