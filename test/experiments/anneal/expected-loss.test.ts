import { expect, test } from "vitest";
import { estimatesOf } from "../../../src/analysis/fitting/fit.ts";
import { annealingCurve, fitAnnealing } from "../../../src/analysis/training-laws/annealing-law.ts";
import { ratesOf } from "../../../src/experiments/anneal/card-handles.ts";
import type { Card } from "../../../src/experiments/anneal/comparison.ts";
import { expectedCurve, scheduledCurves, whyNotExpected } from "../../../src/experiments/anneal/expected-loss.ts";
import { FIRST } from "../../../src/experiments/anneal/starts.ts";

const STEPS = 2000;
const TRUTH = { L0: 2.6, A: 0.6, α: 0.45, C: 0.4, λ: 0.99 };
const [constant, cosine, wsd] = FIRST.cards;

/** What a card trains where the law is true but for its plateau, with points as far apart as in a loss curve. */
function trained(card: Card, seeds = [1, 2]) {
	const rates = ratesOf(card, STEPS);
	const all = annealingCurve(TRUTH, rates);
	const steps = Array.from({ length: 100 }, (_, i) => Math.ceil(10 * 1.055 ** i)).filter((step) => step <= STEPS);
	const curves = seeds.map((seed) => ({
		seed,
		curve: {
			tokens: steps.map((step) => 512 * step),
			loss: steps.map((step) => (step < 400 ? 6 : all[step - 1]!) + (seed === 1 ? 0.05 : -0.05)),
		},
	}));
	return { name: card.family, rates, tokensPerStep: 512, curves };
}

test("two schedules tell what a third comes to, whatever happens on the plateau", () => {
	const law = fitAnnealing(scheduledCurves([trained(constant!), trained(cosine!)]));
	expect(whyNotExpected(law)).toBeNull();
	const rates = ratesOf(wsd!, STEPS);
	const { tokens, loss } = expectedCurve(law, rates, 512)!;
	expect(tokens.at(-1)).toBe(512 * STEPS);
	expect(tokens.length).toBeLessThanOrEqual(160);
	expect(Math.abs(loss.at(-1)! - annealingCurve(TRUTH, rates).at(-1)!)).toBeLessThan(0.01);
	expect(loss.at(-1)).toBe(annealingCurve(estimatesOf(law), rates).at(-1));
});

test("nothing is expected before something has trained, of a constant rate alone, or of too few points", () => {
	const rates = ratesOf(wsd!, STEPS);
	expect(expectedCurve(null, rates, 512)).toBeNull();
	expect(whyNotExpected(null)).toBe("nothing has been trained yet");
	const alone = fitAnnealing(scheduledCurves([trained(constant!)]));
	expect(whyNotExpected(alone)).toBe("no schedule that anneals has been trained yet");
	expect(expectedCurve(alone, rates, 512)).toBeNull();
	expect(scheduledCurves([{ ...trained(constant!), curves: [] }])).toEqual([]);
});

test("a shorter run counts only where the longest is past its beginning", () => {
	const long = trained(constant!);
	const short = { ...trained(cosine!), rates: ratesOf(cosine!, 500) };
	expect(
		scheduledCurves([
			long,
			{
				...short,
				curves: short.curves.map(({ seed, curve: { tokens, loss } }) => {
					const count = tokens.filter((at) => at <= 500 * 512).length;
					return { seed, curve: { tokens: tokens.slice(0, count), loss: loss.slice(0, count) } };
				}),
			},
		]).map(({ run }) => run),
	).toEqual(["constant"]);
});
