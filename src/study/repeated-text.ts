import type { CorpusInfo } from "../data/corpus.ts";
import { TRAINING_SHARE } from "../data/corpus-text.mjs";
import { estimateBytes } from "../data/estimate.ts";
import { MAXIMUM_TEXT_BYTES } from "../data/text-corpus.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { count } from "../run/show.ts";
import type { RunPlan } from "./plan.ts";
import { readingsOf } from "./study-data.ts";

/** Up to about four epochs, repeated text is nearly as good as new (Muennighoff et al. 2023). */
const MAX_EPOCHS = 4;
const MEGABYTE = 1e6;
/** How the sizes of other texts are estimated. */
const OTHER_TEXT = "file:";

/** A sentence for each text that runs repeat too often: how often, and how much text of the user's own would do. */
export function repeatedText(
	runs: readonly PlannedRun[],
	perRun: Readonly<Record<string, RunPlan>>,
	corpora: ReadonlyMap<string, CorpusInfo>,
): string[] {
	const readings = runs
		// A study that limits unique tokens repeats text on purpose.
		.filter(({ spec }) => spec.corpus.uniqueTokens === undefined)
		.flatMap(({ id, spec }) => readingsOf(spec, perRun[id]!.tokens, corpora).map((reading) => ({ ...reading, spec })));
	return [...new Set(readings.map(({ id }) => id))].flatMap((text) => {
		const own = readings.filter(({ id }) => id === text);
		const epochs = Math.max(...own.map((reading) => reading.epochs));
		if (epochs <= MAX_EPOCHS) return [];
		const times = epochs < 100 ? epochs.toFixed(1) : count(Math.round(epochs));
		return [
			`Runs repeat the corpus "${text}" up to ${times} times; ` +
				`beyond about ${MAX_EPOCHS} epochs, repeated text is worth less than new text. ${ownText(own)}`,
		];
	});
}

/** How much text none of the runs would repeat, and how to give it. */
function ownText(readings: readonly { tokens: number; spec: RunSpec }[]): string {
	const bytesOf = ({ tokens, spec }: (typeof readings)[number]) =>
		estimateBytes(tokens / TRAINING_SHARE, spec.model.vocabulary, OTHER_TEXT);
	const largest = readings.reduce((most, reading) => (bytesOf(reading) > bytesOf(most) ? reading : most));
	const bytes = bytesOf(largest);
	const need =
		`about ${count(Number(largest.tokens.toPrecision(2)))} training tokens, which at a vocabulary of ` +
		`${count(largest.spec.model.vocabulary)} is about ${count(Math.ceil(bytes / MEGABYTE))} MB of English text`;
	const how = "--corpus file:<path> on the command line, or drop the file on the page";
	if (bytes <= MAXIMUM_TEXT_BYTES) return `To repeat nothing, bring your own: ${need} (${how}).`;
	return (
		`To repeat nothing takes ${need}. A text of your own may have up to ${count(MAXIMUM_TEXT_BYTES / MEGABYTE)} MB ` +
		`(${how}); smaller budgets repeat less.`
	);
}
