import type { Count } from "../architecture/counting.ts";
import { FLOPS_PER_PARAMETER } from "../architecture/flops.ts";
import type { FittedRange } from "./fitted-range.ts";
import {
	type InversePower,
	inversePower,
	KAPLAN_LOSS_OF_FLOPS,
	KAPLAN_LOSS_OF_MINIMAL_FLOPS,
	KAPLAN_MINIMAL_SIZE,
	KAPLAN_MINIMAL_TOKENS,
	KAPLAN_SIZE,
	KAPLAN_SOURCE,
	PF_DAY,
} from "./kaplan.ts";
import { type Allocation, allocationExponent, bestAllocation, type LossLaw, lossAt } from "./loss-law.ts";
import { HOFFMANN_EXPONENTS, HOFFMANN_OPTIMA, HOFFMANN_SOURCE, PORIAN_ALLOCATION } from "./published-exponents.ts";
import { CHINCHILLA, CHINCHILLA_PRINTED_EXPONENTS, EPOCH, type Specification } from "./specifications.ts";

/** A law that gives the best model size and token count for a compute budget. */
export interface AllocationLaw {
	id: string;
	label: string;
	source: string;
	/** Which parameters N counts, also in C = 6·N·D; null if unknown (custom constants): whatever they were fitted to. */
	counting: Count | null;
	/** N* and D* as a function of C. */
	rule: ParametricRule | PowerRule;
	/** A caveat in one sentence, or null. */
	note: string | null;
	/** What it was fitted on, null where unknown. */
	range: FittedRange | null;
}

/** N* and D* from a loss law L(N, D). */
interface ParametricRule {
	kind: "parametric";
	law: LossLaw;
	/** The interval of a, if known. */
	interval?: PowerRule["interval"];
}

/** N* = parameters · (C / flops)^exponent, D* = C / 6N*. */
interface PowerRule {
	kind: "power";
	/** A point on the law. */
	anchor: { flops: number; parameters: number };
	exponent: number;
	/** The exponent's interval, if printed. */
	interval: { low: number; high: number; level: number } | null;
	/** L* = (scale / C)^exponent with C in PF-days, if printed. */
	loss: InversePower | null;
}

/** Section 3 of Kaplan et al.: 768 to 1.5 billion parameters without embeddings. */
const KAPLAN_RANGE: FittedRange = { parameters: { from: 768, to: 1.5e9 }, flops: null };
/** Section 3 of Hoffmann et al.: approach 1 trains 70 million to over 10 billion parameters, approach 2 at nine budgets. */
const HOFFMANN_RANGES = {
	approach1: { parameters: { from: 70e6, to: 10e9 }, flops: null },
	approach2: { parameters: null, flops: { from: 6e18, to: 3e21 } },
	approach3: { parameters: { from: 70e6, to: 16e9 }, flops: null },
} satisfies Record<string, FittedRange>;
/** The points that Besiroglu et al. read off Hoffmann et al.'s figure 4. */
const EPOCH_RANGE: FittedRange = { parameters: { from: 57e6, to: 16.2e9 }, flops: { from: 1.4e18, to: 1.3e22 } };
const PORIAN_RANGE: FittedRange = { parameters: null, flops: { from: 1.25e16, to: 2.56e19 } };

const KAPLAN_APPENDIX = `${KAPLAN_SOURCE}, appendix A`;
const NO_LOSS = "No loss law is built in for it.";

/** The planner's published laws, oldest first. */
export const PUBLISHED_LAWS: readonly AllocationLaw[] = [
	{
		id: "kaplan",
		label: "Kaplan, critical batch",
		source: KAPLAN_APPENDIX,
		counting: "nonembedding",
		rule: {
			kind: "power",
			anchor: { flops: PF_DAY, parameters: KAPLAN_MINIMAL_SIZE.parameters },
			exponent: KAPLAN_MINIMAL_SIZE.exponent,
			interval: null,
			loss: KAPLAN_LOSS_OF_MINIMAL_FLOPS,
		},
		note:
			"C is C_min, without embeddings and at batches far below the critical one, and D = C/6N; " +
			`the printed 2e10·C^${KAPLAN_MINIMAL_TOKENS.exponent} tokens is for the critical batch, which takes twice as many.`,
		range: KAPLAN_RANGE,
	},
	{
		id: "kaplan-fixed-batch",
		label: "Kaplan, fixed batch",
		source: KAPLAN_APPENDIX,
		counting: "nonembedding",
		rule: {
			kind: "power",
			anchor: { flops: PF_DAY, parameters: KAPLAN_SIZE.parameters },
			exponent: KAPLAN_SIZE.exponent,
			interval: null,
			loss: KAPLAN_LOSS_OF_FLOPS,
		},
		note: "C is without embeddings, at batches of 524,288 tokens.",
		range: KAPLAN_RANGE,
	},
	{
		id: "hoffmann-1",
		label: "Hoffmann, Approach 1",
		source: `${HOFFMANN_SOURCE}, tables 2 and 3`,
		counting: "total",
		rule: {
			kind: "power",
			anchor: HOFFMANN_OPTIMA.approach1,
			exponent: HOFFMANN_EXPONENTS.approach1.allocation.estimate,
			interval: HOFFMANN_EXPONENTS.approach1.allocation.interval,
			loss: null,
		},
		note: `The exponent has two digits; the line goes through the printed 67 billion at 5.76e23 FLOP. ${NO_LOSS}`,
		range: HOFFMANN_RANGES.approach1,
	},
	{
		id: "hoffmann-2",
		label: "Hoffmann, Approach 2",
		source: `${HOFFMANN_SOURCE}, tables 2 and A3`,
		counting: "total",
		rule: {
			kind: "power",
			anchor: HOFFMANN_OPTIMA.approach2,
			exponent: HOFFMANN_EXPONENTS.approach2.allocation.estimate,
			interval: HOFFMANN_EXPONENTS.approach2.allocation.interval,
			loss: null,
		},
		note: `The exponent has two digits; the line goes through the printed 67 billion at 6.88e23 FLOP. ${NO_LOSS}`,
		range: HOFFMANN_RANGES.approach2,
	},
	{
		...parametric({ ...CHINCHILLA, id: "hoffmann-3", label: "Hoffmann, Approach 3" }, "total"),
		note:
			`With exponents rounded to ${CHINCHILLA_PRINTED_EXPONENTS.alpha} and ${CHINCHILLA_PRINTED_EXPONENTS.beta}, as equation 10 ` +
			"prints them, D/N at 5.88e23 FLOP is 93 instead of 59.",
		range: HOFFMANN_RANGES.approach3,
	},
	{ ...parametric(EPOCH, "total"), range: EPOCH_RANGE },
	{
		id: "porian",
		label: "Porian, tuned",
		source: "Porian et al. 2024, arXiv:2406.19146, RefinedWeb, tuned without decay; coefficient from their repository",
		counting: "nonembedding+head",
		rule: {
			kind: "power",
			anchor: { flops: 1, parameters: PORIAN_ALLOCATION.parameters },
			exponent: PORIAN_ALLOCATION.estimate,
			interval: PORIAN_ALLOCATION.interval,
			loss: null,
		},
		note: NO_LOSS,
		range: PORIAN_RANGE,
	},
];

/** An allocation law derived from a loss law. */
export function parametric({ id, label, source, law }: Specification, counting: Count | null = null): AllocationLaw {
	return { id, label, source, counting, rule: { kind: "parametric", law }, note: null, range: null };
}

/** A law's recommendation for one budget. */
export interface Advice extends Allocation {
	tokensPerParameter: number;
	/** a of N* ∝ C^a. */
	exponent: number;
	/** Nats per token; null when no loss law is built in for this law. */
	loss: number | null;
}

/** N*, D* and the loss at C FLOP, with C and N in the law's own convention. */
export function advise({ rule }: AllocationLaw, flops: number): Advice {
	if (rule.kind === "parametric") {
		const { parameters, tokens } = bestAllocation(rule.law, flops);
		const loss = lossAt(rule.law, parameters, tokens);
		return {
			parameters,
			tokens,
			tokensPerParameter: tokens / parameters,
			exponent: allocationExponent(rule.law),
			loss,
		};
	}
	const { anchor, exponent } = rule;
	const parameters = anchor.parameters * (flops / anchor.flops) ** exponent;
	const tokens = flops / FLOPS_PER_PARAMETER / parameters;
	const loss = rule.loss && inversePower(rule.loss, flops / PF_DAY);
	return { parameters, tokens, tokensPerParameter: tokens / parameters, exponent, loss };
}
