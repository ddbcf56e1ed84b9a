import { MOST_POINTS } from "../analysis/fit-points.ts";
import { lackingForTwoVariables } from "../analysis/parametric-laws/method3.ts";
import type { Point } from "../analysis/points/point.ts";
import { preparePoints } from "../analysis/points/prepare-points.ts";
import { evenly } from "../maths/evenly.ts";
import { groupBy } from "../maths/group-by.ts";
import { mean } from "../maths/least-squares.ts";
import { type LawForecast, type LawForecastOptions, lawForecasts, type Target } from "./forecast-laws.ts";
import { HOLD_OUT_WORDS, type HoldOut, SAME } from "./hold-out.ts";
import { type JudgedRun, type Judgement, judgeLaws } from "./judge-forecast.ts";

/** What laws fitted to the smaller runs of some measurements say about the largest, beside what those came to. */
export interface HeldOutPoints {
	by: HoldOut;
	/** Nominal coverage of the intervals. */
	interval: number;
	/** Pairs of size and length that are predicted, ascending in compute. */
	targets: Target[];
	laws: LawForecast[];
	judgement: Judgement;
}

/** Pairs of size and length that are predicted; of more, this many are, evenly spaced. */
const MOST_TARGETS = 40;
/** E, A, B, α and β. */
const PARAMETERS = 5;

/**
 * Sets the runs of the largest size or budget aside, fits the laws of a sealed forecast to the points of all others, and compares.
 * A run counts with the end of its smoothed curve, or with its last measurement; of several recipes of one size and length, the
 * best does. `reason` where nothing can be compared, as a sentence without its end.
 */
export function holdOutPoints(
	points: readonly Point[],
	by: HoldOut,
	options: LawForecastOptions,
): HeldOutPoints | { reason: string } {
	const { raw } = preparePoints(points);
	const scaleOf = (point: Point) => (by === "largest" ? point.parameters : point.flops);
	const scales = new Map<string, number>();
	for (const point of raw) scales.set(point.run, Math.max(scales.get(point.run) ?? 0, scaleOf(point)));
	const largest = [...scales.values()].reduce((most, scale) => Math.max(most, scale), 0);
	const isAside = ({ run }: Point) => scales.get(run)! * SAME[by] >= largest;
	const all = preparePoints(raw.filter((point) => !isAside(point)));
	// As in all fits of laws of N and D.
	const prepared = { ...all, points: evenly(all.points, MOST_POINTS) };
	const lacking = prepared.points.length === 0 ? "no run is left" : lackingForTwoVariables(prepared.points, PARAMETERS);
	if (lacking) return { reason: `without the ${HOLD_OUT_WORDS[by]} ${lacking}` };
	const { targets, runs } = targetsOf(endsOf(raw.filter(isAside)));
	const laws = lawForecasts(prepared, targets, options);
	const judged = runs.filter(({ reason }) => reason === null);
	const lowest = judged.reduce((low, each) => (each.came! < low.came! ? each : low));
	const kept = endsOf(prepared.raw).map(({ run, parameters, flops, loss }) => ({ run, parameters, flops, loss }));
	return {
		...{ by, interval: options.interval, targets, laws },
		judgement: { kept, runs, best: lowest.run, waiting: 0, laws: judgeLaws(laws, runs, lowest.came) },
	};
}

/** The last point of each run, of a curve that of the smoothed one. */
function endsOf(points: readonly Point[]): Point[] {
	const recipes = new Map(points.map(({ run, recipe }) => [run, recipe]));
	// Without their recipes, all curves count, not only the best.
	const { points: ends } = preparePoints(
		points.map(({ recipe: _, ...point }) => point),
		"ends",
	);
	return [...groupBy(ends, ({ run }) => run).values()].map((all) => {
		const end = all.reduce((last, point) => (point.tokens > last.tokens ? point : last));
		const recipe = recipes.get(end.run);
		return recipe === undefined ? end : { ...end, recipe };
	});
}

function targetsOf(ends: readonly Point[]): { targets: Target[]; runs: JudgedRun[] } {
	const three = (value: number) => value.toPrecision(3);
	const cells = groupBy(ends, ({ parameters, tokens }) => `${three(parameters)} ${three(tokens)}`);
	const sorted = [...cells.values()].sort((p, q) => p[0]!.flops - q[0]!.flops || p[0]!.parameters - q[0]!.parameters);
	const shown = evenly(sorted, MOST_TARGETS).map((cell) => ({ cell, best: bestRecipe(cell) }));
	return {
		targets: shown.map(({ cell, best }) => {
			const { parameters, tokens, flops } = cell[0]!;
			return { ...{ parameters, tokens, flops }, runs: cell.map(({ run }) => run), seeds: best.size };
		}),
		runs: shown.flatMap(({ cell, best }, target) =>
			cell.map(({ run, loss }) => ({
				...{ run, target, came: loss, waits: false },
				reason: best.has(run) ? null : "another recipe of its size and length has the lower loss",
			})),
		),
	};
}

/** The runs of the recipe with the lowest mean loss. */
function bestRecipe(cell: readonly Point[]): Set<string> {
	const recipes = [...groupBy(cell, ({ recipe }) => recipe).values()];
	const lossOf = (runs: readonly Point[]) => mean(runs.map(({ loss }) => loss));
	return new Set(recipes.reduce((best, each) => (lossOf(each) < lossOf(best) ? each : best)).map(({ run }) => run));
}
