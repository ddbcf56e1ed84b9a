import { describe, expect, test } from "vitest";
import { parseStudy } from "../../src/study/parse-study.ts";
import type { Study } from "../../src/study/study.ts";
import type { StudyPath } from "../../src/study/study-error.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { errorOf, studyDocument } from "./fixtures.ts";

// biome-ignore lint/suspicious/noExplicitAny: tests break studies in every way
type Loose = Record<string, any>;

const messageOf = (act: () => unknown) => errorOf(act).message;

const changed = (change: (study: Loose) => void) => {
	const study = studyDocument();
	change(study);
	return messageOf(() => validateStudy(study));
};

describe("a valid study", () => {
	test("gets its defaults", () => {
		expect(validateStudy(studyDocument())).toEqual({
			...studyDocument(),
			sampling: "with-replacement",
			tied: true,
			architectures: ["transformer"],
			norms: ["layer"],
			positions: ["learned"],
			activations: ["gelu"],
			expansion: 4,
			qkNorm: false,
			biases: true,
			parametrizations: ["standard"],
			schedules: [
				{ kind: "constant", warmupSteps: 10, floor: 1 },
				{ kind: "cosine", warmupSteps: 0, floor: 0.1 },
			],
			optimizer: "adamw",
			weightDecay: 0.1,
			decay: "coupled",
			beta1: 0.9,
			beta2: 0.95,
			epsilon: 1e-8,
			clip: 1,
			storage: "f32",
			validationSequences: 1024,
		} satisfies Study);
	});

	test("is its own canonical form", () => {
		const mix = { sotu: 0.7, "moby-dick": 0.3 };
		const data = { corpora: ["sotu", { mix }], uniqueTokens: [1000], sampling: "epochs", evaluations: ["moby-dick"] };
		const schedules = [
			{ kind: "wsd", warmupShare: 0.1, cooldown: "linear" },
			{ kind: "wsd", warmupTokens: 5000 },
			{ kind: "linear", tail: { afterShare: 0.5 } },
			{ kind: "inverse-sqrt", warmupSteps: 5, floor: 0.2 },
			{
				kind: "piecewise",
				points: [
					[0, 0.5],
					[0.3, 1],
					[1, 0],
				],
			},
		];
		const training = {
			optimizer: "lion",
			decay: "independent",
			ema: 0.99,
			validationEvery: 1024,
			storage: "f16",
			schedules,
		};
		const study = validateStudy({ ...studyDocument(), ...data, ...training });
		expect(parseStudy(JSON.stringify(study))).toEqual(study);
		expect(study.schedules.slice(0, 3)).toEqual([
			{ kind: "wsd", warmupShare: 0.1, floor: 0, cooldownShare: 0.2, cooldown: "linear" },
			{ kind: "wsd", warmupTokens: 5000, floor: 0, cooldownShare: 0.2, cooldown: "1-sqrt" },
			{ kind: "linear", warmupSteps: 0, floor: 0, tail: { afterShare: 0.5, cooldown: "1-sqrt", floor: 0 } },
		]);
	});

	test("may share what its transformers have with an arm that has none", () => {
		const arms = [{ name: "RMS" }, { name: "LSTM", architectures: ["lstm"] }];
		const study = validateStudy({ ...studyDocument(), norms: ["rms"], arms });
		expect(study.arms).toEqual(arms);
		expect(() => validateStudy({ ...study, arms: arms.slice(1) })).toThrow("norms is a list of 1, but an LSTM has no");
	});

	test("may leave out the budgets when every size has its own", () => {
		const { steps: _, ...rest } = studyDocument();
		const sizes = [{ width: 8, layers: 1, heads: 1, tokens: 1000 }];
		expect(validateStudy({ ...rest, sizes }).steps).toBeUndefined();
	});
});

describe("errors name the field, the value and the bound", () => {
	const range = "it must be a whole number from 1 to";
	test.each<[string, (study: Loose) => void, string]>([
		["negative width", (s) => (s.sizes[1].width = -3), `study: sizes[1].width is -3; ${range} 4,096`],
		[
			"key and value heads",
			(s) => (s.sizes = [{ width: 8, layers: 1, heads: 4, keyValueHeads: 3 }]),
			"study: sizes[0].keyValueHeads is 3; it must divide heads, which is 4",
		],
		[
			"rotary positions with an odd head size",
			(s) => Object.assign(s, { positions: ["rotary"], sizes: [{ width: 3, layers: 1, heads: 1 }] }),
			'study: sizes[0] has a head size of 3; it must be even with "rotary" positions',
		],
		[
			"muP without a base",
			(s) => (s.parametrizations = ["mup"]),
			'study: baseWidth is missing; parametrizations[0] is "mup", which needs it',
		],
		[
			"a base without muP",
			(s) => (s.baseWidth = 8),
			'study: baseWidth is 8; it must be absent unless parametrizations includes "mup"',
		],
		[
			"an unknown norm",
			(s) => (s.norms = ["batch"]),
			'study: norms[0] is "batch"; it must be "layer", "rms" or "none"',
		],
		[
			"a repeated norm",
			(s) => (s.norms = ["rms", "rms"]),
			'study: norms[1] is "rms", the same as norms[0]; entries must differ',
		],
		[
			"muP of an LSTM",
			(s) =>
				Object.assign(s, {
					architectures: ["transformer", "lstm"],
					parametrizations: ["standard", "mup"],
					baseWidth: 8,
				}),
			'study: parametrizations[1] is "mup", but architectures[1] is "lstm"; it must be "standard", as μP is defined for transformers alone here',
		],
		[
			"16-bit activations of an LSTM",
			(s) => Object.assign(s, { architectures: ["lstm"], storage: "f16" }),
			'study: storage is "f16", but architectures[0] is "lstm"; an LSTM needs "f32", 32-bit activations',
		],
		...(
			[
				["norms", ["rms"], "a list of 1"],
				["positions", ["none"], "a list of 1"],
				["activations", ["gelu", "swiglu"], "a list of 2"],
				["expansion", 2, "2"],
				["qkNorm", true, "true"],
			] as const
		).map(([key, value, shown]): [string, (study: Loose) => void, string] => [
			`${key} without a transformer`,
			(s) => Object.assign(s, { architectures: ["lstm"], [key]: value }),
			`study: ${key} is ${shown}, but an LSTM has no such setting, and architectures does not include "transformer"; it must be absent`,
		]),
		[
			"heads without a transformer",
			(s) => Object.assign(s, { architectures: ["lstm"], sizes: [{ width: 8, layers: 1, heads: 2 }] }),
			'study: sizes[0].heads is 2, but an LSTM has no such setting, and architectures does not include "transformer"; it must be 1',
		],
		[
			"a hidden width without a transformer",
			(s) => Object.assign(s, { architectures: ["lstm"], sizes: [{ width: 8, layers: 1, heads: 1, hidden: 8 }] }),
			'study: sizes[0].hidden is 8, but an LSTM has no such setting, and architectures does not include "transformer"; it must be absent',
		],
		[
			"an arm's own norms without a transformer",
			(s) => (s.arms = [{ name: "a" }, { name: "b", architectures: ["lstm"], norms: ["rms"] }]),
			'study: arms[1].norms is a list of 1, but an LSTM has no such setting, and architectures does not include "transformer"; it must be absent',
		],
		["fraction", (s) => (s.context = 1.5), `study: context is 1.5; ${range} 1,024`],
		["10^9 steps", (s) => (s.steps = [1e9]), `study: steps[0] is 1000000000; ${range} 1,000,000`],
		["a text for a number", (s) => (s.context = "16"), `study: context is "16"; ${range} 1,024`],
		[
			"not finite",
			(s) => (s.learningRates[0] = Infinity),
			"study: learningRates[0] is Infinity; it must be a number from 0.00000001 to 10",
		],
		[
			"not a number",
			(s) => (s.learningRates[0] = NaN),
			"study: learningRates[0] is NaN; it must be a number from 0.00000001 to 10",
		],
		["a missing field", (s) => delete s.context, `study: context is missing; ${range} 1,024`],
		["a missing field inside", (s) => delete s.sizes[0].heads, `study: sizes[0].heads is missing; ${range} 4,096`],
		["an empty list", (s) => (s.seeds = []), "study: seeds is a list of 0; it must be a list of 1 to 64 seeds"],
		[
			"a huge list",
			(s) => (s.seeds = Array(1e6).fill(1)),
			"study: seeds is a list of 1,000,000; it must be a list of 1 to 64 seeds",
		],
		[
			"an unknown kind",
			(s) => (s.schedules[0].kind = "step"),
			'study: schedules[0].kind is "step"; it must be "constant", "linear", "cosine", "inverse-sqrt", "wsd" or "piecewise"',
		],
		[
			"a floor of a constant schedule",
			(s) => (s.schedules[0].floor = 0.5),
			'study: schedules[0].floor is 0.5; it must be 1 or absent for "constant"',
		],
		[
			"a floor beside points",
			(s) =>
				(s.schedules[0] = {
					...{ kind: "piecewise", floor: 0.5 },
					points: [
						[0, 1],
						[1, 0],
					],
				}),
			'study: schedules[0].floor is 0.5; it must be absent for "piecewise", whose points set it',
		],
		[
			"two warmups",
			(s) => (s.schedules[0].warmupShare = 0.1),
			"study: schedules[0] has both warmupSteps and warmupShare; it must have at most one of them",
		],
		[
			"a warmup longer than the run",
			(s) => (s.schedules[1].warmupShare = 1.5),
			"study: schedules[1].warmupShare is 1.5; it must be a number from 0 to 1",
		],
		[
			"a cooldown of a schedule without one",
			(s) => (s.schedules[1].cooldown = "linear"),
			'study: schedules[1].cooldown is "linear"; it must be absent unless kind is "wsd"',
		],
		[
			"a tail that says nothing",
			(s) => (s.schedules[1].tail = {}),
			"study: schedules[1].tail.afterShare is missing; it must be a number from 0.001 to 0.999",
		],
		[
			"a tail of a tail",
			(s) => (s.schedules[1].tail = { afterShare: 0.5, tail: { afterShare: 0.9 } }),
			"study: schedules[1].tail.tail is not a known key; the keys of schedules[1].tail are afterShare, trunkTokens, cooldown, floor",
		],
		[
			"a tail that begins after the run",
			(s) => (s.schedules[1].tail = { afterShare: 0.9, trunkTokens: 400 * 512 }),
			"study: schedules[1].tail.afterShare is 0.9, which is step 360 of a trunk of 400 steps; it must be before the last step of the run, 100",
		],
		[
			"a tail that begins before the first step",
			(s) => (s.schedules[1].tail = { afterShare: 0.001 }),
			"study: schedules[1].tail.afterShare is 0.001, which is step 0 of a trunk of 100 steps; it must be step 1 or later",
		],
		[
			"no points",
			(s) => (s.schedules[1] = { kind: "piecewise" }),
			'study: schedules[1].points is missing; "piecewise" needs it',
		],
		[
			"points that do not rise",
			(s) =>
				(s.schedules[1] = {
					kind: "piecewise",
					points: [
						[0, 1],
						[0.5, 1],
						[0.5, 0.2],
						[1, 0],
					],
				}),
			"study: schedules[1].points[2] is at 0.5; points must start at 0, increase, and end at 1, the end of the run",
		],
		[
			"a point that is no pair",
			(s) => (s.schedules[1] = { kind: "piecewise", points: [[0, 1], [1]] }),
			"study: schedules[1].points[1] is a list of 1; it must be a pair [share of the run, share of the peak rate], each from 0 to 1",
		],
		[
			"a point above the peak",
			(s) =>
				(s.schedules[1] = {
					kind: "piecewise",
					points: [
						[0, 1],
						[1, 1.1],
					],
				}),
			"study: schedules[1].points[1][1] is 1.1; it must be a number from 0 to 1",
		],
		[
			"a share after a larger one",
			(s) => (s.halving = { at: [0.5, 0.25] }),
			"study: halving.at[1] is 0.25, after 0.5; shares must ascend",
		],
		[
			"an unknown optimizer",
			(s) => (s.optimizer = "adam"),
			'study: optimizer is "adam"; it must be "adamw", "sgd", "lion" or "muon"',
		],
		["an average that never moves", (s) => (s.ema = 1), "study: ema is 1; it must be a number from 0 to 0.999999"],
		[
			"an evaluation at nearly every step",
			(s) => Object.assign(s, { validationEvery: 1, steps: [2000] }),
			"study: validationEvery is 1, so a run of 2,000 steps has 2,000 evaluations; the maximum is 1,000",
		],
		["heads", (s) => (s.sizes[1].heads = 3), "study: sizes[1].heads is 3; it must divide width, which is 16"],
		[
			"an unknown key",
			(s) => (s.sizes[1].depth = 3),
			"study: sizes[1].depth is not a known key; the keys of sizes[1] are width, layers, heads, keyValueHeads, headSize, hidden, steps, tokens",
		],
		[
			"two budgets",
			(s) => (s.tokens = [100]),
			"study: steps is given, and so is tokens; a study has one of steps, tokens, flops",
		],
		[
			"two budgets of a size",
			(s) => (s.sizes[1].tokens = 1),
			"study: sizes[1] has both steps and tokens; it must have at most one of them",
		],
		[
			"no budget",
			(s) => delete s.steps,
			"study: steps is missing, and so are tokens and flops; one of them must list the budgets, unless every size has its own (sizes[0] has none)",
		],
		[
			"a repeated entry",
			(s) => (s.seeds = [1, 2, 1]),
			"study: seeds[2] is 1, the same as seeds[0]; entries must differ",
		],
		[
			"a corpus that is neither name nor mix",
			(s) => (s.corpora[0] = 3),
			"study: corpora[0] is 3; it must be a corpus id or an object with a mix of corpora",
		],
		[
			"a mix of one",
			(s) => (s.corpora[0] = { mix: { sotu: 1 } }),
			'study: corpora[0].mix is an object; it must be weights of 2 to 16 corpora, such as {"sotu": 0.7, "moby-dick": 0.3}',
		],
		[
			"a weight of nothing",
			(s) => (s.corpora[0] = { mix: { sotu: 1, "moby-dick": 0 } }),
			'study: corpora[0].mix."moby-dick" is 0; it must be a number from 0.001 to 1,000',
		],
		[
			"an unknown key of a mix",
			(s) => (s.corpora[0] = { mix: { sotu: 1, novel: 1 }, weights: 3 }),
			"study: corpora[0].weights is not a known key; the keys of corpora[0] are mix",
		],
		[
			"sampling of another kind",
			(s) => (s.sampling = "shuffled"),
			'study: sampling is "shuffled"; it must be "with-replacement" or "epochs"',
		],
		["activations of another width", (s) => (s.storage = "f8"), 'study: storage is "f8"; it must be "f32" or "f16"'],
		[
			"a repeated evaluation",
			(s) => (s.evaluations = ["novel", "novel"]),
			'study: evaluations[1] is "novel", the same as evaluations[0]; entries must differ',
		],
		[
			"a name over two lines",
			(s) => (s.name = "a\nb"),
			'study: name is "a\\nb"; it must be 1 to 80 printable characters',
		],
	])("%s", (_, change, message) => {
		expect(changed(change)).toBe(message);
	});

	test.each<[string, (study: Loose) => void, StudyPath]>([
		["a value", (s) => (s.sizes[1].width = -3), ["sizes", 1, "width"]],
		["a missing value", (s) => delete s.context, ["context"]],
		["an unknown key", (s) => (s.sizes[1].depth = 3), ["sizes", 1, "depth"]],
		["a key of a mix", (s) => (s.corpora[0] = { mix: { sotu: 1, "a b": 0 } }), ["corpora", 0, "mix", "a b"]],
		["a rule between fields", (s) => (s.sizes[1].heads = 3), ["sizes", 1, "heads"]],
		["a rule of schedules", (s) => (s.schedules[0].floor = 0.5), ["schedules", 0, "floor"]],
		["a budget of a size", (s) => (s.sizes[1].tokens = 1), ["sizes", 1]],
		["two budgets", (s) => (s.tokens = [100]), ["steps"]],
		["a repeated entry", (s) => (s.seeds = [1, 2, 1]), ["seeds", 2]],
		["the whole study", (s) => (s.seeds = Array.from({ length: 64 }, (_, i) => i)), []],
	])("and carry its path: %s", (_, change, path) => {
		const study = studyDocument();
		change(study);
		expect(errorOf(() => validateStudy(study)).path).toEqual(path);
	});

	test("too many steps through a token budget", () => {
		expect(
			changed((s) => {
				delete s.steps;
				s.tokens = [1e12];
			}),
		).toMatch(/^study: tokens asks for 1,953,125,000 steps .* the maximum is 1,000,000$/);
	});

	test("too many runs", () => {
		expect(changed((s) => (s.seeds = Array.from({ length: 64 }, (_, i) => i)))).toBe(
			"study: the lists multiply to 1,536 runs; the maximum is 1,000",
		);
	});

	test.each([null, 3, "x", [], undefined, () => 1])("the document %s", (value) => {
		expect(messageOf(() => validateStudy(value))).toMatch(/^study: the document is .*; it must be an object$/);
	});

	test.each(["__proto__", "constructor", "prototype", "toString"])("the key %s", (key) => {
		const text = JSON.stringify(studyDocument()).replace("{", `{"${key}":{"steps":[1]},`);
		expect(messageOf(() => parseStudy(text))).toMatch(new RegExp(`^study: ${key} is not a known key`));
		const inside = JSON.stringify(studyDocument()).replace('{"width"', `{"${key}":1,"width"`);
		expect(messageOf(() => parseStudy(inside))).toMatch(new RegExp(`^study: sizes\\[0\\].${key} is not a known key`));
	});
});
