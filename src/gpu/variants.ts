import { requiredSize, type SubgroupSizes } from "./subgroups.ts";

/**
 * The variant of each operation, by name: `{ "linear.forward": "8x2, 32 lanes" }`. Plain data. Variants differ in rounding, so
 * a run's record stores its variants, and a resumed run uses the same ones. Operations that are not named use their first
 * variant.
 */
export type Variants = Readonly<Record<string, string>>;

/** An operation with several implementations; `V` describes one of them to the code that sets up its kernel and grid. */
export interface Operation<V> {
	/** "linear.forward" */
	name: string;
	/** By name; the first is the default. */
	variants: Readonly<Record<string, V>>;
}

/**
 * The variant of `operation` named in `choice`, or the first.
 *
 * @throws RangeError when the operation has no variant of that name
 */
export function variantOf<V>({ name, variants }: Operation<V>, choice: Variants): V {
	const chosen = choice[name] ?? Object.keys(variants)[0]!;
	const variant = variants[chosen];
	if (!variant)
		throw new RangeError(`${name}: has no variant "${chosen}"; there are "${Object.keys(variants).join('", "')}"`);
	return variant;
}

/** The smallest subgroup that a variant is right for, as it is for all larger ones; 0 if it uses none. */
export function subgroupOf(variant: unknown): number {
	return (variant as { subgroup?: number }).subgroup ?? 0;
}

/** Names of the variants that are right on an adapter: for every size that it may choose, or for one that they can ask for. */
export function runnable({ variants }: Operation<unknown>, sizes: SubgroupSizes): string[] {
	return Object.keys(variants).filter((name) => {
		const least = subgroupOf(variants[name]);
		return least <= sizes.min || requiredSize(sizes, least) !== undefined;
	});
}

/** Whether a variant is for real GPUs only, because it is slow to run and to compile on software adapters. */
function isForGpus(variant: unknown): boolean {
	return (variant as { forGpus?: boolean }).forGpus ?? false;
}

/**
 * The runnable variants that are worth measuring. Of those for subgroups that the adapter's smallest are large enough for,
 * these are the ones for the largest: the others would use fewer of its invocations. On a `software` adapter, none is for real
 * GPUs only.
 */
export function worthMeasuring(operation: Operation<unknown>, sizes: SubgroupSizes, software = false): string[] {
	const names = runnable(operation, sizes).filter((name) => !(software && isForGpus(operation.variants[name])));
	const leastOf = (name: string) => subgroupOf(operation.variants[name]);
	const fitting = Math.max(...names.map(leastOf).filter((least) => least <= sizes.min));
	return names.filter((name) => leastOf(name) === 0 || leastOf(name) >= fitting);
}

/**
 * Checks that a choice names only known operations and variants.
 *
 * @throws RangeError naming an unknown operation or variant
 */
export function checkVariants(choice: Variants, operations: readonly Operation<unknown>[]): void {
	for (const name of Object.keys(choice)) {
		const operation = operations.find((candidate) => candidate.name === name);
		if (!operation) {
			const names = operations.map((known) => known.name).join('", "');
			throw new RangeError(`"${name}" is not an operation with variants; there are "${names}"`);
		}
		variantOf(operation, choice);
	}
}
