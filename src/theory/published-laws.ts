import type { Count } from "../architecture/counting.ts";
import { FLOPS_PER_PARAMETER } from "../architecture/flops.ts";
import {
	type InversePower,
	inversePower,
	KAPLAN_LOSS_OF_FLOPS,
	KAPLAN_LOSS_OF_MINIMAL_FLOPS,
	KAPLAN_MINIMAL_SIZE,
	KAPLAN_SIZE,
	PF_DAY,
} from "./kaplan.ts";
import { type Allocation, allocationExponent, bestAllocation, type LossLaw, lossAt } from "./loss-law.ts";
import { CHINCHILLA, EPOCH, type Specification } from "./specifications.ts";

/** A law that says how to spend a budget. */
export interface AllocationLaw {
	id: string;
	label: string;
	source: string;
	/** Which parameters it counts, in N and in C = 6·N·D; null: those that its constants were fitted to. */
	counting: Count | null;
	/** N* and D* as a function of C. */
	rule: ParametricRule | PowerRule;
	/** What to know before using it; one sentence, or null. */
	note: string | null;
}

/** N* and D* from a law of loss L(N, D). */
interface ParametricRule {
	kind: "parametric";
	law: LossLaw;
}

/** N* = parameters · (C / flops)^exponent, D* = C / 6N*. */
interface PowerRule {
	kind: "power";
	/** The point that the line is drawn through. */
	anchor: { flops: number; parameters: number };
	exponent: number;
	/** Of the exponent, where printed. */
	interval: { low: number; high: number; level: number } | null;
	/** L* = (scale / C)^exponent with C in PF-days, where printed. */
	loss: InversePower | null;
}

const HOFFMANN = "Hoffmann et al. 2022, arXiv:2203.15556";
const KAPLAN = "Kaplan et al. 2020, arXiv:2001.08361, appendix A";
const NO_LOSS = "No law of loss is built in for it.";

/** Every published law of the planner, from the oldest to the newest. */
export const PUBLISHED_LAWS: readonly AllocationLaw[] = [
	{
		id: "kaplan",
		label: "Kaplan, critical batch",
		source: KAPLAN,
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
			"the printed 2e10·C^0.27 tokens is for the critical batch, which takes twice as many.",
	},
	{
		id: "kaplan-fixed-batch",
		label: "Kaplan, fixed batch",
		source: KAPLAN,
		counting: "nonembedding",
		rule: {
			kind: "power",
			anchor: { flops: PF_DAY, parameters: KAPLAN_SIZE.parameters },
			exponent: KAPLAN_SIZE.exponent,
			interval: null,
			loss: KAPLAN_LOSS_OF_FLOPS,
		},
		note: "C is without embeddings, at batches of 524,288 tokens.",
	},
	{
		id: "hoffmann-1",
		label: "Hoffmann, Approach 1",
		source: `${HOFFMANN}, tables 2 and 3`,
		counting: "total",
		rule: {
			kind: "power",
			anchor: { flops: 5.76e23, parameters: 67e9 },
			exponent: 0.5,
			interval: { low: 0.488, high: 0.502, level: 0.8 },
			loss: null,
		},
		note: `The exponent has two digits; the line goes through the printed 67 billion at 5.76e23 FLOP. ${NO_LOSS}`,
	},
	{
		id: "hoffmann-2",
		label: "Hoffmann, Approach 2",
		source: `${HOFFMANN}, tables 2 and A3`,
		counting: "total",
		rule: {
			kind: "power",
			anchor: { flops: 6.88e23, parameters: 67e9 },
			exponent: 0.49,
			interval: { low: 0.462, high: 0.534, level: 0.8 },
			loss: null,
		},
		note: `The exponent has two digits; the line goes through the printed 67 billion at 6.88e23 FLOP. ${NO_LOSS}`,
	},
	{
		...parametric({ ...CHINCHILLA, id: "hoffmann-3", label: "Hoffmann, Approach 3" }, "total"),
		note: "With exponents rounded to 0.34 and 0.28, as equation 10 prints them, D/N at 5.88e23 FLOP is 93 instead of 59.",
	},
	parametric(EPOCH, "total"),
	{
		id: "porian",
		label: "Porian, tuned",
		source: "Porian et al. 2024, arXiv:2406.19146, RefinedWeb, tuned without decay; coefficient from their repository",
		counting: "nonembedding+head",
		rule: {
			kind: "power",
			anchor: { flops: 1, parameters: 0.11892648397493802 },
			exponent: 0.49689507817885203,
			interval: { low: 0.4906815956168365, high: 0.5045239562081141, level: 0.95 },
			loss: null,
		},
		note: `Fitted from 1.25e16 to 2.56e19 FLOP. ${NO_LOSS}`,
	},
];

/** A law of loss as a planner's law. */
export function parametric({ id, label, source, law }: Specification, counting: Count | null = null): AllocationLaw {
	return { id, label, source, counting, rule: { kind: "parametric", law }, note: null };
}

/** What a law advises for a budget. */
export interface Advice extends Allocation {
	tokensPerParameter: number;
	/** a of N* ∝ C^a. */
	exponent: number;
	/** Nats per token; null when no law of loss is built in for it. */
	loss: number | null;
}

/** N*, D* and the loss at C FLOP, C and N counted as the law counts. */
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
