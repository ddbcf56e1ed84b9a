import type { Convention } from "../../architecture/flops.ts";
import type { ParameterCounts } from "../../architecture/size.ts";
import type { Fit, LeftOut } from "../fitting/fit.ts";

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
	/** The best size's runs at its chosen learning rate, one per seed; `loss` is their mean. */
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
	/** The lower envelope of the curves on a log-spaced compute grid, ascending in compute. */
	frontier: EnvelopePoint[];
	/** The lower envelope as a line to draw: two columns of equal length, ascending in compute. */
	envelope: { flops: number[]; loss: number[] };
}

/** The learning rate chosen for a model size: the one with the lowest final loss. */
export interface ChosenRate {
	/** For display, such as "width 64, 3 layers, 4 heads". */
	size: string;
	/** For display, such as "constant rate, 600 steps of 2048 tokens". A size has one choice per recipe. */
	recipe: string;
	parameters: ParameterCounts;
	learningRate: number;
	/** The runs at this rate (one per seed), in the order given. */
	runIds: string[];
	/** Their mean loss at the last token count that all compared runs of the size reached, nats per token. */
	loss: number;
	/** All compared rates with their losses, ascending. */
	rates: { learningRate: number; loss: number }[];
	/** Whether the best rate is the lowest or highest tried, in which case a better one may lie outside. */
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
}

/** All results from a study's runs so far. Plain JSON without NaN or infinities. */
export interface StudyAnalysis {
	options: Required<AnalysisOptions>;
	/** One per model size and recipe (schedule, batch and length), ascending in total parameters. */
	chosen: ChosenRate[];
	/** Runs that no fit uses, with the reason: diverged, no usable points, or not at the best learning rate. */
	leftOut: LeftOut[];
	warnings: string[];
	conventions: Record<Convention, ConventionFit>;
}
