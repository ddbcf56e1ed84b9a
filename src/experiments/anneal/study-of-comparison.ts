import type { Study } from "../../study/study.ts";
import { validateStudy } from "../../study/validate-study.ts";
import { COMMON } from "../definitions/common.ts";
import { cardNames } from "./card-names.ts";
import { CONTEXT, type Comparison, scheduleIn } from "./comparison.ts";

/** Decay of the average: about a hundred steps. */
const AVERAGE = 0.99;

/**
 * The study that trains a comparison: an arm for each schedule, in the order of the cards and with their names.
 *
 * @throws StudyError naming the field where a setting is out of its bounds
 */
export function studyOf(comparison: Comparison): Study {
	const { size, corpus, vocabulary, batch, seeds, average, cards } = comparison;
	const names = cardNames(comparison);
	return validateStudy({
		...{ ...COMMON, name: "schedules", corpora: [corpus], context: CONTEXT, vocabularies: [vocabulary] },
		...{ sizes: [size], batchSequences: [batch], validationSequences: 512, tokens: [comparison.tokens] },
		...{ learningRates: [cards[0]!.peak], seeds: Array.from({ length: seeds }, (_, i) => i + 1) },
		...(average && { ema: AVERAGE }),
		arms: cards.map((card, i) => ({
			...{ name: names[i], learningRates: [card.peak], schedules: [scheduleIn(comparison, card)] },
			...(card.tokens !== null && { tokens: [card.tokens] }),
		})),
	});
}
