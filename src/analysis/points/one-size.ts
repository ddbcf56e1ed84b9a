import { geometricMean } from "../../maths/least-squares.ts";

/** Sizes within this factor count as one: they may be read off a plot, or differ in tied and untied embeddings. */
const ONE_SIZE = 1.01;

/** What was measured at one model size. */
export interface SizeGroup<Item> {
	/** N: the geometric mean of the members'. */
	parameters: number;
	members: Item[];
}

/** Groups by model size, ascending. A group spans at most 1 % in N. */
export function groupBySize<Item>(items: readonly Item[], parametersOf: (item: Item) => number): SizeGroup<Item>[] {
	const groups: Item[][] = [];
	let smallest = 0;
	for (const item of [...items].sort((p, q) => parametersOf(p) - parametersOf(q))) {
		if (groups.length > 0 && parametersOf(item) <= smallest * ONE_SIZE) groups.at(-1)!.push(item);
		else {
			groups.push([item]);
			smallest = parametersOf(item);
		}
	}
	return groups.map((members) => ({ parameters: geometricMean(members.map(parametersOf)), members }));
}

/** A sentence on the groups whose members differ in N; null where none do. `what` is how it calls them. */
export function mergedSizesNote<Item>(
	groups: readonly SizeGroup<Item>[],
	parametersOf: (item: Item) => number,
	what = "Sizes",
): string | null {
	const merged = groups.flatMap(({ members }) => {
		const sizes = [...new Set(members.map(parametersOf))].sort((p, q) => p - q);
		return sizes.length > 1 ? [`N = ${sizes[0]!.toPrecision(4)} to ${sizes.at(-1)!.toPrecision(4)}`] : [];
	});
	return merged.length > 0 ? `${what} within 1 % count as one: ${listed(merged)}.` : null;
}

/** Entries that a sentence lists before it counts. */
const LISTED = 6;

/** The first entries, and how many more there are. */
export function listed(entries: readonly string[]): string {
	const more = entries.length - LISTED;
	return entries.slice(0, LISTED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}
