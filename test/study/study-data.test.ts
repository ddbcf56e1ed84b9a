import { describe, expect, test } from "vitest";
import { trainingParts } from "../../src/run/corpus-spec.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corporaNamed } from "../../src/study/study-data.ts";
import { corpora, studyWith } from "./fixtures.ts";

type Fields = Parameters<typeof studyWith>[0];
const one = { learningRates: [0.01], sizes: [{ width: 8, layers: 1, heads: 1 }] };
const specsOf = async (fields: Fields) =>
	(await planStudy(studyWith({ ...one, ...fields }), corpora)).runs.map(({ spec }) => spec);

test("a plain study says nothing of mixes, epochs, evaluations or storage, so that its runs keep their ids", async () => {
	const [spec] = await specsOf({});
	expect(spec!.corpus).toEqual({ id: "speeches", hash: "a".repeat(64) });
	expect(spec).not.toHaveProperty("sampling");
	expect(spec).not.toHaveProperty("evaluations");
	expect(spec).not.toHaveProperty("storage");
	const [inHalf] = await specsOf({ storage: "f16" });
	expect(inHalf).toEqual({ ...spec, storage: "f16" });
});

describe("mixes", () => {
	test("are told by their parts, each with its hash and its share", async () => {
		const [spec] = await specsOf({ corpora: [{ mix: { speeches: 3, novel: 1 } }] });
		expect(spec!.corpus.id).toBe("0.25 novel + 0.75 speeches");
		expect(spec!.corpus.hash).toMatch(/^[0-9a-f]{64}$/);
		expect(spec!.corpus.mix).toEqual([
			{ id: "novel", hash: "b".repeat(64), weight: 0.25 },
			{ id: "speeches", hash: "a".repeat(64), weight: 0.75 },
		]);
	});

	test("the same mix written otherwise is the same run, another is another", async () => {
		const idsOf = async (mix: object) =>
			(await planStudy(studyWith({ ...one, corpora: [{ mix }] }), corpora)).runs.map(({ id }) => id);
		const ids = await idsOf({ speeches: 0.75, novel: 0.25 });
		expect(await idsOf({ novel: 1, speeches: 3 })).toEqual(ids);
		expect(await idsOf({ novel: 1, speeches: 2 })).not.toEqual(ids);
	});

	test("count the epochs of the part that is seen most often", async () => {
		const study = studyWith({ ...one, corpora: [{ mix: { speeches: 0.5, novel: 0.5 } }], tokens: [4_000_000] });
		const { perRun, runs } = await planStudy(study, corpora);
		expect(perRun[runs[0]!.id]!.epochs).toBeCloseTo(2, 2);
	});

	test("name a corpus that is not there", async () => {
		await expect(specsOf({ corpora: [{ mix: { speeches: 1, poems: 1 } }] })).rejects.toThrow(
			'study: corpora[0].mix names "poems"; each name in it must be one of speeches, novel',
		);
	});
});

describe("unique tokens", () => {
	test("are an axis, and divided over a mix", async () => {
		const specs = await specsOf({
			corpora: ["novel", { mix: { speeches: 0.7, novel: 0.3 } }],
			uniqueTokens: [1000, 5000],
		});
		expect(specs.map(({ corpus }) => corpus.uniqueTokens)).toEqual([1000, 5000, 1000, 5000]);
		expect(trainingParts(specs[3]!).map(({ id, uniqueTokens }) => [id, uniqueTokens])).toEqual([
			["novel", 1500],
			["speeches", 3500],
		]);
	});

	test("are what epochs count, without a warning of repetition", async () => {
		const plan = await planStudy(studyWith({ uniqueTokens: [1024], sampling: "epochs" }), corpora);
		expect(plan.perRun[plan.runs[0]!.id]!.epochs).toBe(20);
		expect(plan.runs[0]!.spec.sampling).toBe("epochs");
		expect(plan.warnings).toEqual([]);
	});

	test("cannot be more than the text has", async () => {
		const novel = { corpora: ["novel"] };
		await expect(specsOf({ ...novel, uniqueTokens: [1_000_001] })).rejects.toThrow(
			'study: uniqueTokens[0] is 1,000,001; it must be at most 1,000,000, the training bytes of "novel"',
		);
		await expect(specsOf({ corpora: [{ mix: { speeches: 1, novel: 1 } }], uniqueTokens: [3e6] })).rejects.toThrow(
			'study: uniqueTokens[0] is 3,000,000, of which 1,500,000 from "novel"; it must be at most 1,000,000',
		);
		const scarce = studyWith({ ...novel, uniqueTokens: [500_000], vocabularies: [512] });
		expect((await planStudy(scarce, corpora)).warnings).toEqual([
			expect.stringMatching(/^The corpus "novel" has about 485,\d+ training tokens; runs with 500,000 unique tokens/),
		]);
	});

	test("fill at least one sequence", async () => {
		await expect(specsOf({ uniqueTokens: [16] })).rejects.toThrow(
			"study: uniqueTokens[0] is 16; it must exceed the context, which is 16",
		);
	});
});

describe("evaluations", () => {
	test("are in every run, with their hashes", async () => {
		const [spec] = await specsOf({ evaluations: ["novel"] });
		expect(spec!.evaluations).toEqual([{ id: "novel", hash: "b".repeat(64) }]);
	});

	test("name a corpus that is not there", async () => {
		await expect(specsOf({ evaluations: ["novel", "poems"] })).rejects.toThrow(
			'study: evaluations[1] is "poems"; it must be one of speeches, novel',
		);
	});
});

test("every corpus that a study names, once", () => {
	const study = studyWith({
		corpora: ["speeches", { mix: { speeches: 1, novel: 2 } }],
		evaluations: ["file:a", "novel"],
	});
	expect(corporaNamed(study)).toEqual(["speeches", "novel", "file:a"]);
});
