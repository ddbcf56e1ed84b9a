import { expect, test } from "vitest";
import { expectationTexts } from "../../src/study/expectation-text.ts";
import { planStudy } from "../../src/study/planner.ts";
import { predictPlan } from "../../src/study/prediction.ts";
import { EPOCH } from "../../src/theory/specifications.ts";
import { corpora, studyWith } from "./fixtures.ts";

const known = [...corpora, { ...corpora[0]!, id: "sotu" }];
const shapes = [
	{ width: 8, layers: 1, heads: 1 },
	{ width: 16, layers: 2, heads: 1 },
	{ width: 24, layers: 3, heads: 2 },
];
const textsOf = async (fields: Parameters<typeof studyWith>[0]) =>
	expectationTexts(
		predictPlan(await planStudy(studyWith({ corpora: ["sotu"], sizes: shapes, ...fields }), known), EPOCH.law),
	);

test("a study like a measured one: its exponents with their source, and crossings in both conventions", async () => {
	const [exponents, total, nonEmbedding, published] = await textsOf({ vocabularies: [2048], tokens: [4_000_000] });
	expect(exponents).toMatch(
		/an a of 0\.\d\d \(0\.\d\d to 0\.\d\d\) and 0\.\d\d \(.{12}\) with all parameters and of 0\.\d\d.*docs\/findings\/reconcile/,
	);
	expect(total).toBe("By these, the budgets reach 2 of 2 crossings with all parameters, with room.");
	expect(nonEmbedding).toMatch(/2 of 2 crossings without embeddings, with room/);
	expect(published).toMatch(/A published law says: N\* ∝ C\^0\.51.*extrapolated a thousandfold/);
});

test("short budgets: which crossings they miss, and how many tokens those take", async () => {
	const [, total] = await textsOf({ vocabularies: [2048], tokens: [100_000] });
	expect(total).toMatch(
		/0 of 2 crossings with all parameters: 17.4K and 39.6K parameters not, which takes \d+K and \d+K tokens;/,
	);
});

test("another vocabulary or text: unknown, and why", async () => {
	const [expected, published] = await textsOf({ vocabularies: [300], corpora: ["novel"], tokens: [100_000] });
	expect(expected).toMatch(
		/^Expected: unknown; no study like it was trained here: its vocabulary has 300 tokens of context 16 on novel/,
	);
	expect(published).toMatch(/^A published law says/);
});

test("one size has nothing to cross", async () => {
	expect(await textsOf({ vocabularies: [300], sizes: shapes.slice(0, 1), tokens: [100_000] })).toEqual([]);
});
