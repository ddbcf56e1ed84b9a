import { sealForecast } from "../../src/study/forecast.ts";
import { type HoldOut, heldOutRuns } from "../../src/study/hold-out.ts";
import { judgeForecast } from "../../src/study/judge-forecast.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import { lawRuns } from "../experiments/law-runs.ts";
import { corpora, studyWith } from "./fixtures.ts";

const sizes = [8, 12, 16, 24, 32, 48].map((width) => ({ width, layers: 2, heads: 2 }));

/** Studies whose largest size or budget is predicted. */
export const FORECAST_STUDIES = {
	"curves of 6 sizes, 3 seeds": { by: "largest", fields: { sizes, seeds: [1, 2, 3], steps: [4000] } },
	"curves of 6 sizes, 1 seed": { by: "largest", fields: { sizes, seeds: [1], steps: [4000] } },
	"cosine, 6 sizes, 4 lengths": {
		by: "largest",
		fields: { sizes, seeds: [1], steps: [500, 1000, 2000, 4000], schedules: [{ kind: "cosine" }] },
	},
	"cosine, IsoFLOP, 4 budgets": {
		by: "budget",
		fields: { sizes, seeds: [1], flops: [2e10, 4e10, 8e10, 16e10], schedules: [{ kind: "cosine" }] },
	},
} as const satisfies Record<string, { by: HoldOut; fields: Parameters<typeof studyWith>[0] }>;

export function planOfForecast(name: keyof typeof FORECAST_STUDIES): Promise<Plan> {
	return planStudy(studyWith({ learningRates: [0.01], ...FORECAST_STUDIES[name].fields }), corpora);
}

/** Share of the predictions with an interval that hold what came, by law: of one run of each study, and of the best model. */
export async function forecastCoverage(name: keyof typeof FORECAST_STUDIES, studies: number, noise = 0.004) {
	const plan = await planOfForecast(name);
	const { by } = FORECAST_STUDIES[name];
	const aside = new Set(heldOutRuns(plan, by));
	const counts = new Map<
		string,
		{ runs: number; hits: number; best: number; bestHits: number; error: number; width: number }
	>();
	for (let seed = 1; seed <= studies; seed++) {
		const results = lawRuns(plan, { noise, seed });
		const kept = results.filter(({ id }) => !aside.has(id));
		const forecast = await sealForecast(plan, by, kept, { now: new Date(0), resamples: 200, seed });
		const judgement = await judgeForecast(forecast, results);
		// The runs of a study share their law's error; the last one stands for all.
		for (const { law, runs, best } of judgement.laws) {
			const count = counts.get(law) ?? { runs: 0, hits: 0, best: 0, bestHits: 0, error: 0, width: 0 };
			counts.set(law, count);
			const last = runs.at(-1);
			if (last && last.inside !== null) {
				count.runs++;
				if (last.inside) count.hits++;
				count.error += last.percent;
				count.width += (100 * (last.high! - last.low!)) / last.loss;
			}
			if (best && best.inside !== null) {
				count.best++;
				if (best.inside) count.bestHits++;
			}
		}
	}
	return counts;
}
