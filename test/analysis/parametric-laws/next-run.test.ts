import { describe, expect, test } from "vitest";
import { estimatesOf } from "../../../src/analysis/fitting/fit.ts";
import { withIntervals } from "../../../src/analysis/fitting/parametric-law-intervals.ts";
import { METHOD_3 } from "../../../src/analysis/parametric-laws/method3.ts";
import { suggestNextRun } from "../../../src/analysis/parametric-laws/next-run.ts";
import type { Point } from "../../../src/analysis/points/point.ts";
import { normal, randomKey } from "../../../src/maths/random.ts";
import { fitMethod3 } from "./fit-laws.ts";

const LAW = { E: 1.5, A: 60, B: 220, α: 0.32, β: 0.34 };
const options = { resamples: 200, seed: 3, interval: 0.9 };

/** A run of the law: points back from its end at steps of 0.5 in ln D, all moved by one offset, and each by a little. */
function run(name: string, parameters: number, tokens: number, points: number, key: number): Point[] {
	const offset = 0.004 * normal(key, 99);
	return Array.from({ length: points }, (_, i) => {
		const seen = tokens * Math.exp(-0.5 * i);
		const point = { run: name, parameters, tokens: seen, flops: 6 * parameters * seen, loss: 1 };
		return { ...point, loss: METHOD_3.loss(LAW, point) * Math.exp(offset + 5e-4 * normal(key, i)) };
	});
}

describe.each([
	["curves of 5 points", 5, [1e5, 3e5, 1e6, 3e6, 1e7, 3e7]],
	["runs of one point", 1, [1e5, 2e5, 4e5, 8e5, 1.6e6, 3.2e6, 6.4e6]],
])("from %s", (_, count, sizes) => {
	const study = (seed: number) =>
		sizes.flatMap((parameters, s) =>
			[1e7, 1e8, 1e9].flatMap((tokens, t) =>
				run(`${s} ${t}`, parameters, tokens, count, randomKey(seed, "next", s, t)),
			),
		);
	const widthOf = (points: readonly Point[]) => {
		const fit = fitMethod3(points);
		const { low, high } = withIntervals(METHOD_3, points, fit, options).fit;
		return { fit, width: high! - low! };
	};

	test("the width that the table predicts is the width that comes, within 25 %, in 50 studies", () => {
		const ratios = Array.from({ length: 50 }, (_, seed) => {
			const points = study(seed);
			const { fit, width } = widthOf(points);
			const [best] = suggestNextRun(METHOD_3, points, estimatesOf(fit)).sort((p, q) => q.narrowing - p.narrowing);
			const more = run("next", best!.parameters, best!.tokens, count, randomKey(seed, "added"));
			return widthOf([...points, ...more]).width / (width * (1 - best!.narrowing));
		}).sort((p, q) => p - q);
		expect(ratios[0]!).toBeGreaterThan(0.75);
		expect(ratios.at(-1)!).toBeLessThan(1.25);
	});
});
