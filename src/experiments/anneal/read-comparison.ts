import * as v from "valibot";
import { COOLDOWNS } from "../../run/choices.ts";
import { count, pathText, show } from "../../run/show.ts";
import { type Comparison, FAMILIES, MAX_CARDS, MAX_NAME, MAX_POINTS, MAX_SEEDS, MIN_CARDS } from "./comparison.ts";
import { studyOf } from "./study-of-comparison.ts";

// Error messages are the rule: "it must be …". What a study bounds more tightly is checked with the study of the comparison.
const whole = (min: number, max: number) => {
	const rule = `it must be a whole number from ${count(min)} to ${count(max)}`;
	return v.pipe(v.number(rule), v.integer(rule), v.minValue(min, rule), v.maxValue(max, rule));
};
const size = whole(0, 1e12);
const SHARE = "it must be a number from 0 to 1";
const share = v.pipe(v.number(SHARE), v.minValue(0, SHARE), v.maxValue(1, SHARE));
const number = v.number("it must be a number");
const text = v.string("it must be a text");
const NAME = `it must be 1 to ${MAX_NAME} printable characters`;
const name = v.pipe(
	v.string(NAME),
	v.regex(/\S/, NAME),
	v.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, NAME),
	v.maxLength(MAX_NAME, NAME),
);
const oneOf = <const Option extends string>(options: readonly Option[]) =>
	v.picklist(options, `it must be one of ${options.join(", ")}`);
const object = <Entries extends v.ObjectEntries>(entries: Entries) => v.object(entries, "it must be an object");
const POINTS = `it must be a list of 2 to ${MAX_POINTS} pairs of shares`;
const CARDS = `it must be a list of ${MIN_CARDS} to ${MAX_CARDS} schedules`;

const schema: v.GenericSchema<unknown, Comparison> = object({
	size: object({ width: size, layers: size, heads: size }),
	...{ corpus: text, vocabulary: size, tokens: size, batch: size },
	average: v.boolean("it must be true or false"),
	seeds: whole(1, MAX_SEEDS),
	cards: v.pipe(
		v.array(
			object({
				...{ id: size, name: v.optional(name), family: oneOf(FAMILIES), peak: number, warmupSteps: size },
				...{ decayStart: share, floor: share, tokens: v.nullable(size) },
				tail: v.optional(object({ after: share, tokens: v.nullable(size), form: oneOf(COOLDOWNS), floor: share })),
				points: v.pipe(
					v.array(v.strictTuple([share, share], POINTS), POINTS),
					v.minLength(2, POINTS),
					v.maxLength(MAX_POINTS, POINTS),
				),
			}),
			CARDS,
		),
		v.minLength(MIN_CARDS, CARDS),
		v.maxLength(MAX_CARDS, CARDS),
		v.check((cards) => new Set(cards.map(({ id }) => id)).size === cards.length, "the ids in it must differ"),
	),
});

/**
 * A comparison from JSON.
 *
 * @throws Error saying what is wrong with the text; `StudyError` if it holds a comparison that cannot be trained
 */
export function parseComparison(json: string): Comparison {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch {
		throw new Error("comparison: the text is not valid JSON");
	}
	const parsed = v.safeParse(schema, value, { abortEarly: true });
	if (!parsed.success) throw new Error(`comparison: ${problemOf(parsed.issues[0])}`);
	studyOf(parsed.output);
	return parsed.output;
}

/** "seeds is 9; it must be a whole number from 1 to 8". */
function problemOf({ path, input, message }: v.BaseIssue<unknown>): string {
	const subject = path ? pathText(path.map(({ key }) => key)) : "the document";
	if (path?.at(-1)?.origin === "key") return `${subject} is missing; it must be given`;
	return `${subject} is ${show(input)}; ${message}`;
}

/** A comparison that was kept as JSON; null for what is none, or cannot be trained. */
export function readComparison(json: string): Comparison | null {
	try {
		return parseComparison(json);
	} catch {
		return null;
	}
}
