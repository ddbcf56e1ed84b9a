import { describe, expect, test } from "vitest";
import { headShapes } from "../../src/architecture/working-set.ts";
import { type HeadGradientTensors, head, headGradient } from "../../src/kernels/head.ts";
import { HEAD_TOKENS, HEAD_VOCABULARY } from "../../src/kernels/head-variants.ts";
import { randomBits, randomKey } from "../../src/maths/random.ts";
import * as ops from "../reference/ops.ts";
import {
	BACKWARD,
	type Bench,
	benchOn,
	FORWARD,
	featureMajor,
	isLarge,
	paddedTokens,
	paddingOf,
	plus,
	SENTINEL,
	sumRanges,
	tokenMajor,
	type Uploaded,
	usableVariants,
	withBench,
} from "./helpers.ts";

// `rows` of scratch memory, so several chunks, and `ranges` of the tokens for dw. Ragged everywhere; several splits and
// ranges; a wide model; a vocabulary larger than the number of tokens; whole tiles; several workgroups of tokens.
const shapes = [
	{ sequences: 3, context: 5, width: 9, vocabulary: 37, splits: 1, rows: 16, ranges: 1 },
	{ sequences: 4, context: 5, width: 20, vocabulary: 101, splits: 3, rows: 16, ranges: 2 },
	{ sequences: 7, context: 5, width: 64, vocabulary: 515, splits: 4, rows: 48, ranges: 1 },
	{ sequences: 2, context: 9, width: 160, vocabulary: 101, splits: 2, rows: 32, ranges: 1 },
	{ sequences: 1, context: 3, width: 3, vocabulary: 515, splits: 60, rows: 16, ranges: 1 },
	{ sequences: 2, context: 16, width: 16, vocabulary: 64, splits: 1, rows: 64, ranges: 1 },
	{ sequences: 8, context: 65, width: 12, vocabulary: 37, splits: 2, rows: 16, ranges: 5 },
];
const cases = shapes.flatMap((shape) => [
	{ ...shape, runs: 1, streams: 1 },
	{ ...shape, runs: 3, streams: 1 },
	{ ...shape, runs: 3, streams: 3 },
]);
type Case = (typeof cases)[number];

/** What x holds in its padding: finite, and wrong in any sum. */
const PADDING = 30;

/** Targets at the edges of tiles and splits, and random ones. */
function drawIds({ sequences, context, vocabulary, streams, splits }: Case) {
	const split = Math.ceil(vocabulary / splits / 8) * 8;
	const edges = [0, vocabulary - 1, split - 1, split, 7, 8, 31, 32].filter((edge) => edge < vocabulary);
	return Array.from({ length: streams }, (_, stream) => {
		const key = randomKey(6, "ids", stream);
		const drawn = (i: number) => (i % 2 ? edges[(i >> 1) % edges.length]! : randomBits(key, i) % vocabulary);
		return Uint32Array.from({ length: sequences * (context + 1) }, (_, i) => drawn(i + stream));
	});
}

/** The GPU's tensors, from token by token values of x and word by word values of w. */
function tensors(bench: Bench, size: Case, x: Uploaded["values"], w: Uploaded["values"], ids: Uint32Array[]) {
	const { runs, streams, sequences, context, width, vocabulary, splits, rows, ranges } = size;
	const tokens = paddedTokens(sequences * context);
	const vocabularyColumns = paddedTokens(vocabulary);
	const columns = 512 * Math.max(splits * Math.ceil(tokens / 512), ranges * Math.ceil(vocabularyColumns / 512));
	const upload = (name: string, values: Uploaded["values"], last: number, padding: number) =>
		bench.given(name, [runs, width, last], (run) => featureMajor(values[run]!, width, padding)).tensor;
	return {
		x: upload("x", x, tokens, PADDING),
		w: upload("w", w, vocabularyColumns, 0),
		ids: bench.integers("ids", [streams, sequences, context + 1], ids),
		parts: bench.output("parts", [runs, splits, 2, tokens]),
		loss: bench.output("loss", [runs, 2]),
		dxParts: bench.output("dxParts", [runs, splits, width, tokens]),
		scratch: bench.output("scratch", [runs, rows * columns]),
		lse: bench.output("lse", [runs, 2, tokens]),
		dx: bench.output("dx", [runs, width, tokens]),
		dw: bench.output("dw", ranges > 1 ? [runs, ranges, width, vocabularyColumns] : [runs, width, vocabularyColumns]),
	};
}

/** A head with weights of deviation 1 and inputs of deviation `deviation`, and what the reference makes of it. */
function setUp(bench: Bench, size: Case, deviation = 1) {
	const { runs, streams, sequences, context, width, vocabulary } = size;
	const tokens = sequences * context;
	const ids = drawIds(size);
	const x = bench.random("x of tokens", [runs, tokens, width], deviation).values;
	const w = bench.random("w of words", [runs, vocabulary, width]).values;
	const targets = (run: number) => ids[run % streams]!.filter((_, i) => i % (context + 1) !== 0);
	const times = (values: ops.Numbers, factor: number) => Float64Array.from(values, (value) => value * factor);
	const forward = (run: number, multiplier = 1) => ops.head(times(x[run]!, multiplier), w[run]!, targets(run));
	const backward = (run: number, weight: number, multiplier = 1) => {
		const scaled = times(x[run]!, multiplier);
		const { dx, dw } = ops.headBackward(scaled, w[run]!, targets(run), forward(run, multiplier).lse, weight);
		return { dx: times(dx, multiplier), dw };
	};
	return { x, w, ids, t: tensors(bench, size, x, w, ids), forward, backward, tokens };
}

const sum = (values: ops.Numbers) => Array.from(values).reduce((total, value) => total + value, 0);

async function expectLoss(bench: Bench, t: HeadGradientTensors, expected: (run: number) => number) {
	for (const [run, [value, next]] of (await bench.read(t.loss)).entries()) {
		expect(Math.abs(value! / expected(run) - 1)).toBeLessThan(FORWARD);
		expect(next).toBe(SENTINEL);
	}
}

async function expectDx(
	bench: Bench,
	{ dx }: HeadGradientTensors,
	tokens: number,
	expected: (run: number) => ops.Numbers,
) {
	for (const values of await bench.read(dx)) expect(paddingOf(values, tokens).every((value) => value === 0)).toBe(true);
	await bench.expect(dx, expected, BACKWARD, (values) => tokenMajor(values, tokens));
}

/** dw summed over its ranges, word by word; the padding's entries are those that were there before. */
async function expectDw(
	bench: Bench,
	dw: HeadGradientTensors["dw"],
	size: Case,
	expected: (run: number) => ops.Numbers,
) {
	for (const values of await bench.read(dw))
		expect(paddingOf(values, size.vocabulary).every((value) => value === 0)).toBe(true);
	await bench.expect(dw, expected, BACKWARD, (values) => tokenMajor(sumRanges(values, size.ranges), size.vocabulary));
}

const name = "$sequences × $context × $width, vocabulary of $vocabulary, $runs runs, $streams streams";

describe.each(await usableVariants(HEAD_TOKENS))("variant $variant", ({ variant, gpu }) => {
	const withBench = benchOn(gpu);
	const variants = { [HEAD_TOKENS.name]: variant, [HEAD_VOCABULARY.name]: variant };

	// Tiles of 32 rows need as many of scratch memory.
	const fitting = cases.map((size) => ({ ...size, rows: isLarge(variant) ? Math.max(32, size.rows) : size.rows }));

	describe.each(fitting)(name, (size) => {
		const { sequences, context, vocabulary } = size;
		const scale = 1 / (sequences * context);
		const options = { vocabulary, scale, accumulate: false, variants };

		test("loss alone", () =>
			withBench(async (bench) => {
				const { t, forward } = setUp(bench, size);
				await bench.run(head(t, options));
				const loss = (run: number, multiplier?: number) => scale * sum(forward(run, multiplier).loss);
				await expectLoss(bench, t, loss);
				await bench.run(head(t, { ...options, scale: 2 * scale, accumulate: true, multiplier: 0.5 }));
				await expectLoss(bench, t, (run) => loss(run) + 2 * loss(run, 0.5));
			}));

		test("loss and gradients", () =>
			withBench(async (bench) => {
				const { t, forward, backward, tokens } = setUp(bench, size);
				await bench.run(headGradient(t, options));
				await expectLoss(bench, t, (run) => scale * sum(forward(run).loss));
				await bench.expect(
					t.lse,
					(run) => forward(run).lse,
					FORWARD,
					(lse) => Array.from(lse).slice(0, tokens),
				);
				await expectDx(bench, t, tokens, (run) => backward(run, scale).dx);
				await expectDw(bench, t.dw, size, (run) => backward(run, scale).dw);
			}));

		test("gradients on top of earlier ones, with an output multiplier", () =>
			withBench(async (bench) => {
				const { t, backward, tokens } = setUp(bench, size);
				await bench.run(headGradient(t, options));
				const cleared = bench.output("cleared", t.w.shape);
				await bench.run(headGradient({ ...t, cleared }, { ...options, accumulate: true, multiplier: 0.25 }));
				await expectDx(bench, t, tokens, (run) => backward(run, scale, 0.25).dx);
				const both = (run: number) => plus(backward(run, scale).dw, backward(run, scale, 0.25).dw);
				await expectDw(bench, t.dw, size, both);
				for (const values of await bench.read(cleared)) expect(new Set(values)).toEqual(new Set([SENTINEL]));
			}));
	});

	test("each range of dw is that of its tokens", () =>
		withBench(async (bench) => {
			const size = { ...shapes[6]!, rows: 32, ranges: 3, runs: 1, streams: 1 };
			const { t, x, w, ids, forward, tokens } = setUp(bench, size);
			await bench.run(headGradient(t, { vocabulary: 37, scale: 1, accumulate: false, variants }));
			const targets = ids[0]!.filter((_, i) => i % (size.context + 1) !== 0);
			const [dw] = await bench.read(t.dw);
			// 520 tokens in three ranges, each a multiple of 16: 176, 176 and the rest.
			for (const [range, from] of [0, 176, 352].entries()) {
				const to = Math.min(tokens, from + 176);
				const part = { x: x[0]!.subarray(from * 12, to * 12), targets: targets.subarray(from, to) };
				const expected = ops.headBackward(part.x, w[0]!, part.targets, forward(0).lse.subarray(from, to), 1).dw;
				const actual = tokenMajor(dw!.subarray(range * 12 * 40, (range + 1) * 12 * 40), 37);
				const largest = Math.max(...expected.map(Math.abs));
				expect(Math.max(...expected.map((e, i) => Math.abs(e - actual[i]!)))).toBeLessThan(BACKWARD * largest);
			}
		}));

	test.each([
		{ ...shapes[1]!, dispatches: 3 },
		// Where workgroups own tokens, a vocabulary that is not split takes as many dispatches.
		{ ...shapes[0]!, rows: 32, dispatches: isLarge(variant) ? 3 : 2 },
		{ ...shapes[3]!, splits: 1, dispatches: 3 },
	])(
		"a vocabulary in $splits parts, width $width, $dispatches dispatches: the token embedding's gradient of an untied model becomes 0",
		({ dispatches, ...shape }) =>
			withBench(async (bench) => {
				const size = { ...shape, runs: 3, streams: 1 };
				const { t, backward } = setUp(bench, size);
				const cleared = bench.output("cleared", t.w.shape);
				const options = { vocabulary: size.vocabulary, scale: 1, accumulate: false, variants };
				const specs = headGradient({ ...t, cleared }, options);
				expect(specs).toHaveLength(dispatches);
				await bench.run(specs);
				for (const values of await bench.read(cleared)) expect(new Set(values)).toEqual(new Set([0]));
				await expectDw(bench, t.dw, size, (run) => backward(run, 1).dw);
			}),
	);

	test.each([4, 1])("a run has the same bits alone and in a pack, with a vocabulary in %s parts", (splits) =>
		withBench(async (bench) => {
			const size = { ...shapes[2]!, splits, runs: 3, streams: 3 };
			const { x, w, ids, t } = setUp(bench, size, 8);
			const options = { vocabulary: size.vocabulary, scale: 0.1, accumulate: false, variants };
			await bench.run(headGradient(t, options));
			const alone = tensors(bench, { ...size, runs: 1, streams: 1 }, [x[1]!], [w[1]!], [ids[1]!]);
			await bench.run(headGradient(alone, options));
			for (const name of ["loss", "lse", "dx", "dw"] as const)
				expect((await bench.read(alone[name]))[0]).toEqual((await bench.read(t[name]))[1]);
		}),
	);
});

// Logits of ±60 and of ±1,000: exp of either overflows 32 bits without the running maximum.
const extremes = [
	{ width: 10, deviation: 20 },
	{ width: 12, deviation: 20 },
	{ width: 12, deviation: 300 },
].flatMap((size) => [4, 1].map((splits) => ({ ...size, splits })));
const shared = extremes.map((size) => ({ ...size, variant: "32x128 tiles" }));

test.each([...extremes.map((size) => ({ ...size, variant: "8x1x64" })), ...shared])(
	"extreme logits, width $width, inputs of deviation $deviation, vocabulary in $splits parts, variant $variant",
	({ width, deviation, splits, variant }) =>
		withBench(async (bench) => {
			const size = { ...shapes[2]!, width, splits, runs: 1, streams: 1 };
			const variants = { [HEAD_TOKENS.name]: variant, [HEAD_VOCABULARY.name]: variant };
			const { t, forward, backward, tokens } = setUp(bench, size, deviation);
			await bench.run(headGradient(t, { vocabulary: size.vocabulary, scale: 1, accumulate: false, variants }));
			const { lse, loss } = forward(0);
			expect(Math.max(...lse)).toBeGreaterThan(60);
			await bench.expect(
				t.lse,
				() => lse,
				FORWARD,
				(values) => Array.from(values).slice(0, tokens),
			);
			await expectLoss(bench, t, () => sum(loss));
			await expectDx(bench, t, tokens, () => backward(0, 1).dx);
			await expectDw(bench, t.dw, size, () => backward(0, 1).dw);
		}),
);

test("every logit far below 0", () =>
	withBench(async (bench) => {
		const size = { ...shapes[1]!, runs: 1, streams: 1 };
		const { sequences, context, width, vocabulary } = size;
		const tokens = sequences * context;
		const x = [new Float64Array(tokens * width).fill(-30)];
		const w = [Float64Array.from({ length: vocabulary * width }, (_, i) => 30 + (i % 7))];
		const t = tensors(bench, size, x, w, drawIds(size));
		await bench.run(headGradient(t, { vocabulary, scale: 1, accumulate: false }));
		const { lse } = ops.head(x[0]!, w[0]!, new Uint32Array(tokens));
		expect(Math.max(...lse)).toBeLessThan(-1e4);
		await bench.expect(
			t.lse,
			() => lse,
			FORWARD,
			(values) => Array.from(values).slice(0, tokens),
		);
		for (const values of await bench.read(t.dw)) expect(values.every(Number.isFinite)).toBe(true);
	}));

test("the shapes that the model gives its memory fit", () =>
	withBench(async (bench) => {
		const size = { ...shapes[2]!, ranges: 1, runs: 1, streams: 1 };
		const { t, backward, tokens } = setUp(bench, size);
		const given = Object.entries(headShapes(size, tokens)).map(([name, shape]) => [
			name,
			bench.output(name, [1, ...shape]),
		]);
		const model: HeadGradientTensors = { ...t, ...Object.fromEntries(given) };
		await bench.run(headGradient(model, { vocabulary: size.vocabulary, scale: 1, accumulate: false }));
		await expectDx(bench, model, tokens, () => backward(0, 1).dx);
	}));

test.each([
	{ vocabulary: 50_257, width: 32, tokens: 1024, most: 14e6 },
	{ vocabulary: 50_257, width: 64, tokens: 4096, most: 28e6 },
	{ vocabulary: 4096, width: 128, tokens: 1024, most: 26e6 },
	{ vocabulary: 512, width: 4096, tokens: 512, most: 20e6 },
	{ vocabulary: 64, width: 16, tokens: 32, most: 0.2e6 },
])("vocabulary of $vocabulary, width $width, $tokens tokens: at most $most bytes", ({ most, tokens, ...model }) => {
	const entries = Object.values(headShapes(model, tokens)).map((shape) => shape.reduce((a, b) => a * b, 4));
	expect(sum(entries)).toBeLessThan(most);
});

test("shapes that do not fit are named", () =>
	withBench(async (bench) => {
		const size = { ...shapes[1]!, runs: 1, streams: 1 };
		const { t } = setUp(bench, size);
		const options = { vocabulary: 101, scale: 1, accumulate: false };
		const w = bench.output("w", [1, 8, 104]);
		expect(() => head({ ...t, w }, options)).toThrow(
			"head: x is [1,20,20], w is [1,8,104]; runs and widths must agree",
		);
		expect(() => head(t, { ...options, vocabulary: 105 })).toThrow("head: w is [1,20,104] for a vocabulary of 105");
		const ids = bench.output("ids", [1, 4, 5]);
		expect(() => head({ ...t, ids }, options)).toThrow("ids is [1,4,5]; the last axes of x and parts must be");
		const dw = bench.output("dw", [1, 3, 20, 104]);
		expect(() => headGradient({ ...t, dw }, options)).toThrow("20 tokens do not fill 3 ranges, each a multiple of 16");
		const scratch = bench.output("scratch", [1, 1000]);
		expect(() => headGradient({ ...t, scratch }, options)).toThrow("head: scratch is [1,1000]; 8 rows of");
	}));
