import type { Convention } from "../../architecture/flops.ts";
import type { ParameterCounts } from "../../architecture/size.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";

/** A point of the compute-optimal frontier, in the counts of its convention. */
export interface EnvelopePoint {
	/** Compute, FLOP. */
	flops: number;
	/** N*: parameters of the best model at that compute. */
	parameters: number;
	/** D*: the training tokens it has then seen. */
	tokens: number;
	/** Nats per token. */
	loss: number;
	/** The best size's runs at its chosen learning rate, one per seed; `loss` is their mean. */
	runIds: string[];
	/** Whether the loss laws rest on it; false at a trimmed end of the frontier. */
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
	/** The lower envelope of the curves on a log-spaced grid of compute, in ascending order of compute. */
	frontier: EnvelopePoint[];
	/** The lower envelope as a line to draw: columns of equal length, ascending in compute. */
	envelope: { flops: number[]; loss: number[] };
}

/** The learning rate that a model size was given: the one with the lowest final loss. */
export interface ChosenRate {
	/** For people: "width 64, 3 layers, 4 heads". */
	size: string;
	/** For people: "constant rate, 600 steps of 2048 tokens". A size has one choice for each. */
	recipe: string;
	parameters: ParameterCounts;
	learningRate: number;
	/** The runs at this rate (one per seed), in the order given. */
	runIds: string[];
	/** Their mean loss at the last token count that all compared runs of the size reached, nats per token. */
	loss: number;
	/** All rates compared, ascending, with their losses. */
	rates: { learningRate: number; loss: number }[];
	/** Whether the best rate is the lowest or highest one tried, so that a better one may lie outside. */
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
	 * Whether fits rest only on what lies between a smaller and a larger size (default), or on all of the envelope, as in
	 * Pearce & Song's script, its ends included where the smallest or largest size wins for want of a better one.
	 */
	trimEdges?: boolean;
}

/** All that a study's runs say so far. Plain JSON without NaN or infinities. */
export interface StudyAnalysis {
	options: Required<AnalysisOptions>;
	/** One per model size (and schedule, batch and length, where these differ), ascending in total parameters. */
	chosen: ChosenRate[];
	/** Runs that no fit rests on, and why: diverged, without usable points, or another learning rate was better. */
	leftOut: LeftOut[];
	warnings: string[];
	conventions: Record<Convention, ConventionFit>;
}
