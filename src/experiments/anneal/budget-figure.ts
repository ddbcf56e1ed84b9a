import type { Color, DotsMark, Figure, LineMark, Point } from "../../figures/figure.ts";
import { formatCount, formatLoss } from "../../figures/format.ts";
import { rich } from "../../figures/rich-text.ts";
import { plainTick } from "../../figures/ticks.ts";
import { groupBy } from "../../maths/group-by.ts";
import { mean } from "../../maths/least-squares.ts";
import type { PlannedRun } from "../../run/events.ts";
import type { RunResult } from "../../run/run-result.ts";
import { listText, logAxis } from "../drawing.ts";

/** A way of reaching several budgets: with a run of its own for each, or with tails of one trunk. */
export interface BudgetScheme {
	readonly name: string;
	readonly color: Color;
	/** Of each budget, in any order: its runs, one for each seed, and their results. */
	readonly budgets: readonly {
		readonly tokens: number;
		readonly runs: readonly PlannedRun[];
		readonly results: readonly RunResult[];
	}[];
}

/** A budget of a scheme: the loss it reached, and all that was trained to have it and every smaller one. */
export interface BudgetPoint {
	readonly tokens: number;
	/** Tokens of one seed, trained for this budget and all smaller ones of the scheme. */
	readonly cost: number;
	/** Final validation loss, mean over seeds; null before one has ended. */
	readonly loss: number | null;
	readonly runs: readonly string[];
}

/**
 * Training tokens of one seed for these runs, of which some may branch off a trunk: every tail once, and of each trunk as much as
 * the latest branch needs, unless it is among the runs.
 */
export function tokensToTrain(runs: readonly PlannedRun[]): number {
	const ids = new Set(runs.map(({ id }) => id));
	const perStep = ({ spec }: PlannedRun) => spec.batchSequences * spec.model.context;
	const tails = runs.reduce((sum, run) => sum + (run.spec.steps - (run.branch?.step ?? 0)) * perStep(run), 0);
	const outside = runs.filter(({ branch }) => branch && !ids.has(branch.parent));
	const trunks = [...groupBy(outside, ({ branch }) => branch!.parent).values()];
	return trunks.reduce(
		(sum, branches) => sum + Math.max(...branches.map(({ branch }) => branch!.step)) * perStep(branches[0]!),
		tails,
	);
}

/** The budgets of a scheme from the smallest to the largest, with what each cost. */
export function budgetPoints({ budgets }: BudgetScheme): BudgetPoint[] {
	const sorted = [...budgets].sort((p, q) => p.tokens - q.tokens);
	return sorted.map(({ tokens, runs, results }, i) => {
		// Seeds cost the same: the first stands for all.
		const first = sorted.slice(0, i + 1).flatMap((each) => each.runs.slice(0, 1));
		const losses = results.flatMap(({ validationLoss }) => (validationLoss === null ? [] : [validationLoss]));
		return {
			...{ tokens, cost: tokensToTrain(first), runs: runs.map(({ id }) => id) },
			loss: losses.length > 0 && losses.length === runs.length ? mean(losses) : null,
		};
	});
}

/** The final loss of each budget against all that was trained to have it and the smaller ones. */
export function budgetFigure(schemes: readonly BudgetScheme[]): Figure {
	const found = schemes.map((scheme) => ({ ...scheme, points: budgetPoints(scheme) }));
	const marks = found.flatMap(({ name, color, points }): (LineMark | DotsMark)[] => {
		const known = points.filter(({ loss }) => loss !== null);
		const at = known.map(({ cost, loss }): Point => [cost, loss!]);
		if (at.length === 0) return [];
		return [
			{ kind: "line", color, points: at, width: 1.75, series: [name] },
			{
				...{
					kind: "dots",
					color,
					shape: "circle",
					points: at,
					series: [name],
					pointRuns: known.map(({ runs }) => runs),
				},
				describe: (i: number) =>
					`${name}: loss ${formatLoss(known[i]!.loss!)} with ${formatCount(known[i]!.tokens)} tokens; ${formatCount(known[i]!.cost)} trained so far`,
			},
		];
	});
	const totals = found.map(({ name, points }) => `${name}: ${formatCount(points.at(-1)!.cost)} tokens`);
	return {
		name: "budgets",
		title: rich("What every budget cost"),
		x: { ...logAxis("Tokens trained for this budget and the smaller ones, each seed"), tick: formatCount },
		y: {
			label: rich("Validation loss (nats per token)"),
			scale: "linear",
			tick: plainTick,
			pad: 0.08,
			switchable: false,
		},
		marks,
		legend: found.map(({ name, color }) => ({ text: rich(name), series: name, dot: { color, shape: "circle" } })),
		table: {
			caption: "budgets and what they cost",
			columns: [
				{ id: "schedule", name: rich("Schedule") },
				{ id: "tokens", name: rich("Budget"), format: formatCount },
				{ id: "cost", name: rich("Trained so far"), format: formatCount },
				{ id: "loss", name: rich("Validation loss"), format: formatLoss },
			],
			rows: found.flatMap(({ name, points }) =>
				points.map(({ tokens, cost, loss }) => [rich(name), tokens, cost, loss]),
			),
		},
		summary: `Final loss against the tokens trained for all budgets so far. In all: ${listText(totals)}.`,
		empty: `Budgets appear as their runs end. In all they cost, each seed: ${listText(totals)}.`,
	};
}
