import { familyLabel, recipeKey } from "../method1/recipes.ts";
import type { CurveRun } from "./curve-run.ts";

/** A name of each run's recipe, by run id: equal for the runs that differ only in model shape and seed. */
export function recipeNames(runs: readonly CurveRun[]): Map<string, string> {
	const names = new Map<string, string>();
	const taken = new Map<string, number>();
	return new Map(
		runs.map((run) => {
			const key = recipeKey(run);
			let name = names.get(key);
			if (name === undefined) {
				const label = `learning rate ${run.spec.optimizer.learningRate}, ${familyLabel(run)}`;
				const before = taken.get(label) ?? 0;
				taken.set(label, before + 1);
				name = before === 0 ? label : `${label} (${before + 1})`;
				names.set(key, name);
			}
			return [run.id, name];
		}),
	);
}
