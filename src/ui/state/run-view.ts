import type { CurveRun } from "../../analysis/points/curve-run.ts";
import type { ModelConfig } from "../../architecture/config.ts";
import { type ParameterCounts, parameterCounts } from "../../architecture/size.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { RunState } from "../../study/progress.ts";

/** A run as the page shows it. */
export interface RunView extends RunState {
	readonly parameters: ParameterCounts;
}

const views = new WeakMap<RunState, RunView>();

/** The runs with their parameter counts; the same state gives the same object. */
export function viewRuns(runs: readonly RunState[]): RunView[] {
	return runs.map((run) => {
		let view = views.get(run);
		if (!view) {
			view = { ...run, parameters: parameterCounts(run.spec.model) };
			views.set(run, view);
		}
		return view;
	});
}

const timed = new WeakMap<RunView, RunView>();

/** The runs with the seconds that are known of them by id; the same view and time give the same object. */
export function withSeconds(runs: readonly RunView[], seconds: Readonly<Record<string, number>>): readonly RunView[] {
	return runs.map((run) => {
		const known = run.seconds ?? seconds[run.id];
		if (known === run.seconds) return run;
		if (timed.get(run)?.seconds !== known) timed.set(run, { ...run, seconds: known! });
		return timed.get(run)!;
	});
}

/** The results that are stored. The same runs, but for those in training, give the same array. */
export function resultsOf(runs: readonly RunState[]): readonly RunResult[] {
	const results = runs.flatMap(({ result }) => (result ? [result] : []));
	if (results.length !== lastResults.length || results.some((result, i) => result !== lastResults[i]))
		lastResults = results;
	return lastResults;
}
let lastResults: readonly RunResult[] = [];

const curves = new WeakMap<RunView, CurveRun>();

/** What the analysis reads: every run with at least one point. The same view gives the same object. */
export function analyzable(runs: readonly RunView[]): CurveRun[] {
	return runs
		.filter((run) => run.curve.loss.length > 0)
		.map((run) => {
			let curve = curves.get(run);
			if (!curve) {
				curve = curveOf(run);
				curves.set(run, curve);
			}
			return curve;
		});
}

function curveOf({ id, spec, parameters, curve, status, result }: RunView): CurveRun {
	const end = result?.status ?? (status === "diverged" ? "diverged" : "training");
	return { id, spec, status: end, parameters, curve };
}

/** What makes two runs the same size. */
export function sizeKey(model: ModelConfig): string {
	return JSON.stringify(Object.entries(model).sort());
}

/** The sizes among the runs, ascending in N_T: key → position. */
export function sizeOrder(runs: readonly RunView[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const run of runs) counts.set(sizeKey(run.spec.model), run.parameters.total);
	const keys = [...counts.keys()].sort((a, b) => counts.get(a)! - counts.get(b)!);
	return new Map(keys.map((key, index) => [key, index]));
}

/** Tokens a run has trained on. A diverged run ends with its curve. */
export function tokensSeen(run: RunView): number {
	if (run.result) return run.result.tokens;
	return run.step * run.spec.batchSequences * run.spec.model.context;
}

/** Tokens a run will have trained on at its end. */
export function tokensPlanned({ spec }: RunView): number {
	return spec.steps * spec.batchSequences * spec.model.context;
}
