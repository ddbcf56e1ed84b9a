import { mean } from "../../maths/least-squares.ts";
import { studentQuantile } from "../../maths/student.ts";
import type { Interval } from "./cells.ts";

/**
 * A statistic of clusters of measurements, with the interval of the delete-one jackknife (Tukey 1958): with θ₍ᵢ₎ the
 * statistic without cluster i,
 *
 *     θ ± t(n − 1) · √( (n − 1)/n · Σ (θ₍ᵢ₎ − mean)² )
 *
 * Measurements within a cluster may depend on each other, as the lengths of one run do. Null where the clusters do not
 * determine the statistic; without ends for fewer than three clusters, or if one of them is needed to determine it.
 */
export function jackknife<Cluster>(
	clusters: readonly Cluster[],
	statistic: (clusters: readonly Cluster[]) => number | null,
	level: number,
): Interval | null {
	const estimate = statistic(clusters);
	if (estimate === null) return null;
	const n = clusters.length;
	const without = clusters
		.map((_, i) => statistic(clusters.filter((_, j) => j !== i)))
		.filter((value) => value !== null);
	if (n < 3 || without.length < n) return { estimate, low: null, high: null };
	const middle = mean(without);
	const squares = without.reduce((sum, value) => sum + (value - middle) ** 2, 0);
	const reach = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt(((n - 1) / n) * squares);
	return { estimate, low: estimate - reach, high: estimate + reach };
}
