import type { Convention } from "../../architecture/flops.ts";
import type { ParameterCounts } from "../../architecture/size.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";
import type { Prediction } from "../power-laws/predict.ts";
import type { RateRule } from "./choose-rates.ts";

/** A point of the compute-optimal frontier, in the counts of its convention. */
export interface EnvelopePoint {
	/** Compute, FLOP. */
	flops: number;
	/** N*: parameters of the best model at this compute. */
	parameters: number;
	/** D*: training tokens of that model at this compute. */
	tokens: number;
	/** Nats per token. */
	loss: number;
	/** The best size's runs at the learning rate that is best there, one per seed; `loss` is their mean. */
	runIds: string[];
	/** Whether the loss laws use this point; false at a trimmed end of the frontier. */
	used: boolean;
}

/** The compute-optimal frontier in one convention and the laws fitted to it. */
export interface ConventionFit {
	/** N* = kN · C^a. */
	allocation: Fit;
	/** D* = kD · C^b. */
	tokens: Fit;
	/** L* = k · C^-γ. */
	lossNoOffset: Fit;
	/** L* = E + k · C^-γ. */
	lossWithOffset: Fit;
	/** Predictions at the requested compute; absent when none was requested. */
	predictions?: Prediction[];
	/** The lower envelope of the curves on a log-spaced compute grid, ascending in compute. */
	frontier: EnvelopePoint[];
	/** The lower envelope as a line to draw: two columns of equal length, ascending in compute. */
	envelope: { flops: number[]; loss: number[] };
}

/** A learning rate of a model size that counts: the best of its size somewhere on the frontier. */
export interface ChosenRate {
	/** For display, such as "width 64, 3 layers, 4 heads". */
	size: string;
	/** For display, such as "constant rate, 600 steps of 2048 tokens". */
	recipe: string;
	parameters: ParameterCounts;
	learningRate: number;
	/** The runs at this rate (one per seed), in the order given. */
	runIds: string[];
	/**
	 * Their mean loss at the last token count that all compared runs of the size reached, nats per token; null while they
	 * are too far behind.
	 */
	loss: number | null;
	/** All compared rates with their losses there, ascending. */
	rates: { learningRate: number; loss: number }[];
	/**
	 * The tokens between which it is the best of its size on the frontier of either convention, C / 6N in both; null if the
	 * size is nowhere on it, in which case this is the rate that is best at the end.
	 */
	bestAt: { from: number; to: number } | null;
	/** Whether it is the best at a crossing, and the lowest or highest tried: a better one may lie outside. */
	atGridEdge: boolean;
}

export interface AnalysisOptions {
	/** Bootstrap resamples; 0 for no intervals. Default 1000. */
	resamples?: number;
	/** Seeds the resampling. Default 42. */
	seed?: number;
	/** Nominal coverage of the intervals, in (0, 1). Default 0.9. */
	interval?: number;
	/**
	 * If true (default), fits use only the part of the envelope between two sizes. If false, they use all of it, as in
	 * Pearce & Song's script, including the ends where the smallest or largest size is best only for lack of competitors.
	 */
	trimEdges?: boolean;
	/** Which learning rates of a size count. Default `envelope`. */
	rates?: RateRule;
}

/** A study's fits under one rule for learning rates. */
export interface StudyReading {
	rates: RateRule;
	/** The rule in words, such as "lowest loss over 3 learning rates at each compute"; null without a choice. */
	rule: string | null;
	/** Runs that no fit uses, with the reason, such as: diverged, or no usable points. */
	leftOut: LeftOut[];
	conventions: Record<Convention, ConventionFit>;
}

/** All results from a study's runs so far. Plain JSON without NaN or infinities. */
export interface StudyAnalysis extends StudyReading {
	options: Required<AnalysisOptions>;
	/** The learning rates that count, ascending in total parameters and tokens. */
	chosen: ChosenRate[];
	warnings: string[];
	/** The same runs under the other rule, for comparison; null if no size was given several rates. */
	otherRule: StudyReading | null;
}
