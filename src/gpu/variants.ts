/**
 * Which variant of each operation runs, by name: `{ "linear.forward": "8x2, 32 lanes" }`. Plain data. Variants round
 * differently, so this belongs to a run's record: whoever resumes a run hands the same choice to its kernels.
 * An operation that is not named runs its first variant.
 */
export type Variants = Readonly<Record<string, string>>;

/** An operation that is written in several ways; `V` is what its kernel and grid need to know of one of them. */
export interface Operation<V> {
	/** "linear.forward" */
	name: string;
	/** By name; the first serves where none was chosen. */
	variants: Readonly<Record<string, V>>;
}

/**
 * The variant of `operation` that `choice` names, else the first.
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

/** Invocations that a variant's subgroups have at least; 0 where it uses none. */
export function subgroupOf(variant: unknown): number {
	return (variant as { subgroup?: number }).subgroup ?? 0;
}

/** Names of the variants that an adapter can run whose subgroups have `subgroup` invocations or more; 0: it has none. */
export function runnable({ variants }: Operation<unknown>, subgroup: number): string[] {
	return Object.keys(variants).filter((name) => subgroupOf(variants[name]) <= subgroup);
}

/** Whether a variant is for GPUs, that is, of no use where a processor computes: it would only take long to compile. */
function isForGpus(variant: unknown): boolean {
	return (variant as { forGpus?: boolean }).forGpus ?? false;
}

/**
 * Of those, the ones worth measuring: of the variants that use subgroups, the ones that use the largest; on an adapter that
 * computes in `software`, none that is for GPUs.
 */
export function worthMeasuring(operation: Operation<unknown>, subgroup: number, software = false): string[] {
	const names = runnable(operation, subgroup).filter((name) => !(software && isForGpus(operation.variants[name])));
	const sizeOf = (name: string) => subgroupOf(operation.variants[name]);
	const largest = Math.max(...names.map(sizeOf));
	return names.filter((name) => sizeOf(name) === 0 || sizeOf(name) === largest);
}

/**
 * Whether a choice can be followed.
 *
 * @throws RangeError when it names an operation that is not among `operations`, or a variant that one does not have
 */
export function checkVariants(choice: Variants, operations: readonly Operation<unknown>[]): void {
	for (const name of Object.keys(choice)) {
		const operation = operations.find((candidate) => candidate.name === name);
		if (!operation) {
			const names = operations.map((known) => known.name).join('", "');
			throw new RangeError(`"${name}" is no operation with variants; there are "${names}"`);
		}
		variantOf(operation, choice);
	}
}
