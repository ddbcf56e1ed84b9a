import * as v from "valibot";
import {
	ACTIVATIONS,
	ARCHITECTURES,
	DEFAULT_ARCHITECTURE,
	DEFAULT_STORAGE,
	NORMS,
	namesOf,
	PARAMETRIZATIONS,
	POSITIONS,
	STORAGES,
} from "../architecture/choices.ts";
import { FEED_FORWARD_EXPANSION } from "../architecture/config.ts";
import {
	COOLDOWNS,
	DECAYS,
	DEFAULT_OPTIMIZER,
	DEFAULT_SAMPLING,
	OPTIMIZERS,
	SAMPLINGS,
	SCHEDULES,
} from "../run/choices.ts";
import { count } from "../run/show.ts";
import { EXPERIMENT_IDS } from "./experiment-ids.ts";

/** Most runs in one study. */
export const MAX_RUNS = 1000;
export const MAX_STEPS = 1_000_000;
const MAX_TOKENS = 1e12;
export const MAX_BATCH = 65536;
const MAX_AXIS = 64;
const MAX_ARMS = 16;

/** Range of a number, both ends included. */
export interface Bounds {
	min: number;
	max: number;
}

/** `1 to 4,096` */
export function rangeText({ min, max }: Bounds): string {
	return `${count(min)} to ${count(max)}`;
}

// Error messages end in the description of the schema: "it must be …".
const whole = (min: number, max: number) =>
	v.pipe(
		v.number(),
		v.integer(),
		v.minValue(min),
		v.maxValue(max),
		v.description(`a whole number from ${rangeText({ min, max })}`),
		v.metadata({ min, max }),
	);
const number = (min: number, max: number) =>
	v.pipe(
		v.number(),
		v.minValue(min),
		v.maxValue(max),
		v.description(`a number from ${rangeText({ min, max })}`),
		v.metadata({ min, max }),
	);
const list = <Item extends v.GenericSchema>(item: Item, what: string) =>
	v.pipe(
		v.array(item),
		v.minLength(1),
		v.maxLength(MAX_AXIS),
		v.readonly(),
		v.description(`a list of 1 to ${MAX_AXIS} ${what}`),
	);
const boolean = v.pipe(v.boolean(), v.description("true or false"));
const oneOf = <const Option extends string>(options: readonly Option[]) =>
	v.pipe(
		v.picklist(options),
		v.description(
			`${options
				.slice(0, -1)
				.map((option) => `"${option}"`)
				.join(", ")} or "${options.at(-1)}"`,
		),
	);
/** Short and printable: it is displayed, and becomes the name of a folder. */
const shortText = (longest: number) =>
	v.pipe(
		v.string(),
		v.regex(/\S/),
		v.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u),
		v.maxLength(longest),
		v.description(`1 to ${longest} printable characters`),
	);

const corpusId = shortText(400);
const corpusMix = v.pipe(
	v.strictObject({
		mix: v.pipe(
			v.record(v.string(), number(0.001, 1000)),
			v.check((mix) => Object.keys(mix).length >= 2 && Object.keys(mix).length <= 16),
			v.readonly(),
			v.description('weights of 2 to 16 corpora, such as {"sotu": 0.7, "moby-dick": 0.3}'),
		),
	}),
	v.readonly(),
);
const corpusChoice = v.pipe(
	v.lazy((input) => (typeof input === "object" && input !== null ? corpusMix : corpusId)),
	v.description("a corpus id or an object with a mix of corpora"),
);

const modelSize = v.pipe(
	v.strictObject({
		width: whole(1, 4096),
		layers: whole(1, 64),
		heads: whole(1, 4096),
		keyValueHeads: v.optional(whole(1, 4096)),
		headSize: v.optional(whole(1, 4096)),
		hidden: v.optional(whole(1, 65536)),
		steps: v.optional(whole(1, MAX_STEPS)),
		tokens: v.optional(whole(1, MAX_TOKENS)),
	}),
	v.readonly(),
	v.description("an object with width, layers and heads"),
);

const parameterPower = v.pipe(
	v.strictObject({
		coefficient: number(1e-12, 1e12),
		exponent: number(-4, 4),
		parameters: v.optional(oneOf(["total", "nonEmbedding"])),
	}),
	v.readonly(),
	v.description("an object with coefficient and exponent"),
);
/** A number, or a power of the model's parameters. */
const scaled = <Fixed extends v.GenericSchema>(fixed: Fixed) =>
	v.pipe(
		v.lazy((input) => (typeof input === "object" && input !== null ? parameterPower : fixed)),
		v.description(`${v.getDescription(fixed)}, or coefficient and exponent of a power of the parameters`),
		v.metadata(v.getMetadata(fixed)),
	);

const tail = v.pipe(
	v.strictObject({
		afterShare: number(0.001, 0.999),
		trunkTokens: v.optional(whole(1, MAX_TOKENS)),
		cooldown: v.optional(oneOf(COOLDOWNS)),
		floor: v.optional(number(0, 1)),
	}),
	v.readonly(),
	v.description(
		"an object with afterShare, the share of the trunk's steps after which the rate falls to another floor, such as " +
			'{"afterShare": 0.5, "cooldown": "linear", "floor": 0}; trunkTokens, where the trunk has another length',
	),
);

const schedule = v.pipe(
	v.strictObject({
		kind: oneOf(namesOf(SCHEDULES)),
		warmupSteps: v.optional(whole(0, MAX_STEPS)),
		warmupTokens: v.optional(scaled(whole(0, MAX_TOKENS))),
		warmupShare: v.optional(number(0, 1)),
		floor: v.optional(number(0, 1)),
		cooldownShare: v.optional(number(0.001, 1)),
		cooldown: v.optional(oneOf(COOLDOWNS)),
		points: v.optional(
			v.pipe(
				v.array(
					v.pipe(
						v.array(number(0, 1)),
						v.length(2),
						v.description("a pair [share of the run, share of the peak rate], each from 0 to 1"),
					),
				),
				v.minLength(2),
				v.maxLength(MAX_AXIS),
				v.readonly(),
				v.description(`a list of 2 to ${MAX_AXIS} points`),
			),
		),
		tail: v.optional(tail),
	}),
	v.readonly(),
	v.description("an object with a kind and its settings"),
);

/** What an arm of a study may replace. */
const settings = {
	corpora: list(corpusChoice, "corpora or mixes of corpora"),
	uniqueTokens: v.optional(list(whole(2, MAX_TOKENS), "token counts")),
	sampling: v.optional(oneOf(SAMPLINGS), DEFAULT_SAMPLING),
	evaluations: v.optional(list(corpusId, "corpus ids")),
	vocabularies: list(whole(256, 50257), "vocabulary sizes"),
	context: whole(1, 1024),
	tied: v.optional(boolean, true),
	architectures: v.optional(list(oneOf(ARCHITECTURES), "architectures"), [DEFAULT_ARCHITECTURE]),
	norms: v.optional(list(oneOf(namesOf(NORMS)), "norms"), ["layer"]),
	positions: v.optional(list(oneOf(POSITIONS), "position encodings"), ["learned"]),
	activations: v.optional(list(oneOf(namesOf(ACTIVATIONS)), "activations"), ["gelu"]),
	expansion: v.optional(number(0.01, 64), FEED_FORWARD_EXPANSION),
	qkNorm: v.optional(boolean, false),
	biases: v.optional(boolean, true),
	parametrizations: v.optional(list(oneOf(PARAMETRIZATIONS), "parametrizations"), ["standard"]),
	baseWidth: v.optional(whole(1, 4096)),
	sizes: list(modelSize, "sizes"),
	learningRates: list(number(1e-8, 10), "learning rates"),
	seeds: v.optional(list(whole(0, 4294967295), "seeds"), [1]),
	schedules: v.optional(list(schedule, "schedules"), [{ kind: "constant" }]),
	steps: v.optional(list(whole(1, MAX_STEPS), "step counts")),
	tokens: v.optional(list(whole(1, MAX_TOKENS), "token counts")),
	flops: v.optional(list(number(1, 1e24), "compute budgets")),
	batchSequences: list(scaled(whole(1, MAX_BATCH)), "batch sizes"),
	optimizer: v.optional(oneOf(namesOf(OPTIMIZERS)), DEFAULT_OPTIMIZER),
	weightDecay: v.optional(number(0, 10), 0.1),
	decay: v.optional(oneOf(DECAYS), "coupled"),
	beta1: v.optional(number(0, 0.9999), 0.9),
	beta2: v.optional(number(0, 0.999999), 0.95),
	epsilon: v.optional(number(1e-12, 1), 1e-8),
	clip: v.optional(number(1e-6, 1e6), 1),
	ema: v.optional(number(0, 0.999999)),
	storage: v.optional(oneOf(STORAGES), DEFAULT_STORAGE),
	validationSequences: v.optional(whole(1, 65536), 1024),
	validationEvery: v.optional(whole(1, MAX_TOKENS)),
};

/** Schemas that accept absence without filling in a default. */
function optionalEntries<Entries extends v.ObjectEntries>(entries: Entries) {
	const bare = (schema: v.GenericSchema) => ("wrapped" in schema ? (schema.wrapped as v.GenericSchema) : schema);
	const optional = Object.entries(entries).map(([key, schema]) => [key, v.optional(bare(schema as v.GenericSchema))]);
	return Object.fromEntries(optional) as {
		[Key in keyof Entries]: v.OptionalSchema<
			v.GenericSchema<v.InferInput<Entries[Key]>, v.InferOutput<Entries[Key]>>,
			undefined
		>;
	};
}

/** An arm's name may say more than a study's: what tells it from others like it. */
const MAX_ARM_NAME = 120;

const arm = v.pipe(
	v.strictObject({ name: shortText(MAX_ARM_NAME), ...optionalEntries(settings) }),
	v.readonly(),
	v.description("an object with a name and the settings that differ"),
);

const halving = v.pipe(
	v.strictObject({
		at: v.optional(list(number(0.01, 0.99), "shares of the steps"), [0.25, 0.5]),
		margin: v.optional(number(0, 10), 0.05),
	}),
	v.readonly(),
	v.description('an object such as {"at": [0.25, 0.5], "margin": 0.05}'),
);

/** The study document. Every number is bounded; `validateStudy` checks the rules between fields. */
export const studySchema = v.pipe(
	v.strictObject({
		name: shortText(80),
		experiment: v.optional(oneOf(EXPERIMENT_IDS)),
		...settings,
		initialWeights: v.optional(shortText(400)),
		halving: v.optional(halving),
		arms: v.optional(
			v.pipe(
				v.array(arm),
				v.minLength(1),
				v.maxLength(MAX_ARMS),
				v.readonly(),
				v.description(`a list of 1 to ${MAX_ARMS} arms`),
			),
		),
	}),
	v.readonly(),
	v.description("an object"),
);

/** The bounds of a number, or of each number in a list; undefined for a field of another type. */
export function fieldBounds(key: keyof typeof studySchema.entries): Bounds | undefined {
	const schema: v.GenericSchema = studySchema.entries[key];
	const value = "wrapped" in schema ? (schema.wrapped as v.GenericSchema) : schema;
	const number = "item" in value ? (value.item as v.GenericSchema) : value;
	const { min, max } = v.getMetadata(number) as Partial<Bounds>;
	return min === undefined || max === undefined ? undefined : { min, max };
}

/** The default of a field; undefined where the field is required, or has none. */
export function fieldDefault(key: keyof typeof studySchema.entries): unknown {
	return v.getDefault(studySchema.entries[key]);
}
