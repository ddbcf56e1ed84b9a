import { analyzeStudy } from "../../../src/analysis/method1/analyze-study.ts";
import { initialProgress, reduceProgress } from "../../../src/study/progress.ts";
import { validateStudy } from "../../../src/study/validate-study.ts";
import { analyzable, viewRuns } from "../../../src/ui/state/run-view.ts";
import { fakeLab } from "../fake-lab.ts";

/** Far enough trained that every size overtakes the one before in both conventions, under the script's loss law. */
const study = validateStudy({
	name: "five sizes",
	corpora: ["sotu"],
	vocabularies: [2048],
	context: 16,
	sizes: [
		{ width: 8, layers: 1, heads: 1 },
		{ width: 12, layers: 2, heads: 1 },
		{ width: 24, layers: 2, heads: 2 },
		{ width: 32, layers: 3, heads: 2 },
		{ width: 48, layers: 4, heads: 3 },
	],
	learningRates: [0.003, 0.01],
	tokens: [12_000_000],
	batchSequences: [128],
});
const { training } = fakeLab({ stored: 10 });
const plan = await training.plan(study);
const stored = await training.stored(plan.runs.map(({ id }) => id));

/** The ten finished runs of a study, and its analysis. */
export const runs = viewRuns(
	reduceProgress(initialProgress, { type: "planned", runs: plan.runs, stored, adapter: "A" }).runs,
);
export const analysis = analyzeStudy(analyzable(runs), { resamples: 50 });
