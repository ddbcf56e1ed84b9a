import type { Point } from "../../src/analysis/points/point.ts";
import { tableRows } from "./tables.ts";

/** Epoch's points, read off Hoffmann et al.'s figure, with D = C/(6N). The 240 leave out the five highest losses. */
export function epochPoints(count: 240 | 245): Point[] {
	const points = tableRows("epoch_chinchilla_points.csv").map(({ N, C, loss }, i) => ({
		run: `row ${i}`,
		parameters: Number(N),
		tokens: Number(C) / (6 * Number(N)),
		flops: Number(C),
		loss: Number(loss),
	}));
	const fifth = points.map(({ loss }) => loss).sort((a, b) => b - a)[4]!;
	return count === 245 ? points : points.filter(({ loss }) => loss < fifth);
}
