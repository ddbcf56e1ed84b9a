import { groupBy } from "../../maths/group-by.ts";
import type { CurveRun } from "./curve-run.ts";

/** Divides runs into groups whose losses can be compared: same corpus, vocabulary and context. */
export function comparableRuns<T extends Pick<CurveRun, "spec">>(runs: readonly T[]): T[][] {
	const keyOf = ({ spec: { corpus, model } }: T) =>
		`${corpus.hash} ${corpus.uniqueTokens} ${model.vocabulary} ${model.context}`;
	return [...groupBy(runs, keyOf).values()];
}
