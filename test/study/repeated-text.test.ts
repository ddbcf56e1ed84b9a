import { describe, expect, test } from "vitest";
import { estimateTokens } from "../../src/data/estimate.ts";
import { planStudy } from "../../src/study/planner.ts";
import { corpora, studyWith } from "./fixtures.ts";

const warningsOf = async (fields: Parameters<typeof studyWith>[0]) =>
	(await planStudy(studyWith(fields), corpora)).warnings.filter((warning) => warning.startsWith("Runs repeat"));

describe("a study that repeats text", () => {
	test("says how much text of the user's own would do, and how to give it", async () => {
		const [warning, ...others] = await warningsOf({ tokens: [50_000_000, 20_000_000], vocabularies: [512] });
		expect(others).toEqual([]);
		expect(warning).toMatch(/^Runs repeat the corpus "speeches" up to \d+\.\d times; /);
		expect(warning).toContain("about 50,000,000 training tokens, which at a vocabulary of 512 is about ");
		expect(warning).toContain("(--corpus file:<path> on the command line, or drop the file on the page)");
		const megabytes = Number(/about (\d+) MB of English text/.exec(warning!)![1]);
		const tokens = estimateTokens(megabytes * 1e6, 512, "file:own.txt") * (15 / 16);
		expect(tokens).toBeGreaterThanOrEqual(50_000_000);
		expect(tokens).toBeLessThan(1.02 * 50_000_000);
	});

	test("counts the run that needs most text: fewer tokens of a larger vocabulary may be more", async () => {
		const [warning] = await warningsOf({ tokens: [50_000_000], vocabularies: [300, 4096] });
		expect(warning).toContain("at a vocabulary of 4,096");
	});

	test("says so where the text would be larger than a corpus may be", async () => {
		const [warning] = await warningsOf({ tokens: [400_000_000], vocabularies: [8192] });
		expect(warning).toContain("A text of your own may have up to 500 MB (--corpus file:<path>");
		expect(warning).toMatch(/smaller budgets repeat less\.$/);
	});

	test("names the text of a mix that is repeated, once for all mixes", async () => {
		const mixes = [0.5, 0.9].map((novel) => ({ mix: { speeches: 1 - novel, novel } }));
		const warnings = await warningsOf({ corpora: mixes, tokens: [10_000_000] });
		expect(warnings).toHaveLength(1);
		expect(warnings[0]).toContain('"novel" up to 9.0 times');
		expect(warnings[0]).toContain("about 9,000,000 training tokens");
	});

	test("says nothing where unique tokens are limited on purpose", async () => {
		expect(await warningsOf({ tokens: [50_000_000], uniqueTokens: [100_000] })).toEqual([]);
	});
});
