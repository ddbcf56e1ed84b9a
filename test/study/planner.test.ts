import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modelConfig } from "../../src/architecture/config.ts";
import { runId } from "../../src/run/run-spec.ts";
import { planStudy } from "../../src/study/planner.ts";
import { StudyError } from "../../src/study/study-error.ts";
import { corpora, studyWith } from "./fixtures.ts";

test("every run is fully specified, and its id is the hash of its spec", async () => {
	const study = studyWith({
		schedules: [{ kind: "cosine", warmupSteps: 4 }],
		weightDecay: 0.2,
		validationSequences: 100,
	});
	const { runs, packs } = await planStudy(study, corpora);
	expect(runs[0]!.spec).toEqual({
		model: modelConfig({ vocabulary: 256, context: 16, width: 8, layers: 1, heads: 1, tied: true }),
		corpus: { id: "speeches", hash: "a".repeat(64) },
		seed: 1,
		optimizer: {
			...{ kind: "adamw", learningRate: 0.003, beta1: 0.9, beta2: 0.95, epsilon: 1e-8 },
			...{ weightDecay: 0.2, decay: "coupled", clip: 1 },
		},
		schedule: { kind: "cosine", warmupSteps: 4, floor: 0.1 },
		batchSequences: 32,
		microBatchSequences: 32,
		steps: 40,
		validationSequences: 128,
	});
	for (const run of runs) expect(run.id).toBe(await runId(run.spec));
	expect(packs.flat()).toEqual(runs.map((run) => run.id));
	expect(new Set(packs.flat()).size).toBe(6);
});

test("the same study gives the same plan", async () => {
	expect(await planStudy(studyWith(), corpora)).toEqual(await planStudy(studyWith(), [...corpora].reverse()));
});

test("budgets in tokens take the whole steps that reach them, and equal ones are one run", async () => {
	const { runs } = await planStudy(studyWith({ tokens: [5000, 5100, 5121] }), corpora);
	// 512 tokens a step: 10, 10 and 11 steps
	expect(runs.map((run) => run.spec.steps).sort()).toEqual([10, 10, 10, 10, 10, 10, 11, 11, 11, 11, 11, 11]);
});

test("a size's own budget replaces the study's", async () => {
	const sizes = [
		{ width: 8, layers: 1, heads: 1 },
		{ width: 16, layers: 1, heads: 1, steps: 7 },
	];
	const { runs } = await planStudy(studyWith({ sizes, steps: [10, 20], learningRates: [0.01] }), corpora);
	expect(runs.map((run) => [run.spec.model.width, run.spec.steps])).toEqual([
		[8, 10],
		[8, 20],
		[16, 7],
	]);
});

test("a micro-batch divides the batch, as large as 4,096 tokens allow", { timeout: 60_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 65536 }), fc.integer({ min: 1, max: 1024 }), async (batch, context) => {
			const study = studyWith({ batchSequences: [batch], context, sizes: [{ width: 8, layers: 1, heads: 1 }] });
			const { spec } = (await planStudy(study, corpora)).runs[0]!;
			const fits = (size: number) => batch % size === 0 && size * context <= 4096;
			expect(spec.microBatchSequences === 1 || fits(spec.microBatchSequences)).toBe(true);
			for (let size = spec.microBatchSequences + 1; size * context <= 4096 && size <= batch; size++)
				expect(fits(size)).toBe(false);
			expect(spec.validationSequences % spec.microBatchSequences).toBe(0);
			expect(spec.validationSequences).toBeGreaterThanOrEqual(study.validationSequences);
		}),
	);
});

test("numbers per run and their sums", async () => {
	const { perRun, totals, runs } = await planStudy(studyWith({ learningRates: [0.01] }), corpora);
	const first = perRun[runs[0]!.id]!;
	// 8 wide, one layer: 12·64 + 13·8 of the layer, 2·8 of the last norm; (256 + 16)·8 of embeddings
	expect(first.parameters).toEqual({ total: 3064, nonEmbedding: 888, embedding: 2176, head: 0 });
	expect(first.tokens).toBe(40 * 512);
	expect(first.flops).toEqual({ total: 6 * 3064 * 20480, nonEmbedding: 6 * 888 * 20480 });
	expect(first.modelFlops).toBe(3 * (24 * 64 + 2 * 8 * 17 + 2 * 8 * 256) * 20480);
	// Bytes are their own tokens, so the speeches have ten million of them.
	expect(first.epochs).toBeCloseTo(20480 / 10_000_000, 4);
	const all = runs.map((run) => perRun[run.id]!);
	expect(totals.runs).toBe(3);
	expect(totals.tokens).toBe(3 * 20480);
	expect(totals.flops.total).toBe(all.reduce((sum, run) => sum + run.flops.total, 0));
	expect(totals.cost.flops).toBe(all.reduce((sum, run) => sum + run.modelFlops, 0));
	expect(totals.cost.dispatches).toBeGreaterThan(3 * 40 * 20);
});

test("the runs of a pack share its dispatches", async () => {
	const one = await planStudy(studyWith({ seeds: [1] }), corpora);
	const four = await planStudy(studyWith({ seeds: [1, 2, 3, 4] }), corpora);
	expect(four.totals.cost.dispatches).toBe(one.totals.cost.dispatches);
	expect(four.totals.cost.flops).toBe(4 * one.totals.cost.flops);
});

test("a corpus that is not there", async () => {
	const plan = planStudy(studyWith({ corpora: ["speeches", "poems"] }), corpora);
	await expect(plan).rejects.toThrow(StudyError);
	await expect(plan).rejects.toMatchObject({ path: ["corpora", 1] });
	await expect(plan).rejects.toThrow('study: corpora[1] is "poems"; it must be one of speeches, novel');
});

describe("warnings", () => {
	test.each([
		["linear", { kind: "linear" }, 1, true],
		["wsd", { kind: "wsd" }, 1, true],
		[
			"piecewise",
			{
				kind: "piecewise",
				points: [
					[0, 1],
					[1, 0],
				],
			},
			1,
			true,
		],
		[
			"piecewise",
			{
				kind: "piecewise",
				points: [
					[0, 0],
					[1, 0],
				],
			},
			40,
			true,
		],
		["linear", { kind: "linear" }, 2, false],
		["linear", { kind: "linear", floor: 0.1 }, 1, false],
		["cosine", { kind: "cosine" }, 1, false],
		["constant", { kind: "constant" }, 1, false],
	])("%s of %j over %d steps has learning rate 0 throughout: %s", async (kind, schedule, steps, idle) => {
		const warnings = (await warningsOf({ schedules: [schedule], steps: [steps] })).filter((each) =>
			/learning rate 0/.test(each),
		);
		expect(warnings).toEqual(
			idle
				? [
						`A run of ${steps === 1 ? "1 step" : `${steps} steps`} has learning rate 0 throughout by its schedule "${kind}", so it learns ` +
							"nothing; give it more steps or a schedule that does not end at 0.",
					]
				: [],
		);
	});

	const warningsOf = async (fields: Parameters<typeof studyWith>[0]) =>
		(await planStudy(studyWith(fields), corpora)).warnings;

	test("none for a sound study", async () => {
		expect(await warningsOf({})).toEqual([]);
	});

	test("a corpus seen more than four times", async () => {
		expect(await warningsOf({ tokens: [39_000_000] })).toEqual([]);
		expect(await warningsOf({ tokens: [43_000_000] })).toEqual([
			expect.stringMatching(/^Runs repeat the corpus "speeches" up to 4\.\d times; beyond about 4 epochs/),
		]);
		expect(await warningsOf({ corpora: ["speeches", "novel"], tokens: [20_000_000] })).toEqual([
			expect.stringContaining('"novel"'),
		]);
	});

	test.each([
		[{ learningRates: [0.01] }, /^The study has a single learning rate/],
		[{ sizes: [{ width: 8, layers: 1, heads: 1 }] }, /^The study has one size;/],
		[{ vocabularies: [256, 512] }, /^Losses per token cannot be compared between vocabulary sizes/],
		[{ schedules: [{ kind: "constant", warmupSteps: 40 }] }, /^A warmup of 40 steps does not end .* 40 steps/],
		[{ batchSequences: [30, 32], validationSequences: 32 }, /^Validation sets have 32 or 60 sequences/],
		[{ optimizer: "muon" }, /^Muon's Newton–Schulz iterations take up to \d+% as much arithmetic as the model, which/],
	] as const)("%j", async (fields, warning) => {
		expect(await warningsOf(fields)).toEqual([expect.stringMatching(warning)]);
	});

	test("a model beyond the default limits", async () => {
		const sizes = [8, 16, 1024].map((width) => ({ width, layers: 4, heads: 8 }));
		expect(await warningsOf({ sizes })).toEqual([
			expect.stringMatching(
				/^A model of width 1024 and 4 layers needs a buffer binding of \d+ MiB; .* no more than 128 MiB\.$/,
			),
		]);
	});
});
