import { expect, test } from "vitest";
import { MEASURED_STUDIES, type MeasuredStudy } from "../../src/theory/measured-laws.ts";
import { type MeasuredConvention, predictByMeasured, studiesLike } from "../../src/theory/measured-prediction.ts";

/** The sizes of the measured studies: 8×1, 16×2, 24×3 and 32×4, with their budgets, by vocabulary. */
const SIZES: Record<number, { total: number; nonEmbedding: number; tokens: number }[]> = {
	512: [
		{ total: 5112, nonEmbedding: 888, tokens: 1.0e6 },
		{ total: 15_040, nonEmbedding: 6592, tokens: 1.2e6 },
		{ total: 34_392, nonEmbedding: 21_720, tokens: 2.0e6 },
		{ total: 67_776, nonEmbedding: 50_880, tokens: 1.2e6 },
	],
	2048: [
		{ total: 17_400, nonEmbedding: 888, tokens: 2.0e6 },
		{ total: 39_616, nonEmbedding: 6592, tokens: 2.6e6 },
		{ total: 71_256, nonEmbedding: 21_720, tokens: 3.0e6 },
		{ total: 116_928, nonEmbedding: 50_880, tokens: 1.7e6 },
	],
};
const setting = (vocabulary: number) => ({ vocabulary, context: 16, transformer: true, corpora: ["sotu"] });
const reached = ({ crossings }: MeasuredConvention) => crossings.map((crossing) => crossing.reached);
const predict = (vocabulary: number, share = 1) =>
	predictByMeasured(
		studiesLike(MEASURED_STUDIES, setting(vocabulary)).found,
		SIZES[vocabulary]!.map((size) => ({ ...size, tokens: share * size.tokens })),
	);

test("budgets that reached every crossing are said to, and a third of them not to", () => {
	const { total, nonEmbedding } = predict(2048);
	expect(reached(total)).toEqual(["yes", "yes", "yes"]);
	expect(reached(nonEmbedding).includes("no")).toBe(false);
	const third = predict(2048, 1 / 3);
	expect(reached(third.total)).toContain("no");
	expect(reached(third.nonEmbedding)).toEqual(["no", "no", "no"]);
});

test("a crossing that the runs behind the law just missed is not said to be reached with room", () => {
	const { total, nonEmbedding } = predict(512);
	expect(reached(total)).toEqual(["yes", "yes", "yes"]);
	expect(reached(nonEmbedding)[1]).not.toBe("yes");
});

test("a crossing lies where the law puts √(N₁·N₂); both sizes need C / 6N tokens", () => {
	const law = { coefficient: 0.5, exponent: 0.5, low: 0.4, high: 0.6, flops: { from: 1, to: 2 }, residual: 0 };
	const study: MeasuredStudy = {
		...{ source: "runs", runs: 1, corpus: "sotu", vocabulary: 512, context: 16 },
		...{ parameters: { from: 100, to: 400 }, laws: { total: law, nonEmbedding: law } },
	};
	const sizes = [
		{ total: 400, nonEmbedding: 400, tokens: 30 },
		{ total: 100, nonEmbedding: 100, tokens: 300 },
	];
	const [crossing] = predictByMeasured([study], sizes).total.crossings;
	expect(crossing!.parameters).toBe(200);
	expect(crossing!.flops).toBeCloseTo(160_000, 3);
	expect(crossing!.tokens!.map(Math.round)).toEqual([267, 67]);
	expect(crossing!.room).toBeCloseTo(30 / 66.67, 3);
	expect(crossing!.reached).toBe("no");
});

test("what is far from the measured studies is unknown, and why", () => {
	const { found, reason } = studiesLike(MEASURED_STUDIES, { ...setting(4096), corpora: ["novel"] });
	expect(found).toEqual([]);
	expect(reason).toMatch(/4096 tokens of context 16 on novel.*512 tokens of context 16 on sotu/);
	expect(studiesLike(MEASURED_STUDIES, { ...setting(512), transformer: false }).reason).toMatch(/no transformers/);
	const large = SIZES[512]!.map((size) => ({
		...size,
		total: 100 * size.total,
		nonEmbedding: 100 * size.nonEmbedding,
	}));
	const { total } = predictByMeasured(studiesLike(MEASURED_STUDIES, setting(512)).found, large);
	expect(total.crossings.map(({ reached, flops }) => [reached, flops])).toEqual(Array(3).fill(["unknown", null]));
});
