import { comparableRuns } from "../analysis/points/comparable-runs.ts";
import { distinct } from "../analysis/points/point.ts";
import type { PlannedRun } from "../run/events.ts";
import { isConstant } from "../run/schedule.ts";
import { withBranches } from "./branches.ts";
import { addCosts, packCost } from "./cost.ts";
import { packRuns } from "./packs.ts";
import type { Plan } from "./plan.ts";
import { StudyError } from "./study-error.ts";

/**
 * Which runs of a study are set aside, to be predicted by laws that are fitted to the others:
 *
 * - `largest`: all runs of the largest size, by N_T
 * - `budget`: all runs with the largest compute, 6·N_T·D
 */
export const HOLD_OUTS = ["largest", "budget"] as const;
export type HoldOut = (typeof HOLD_OUTS)[number];

/** The same choices in words, as what is set aside. */
export const HOLD_OUT_WORDS: Readonly<Record<HoldOut, string>> = {
	largest: "largest size",
	budget: "largest budget",
};

/** Runs within these ratios of the largest are as large: shapes of one size, and budgets, differ by rounding. */
export const SAME: Readonly<Record<HoldOut, number>> = { largest: 1.01, budget: 1.1 };
/** What a law of N and D needs of the kept runs. */
const FEWEST = 3;

/**
 * Ids of the runs that are set aside, in plan order.
 *
 * @throws StudyError if the runs that are left cannot determine a law of parameters and tokens, or losses cannot be compared
 */
export function heldOutRuns({ runs, perRun }: Pick<Plan, "runs" | "perRun">, by: HoldOut): string[] {
	const scaleOf = ({ id }: PlannedRun) => (by === "largest" ? perRun[id]!.parameters.total : perRun[id]!.flops.total);
	const largest = runs.reduce((most, run) => Math.max(most, scaleOf(run)), 0);
	const isHeldOut = (run: PlannedRun) => scaleOf(run) * SAME[by] >= largest;
	const kept = runs.filter((run) => !isHeldOut(run));
	const groups = comparableRuns(runs).length;
	if (groups > 1)
		throw new StudyError(
			[],
			`has ${groups} combinations of corpus, vocabulary and context; a forecast needs runs of one`,
		);
	const reason = lacking(kept, perRun);
	if (reason) throw new StudyError([], `without the ${HOLD_OUT_WORDS[by]} ${reason}`);
	return runs.filter(isHeldOut).map(({ id }) => id);
}

/** Why runs cannot determine a law of N and D, as the end of a sentence; null if they may. */
function lacking(kept: readonly PlannedRun[], perRun: Plan["perRun"]): string | null {
	const sizes = distinct(
		kept.map(({ id }) => perRun[id]!.parameters.total),
		FEWEST,
	);
	if (sizes < FEWEST) return `it has ${count(sizes, "size")}; a law of parameters and tokens needs ${FEWEST}`;
	// With a constant rate, every point of a curve is the end of a shorter run.
	if (kept.some(({ spec }) => isConstant(spec.schedule))) return null;
	const lengths = distinct(
		kept.map(({ id }) => perRun[id]!.tokens),
		FEWEST,
	);
	if (lengths < FEWEST)
		return `its runs have ${count(lengths, "length")}; a law of parameters and tokens needs ${FEWEST}, or a constant learning rate`;
	const cells = new Set(kept.map(({ id }) => `${perRun[id]!.parameters.total} ${perRun[id]!.tokens}`)).size;
	return cells < PARAMETERS
		? `it has ${cells} pairs of size and length; a law with ${PARAMETERS} parameters needs as many`
		: null;
}

/** E, A, B, α and β. */
const PARAMETERS = 5;

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/**
 * The plan without the runs that are set aside: what trains before the forecast is sealed. No run branches off one that is
 * set aside, so that none of those trains early.
 */
export function keptPlan(plan: Plan, heldOut: readonly string[]): Plan {
	const aside = new Set(heldOut);
	const kept = plan.runs.filter(({ id }) => !aside.has(id)).map(({ id, spec }) => ({ id, spec }));
	const packs = packRuns(withBranches(kept));
	const runs = packs.flat();
	const sum = (of: (row: Plan["perRun"][string]) => number) =>
		runs.reduce((total, { id }) => total + of(plan.perRun[id]!), 0);
	return {
		...plan,
		runs,
		packs: packs.map((pack) => pack.map(({ id }) => id)),
		arms: plan.arms.map(({ name, runIds }) => ({ name, runIds: runIds.filter((id) => !aside.has(id)) })),
		perRun: Object.fromEntries(runs.map(({ id }) => [id, plan.perRun[id]!])),
		totals: {
			runs: runs.length,
			tokens: sum(({ tokens }) => tokens),
			flops: { total: sum(({ flops }) => flops.total), nonEmbedding: sum(({ flops }) => flops.nonEmbedding) },
			cost: addCosts(packs.map((pack) => packCost(pack))),
		},
	};
}
