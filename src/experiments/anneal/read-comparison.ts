import * as v from "valibot";
import { COOLDOWNS } from "../../run/choices.ts";
import { type Comparison, FAMILIES, MAX_CARDS, MAX_POINTS, MAX_SEEDS, MIN_CARDS } from "./comparison.ts";
import { studyOf } from "./study-of-comparison.ts";

const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e12));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const schema: v.GenericSchema<unknown, Comparison> = v.object({
	size: v.object({ width: whole, layers: whole, heads: whole }),
	...{ corpus: v.string(), vocabulary: whole, tokens: whole, batch: whole, average: v.boolean() },
	seeds: v.pipe(whole, v.minValue(1), v.maxValue(MAX_SEEDS)),
	cards: v.pipe(
		v.array(
			v.object({
				...{ id: whole, family: v.picklist(FAMILIES), peak: v.number(), warmupSteps: whole },
				...{ decayStart: share, floor: share, tokens: v.nullable(whole) },
				tail: v.optional(
					v.object({ after: share, tokens: v.nullable(whole), form: v.picklist(COOLDOWNS), floor: share }),
				),
				points: v.pipe(v.array(v.strictTuple([share, share])), v.minLength(2), v.maxLength(MAX_POINTS)),
			}),
		),
		v.minLength(MIN_CARDS),
		v.maxLength(MAX_CARDS),
		v.check((cards) => new Set(cards.map(({ id }) => id)).size === cards.length),
	),
});

/** A comparison that was kept as JSON; null for what is none, or cannot be trained. */
export function readComparison(text: string): Comparison | null {
	try {
		const comparison = v.parse(schema, JSON.parse(text));
		studyOf(comparison);
		return comparison;
	} catch {
		return null;
	}
}
