/** The total cost of the first 0, 1, 2, … launches, in any unit. */
export type CumulativeCosts = readonly number[];

/** The total cost of all launches of unknown cost, as a share of the total of the others. */
const REST = 0.1;

/**
 * Costs of launches, in proportion to their model arithmetic or to the arithmetic that would take as long. Launches of unknown
 * cost (norms, embeddings) together count a tenth of the others.
 *
 * @param flops FLOP of each launch, 0 if unknown; at least one is not 0
 * @param whole the total cost of all launches
 */
export function cumulativeCosts(flops: readonly number[], whole: number): CumulativeCosts {
	const known = flops.reduce((sum, each) => sum + each, 0);
	const rest = (REST * known) / flops.filter((each) => each === 0).length;
	const sums = [0];
	for (const each of flops) sums.push(sums.at(-1)! + (each === 0 ? rest : each));
	return sums.map((sum) => (sum / sums.at(-1)!) * whole);
}

/**
 * The number of the first launch that does not fit into a submit. The submit already holds work of cost `held`, may hold up to
 * `most`, and continues with launch `from`. An empty submit takes at least one launch.
 */
export function endOfSubmit(costs: CumulativeCosts, from: number, held: number, most: number): number {
	let end = held > 0 ? from : from + 1;
	while (end < costs.length - 1 && held + costs[end + 1]! - costs[from]! <= most) end++;
	return end;
}
