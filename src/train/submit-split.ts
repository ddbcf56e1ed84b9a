/** What the first 0, 1, 2, … launches of something cost together. The unit is the reader's. */
export type CumulativeCosts = readonly number[];

/** What launches of no known cost take, as a share of what the others do. */
const REST = 0.1;

/**
 * CumulativeCosts of launches by their model arithmetic, or what takes as long as they do; those of which nothing is known (norms,
 * embeddings) share a tenth as much between them.
 *
 * @param flops of each launch, 0 where nothing is known, some of them more
 * @param whole what all of them cost together
 */
export function cumulativeCosts(flops: readonly number[], whole: number): CumulativeCosts {
	const known = flops.reduce((sum, each) => sum + each, 0);
	const rest = (REST * known) / flops.filter((each) => each === 0).length;
	const sums = [0];
	for (const each of flops) sums.push(sums.at(-1)! + (each === 0 ? rest : each));
	return sums.map((sum) => (sum / sums.at(-1)!) * whole);
}

/**
 * Number of the launch before which a submit ends that holds work of cost `held` and may hold `most`, if what comes next is
 * launch `from` and those after it. An empty submit takes one launch in any case.
 */
export function endOfSubmit(costs: CumulativeCosts, from: number, held: number, most: number): number {
	let end = held > 0 ? from : from + 1;
	while (end < costs.length - 1 && held + costs[end + 1]! - costs[from]! <= most) end++;
	return end;
}
