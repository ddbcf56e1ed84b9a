import type { Gpu } from "./device.ts";
import type { TuningProblem } from "./trials.ts";
import { isComplete, type TuneOptions, type Tuning, tune, tuningVersion, untuned } from "./tuning.ts";

/** Stores tunings between sessions, by adapter. `load` returns unchecked data. */
export interface TuningStore {
	load(adapter: string): Promise<unknown>;
	save(tuning: Tuning): Promise<void>;
	/** Removes an adapter's tuning, if any, and those of its classes. */
	remove(adapter: string): Promise<void>;
}

/** The name under which a tuning for a class of shapes is stored, as if for an adapter of its own. */
export const classKey = (adapter: string, name: string) => `${adapter} for ${name}`;

/** The name of the file for a tuning. */
export const tuningFile = (key: string) => `${plain(key)}.json`;

/** Whether a file is that of an adapter's tuning, or of one for a class of shapes on it. */
export function isTuningOf(file: string, adapter: string): boolean {
	return file === tuningFile(adapter) || file.startsWith(plain(classKey(adapter, "")));
}

const plain = (key: string) => key.replaceAll(/[^\w.-]+/g, "-");

/**
 * The time that measuring may take on a GPU, in milliseconds: before a study trains, and where it was asked for. A processor
 * takes what it needs, mostly for compiling.
 */
const LIMIT = 2_000;
const LIMIT_ASKED = 10_000;

export interface TunedOptions extends Pick<TuneOptions, "progress"> {
	/** Measures everything again, except variants that hung; see `remove` of the store. */
	anew?: boolean;
	/** Called before anything is measured. */
	measuring?: () => void;
	/** The time that measuring may take on a GPU, in milliseconds; by default two seconds, or ten with `anew`. */
	limit?: number;
}

/**
 * The adapter's stored tuning. What of it is missing or out of date, or with `anew` all of it, is measured and stored, operation
 * by operation. Operations for which a GPU's time was not enough use their first variants and are measured the next time.
 *
 * @throws Error when no variant of an operation works, or the device is lost; the variant that lost it is not tried again
 */
export async function tunedFrom(
	store: TuningStore,
	gpu: Gpu,
	problems: readonly TuningProblem[],
	{
		anew = false,
		measuring = () => {},
		progress = () => {},
		limit: given = anew ? LIMIT_ASKED : LIMIT,
	}: TunedOptions = {},
): Promise<Tuning> {
	const kept = await loaded(store, gpu.name, problems);
	if (kept && !anew && isComplete(kept, problems)) return kept;
	measuring();
	const begun = kept ?? (await untuned(gpu, problems));
	const from = anew ? await afresh(gpu, problems, begun) : begun;
	if (anew) {
		await store.remove(gpu.name);
		await store.save(from);
	}
	const limit = gpu.software ? Number.POSITIVE_INFINITY : given;
	// A call on a lost device may never return.
	const lost = gpu.lost.then((reason): never => {
		throw new Error(reason);
	});
	lost.catch(() => {});
	const keep = (tuning: Tuning) => store.save(tuning);
	return Promise.race([tune(gpu, problems, { from, keep, progress, limit }), lost]);
}

/** A tuning before anything is measured, but with what is known of variants that may hang. */
async function afresh(gpu: Gpu, problems: readonly TuningProblem[], { trials, trying }: Tuning): Promise<Tuning> {
	const hung = trials.filter((trial) => trial.hung);
	return { ...(await untuned(gpu, problems)), trials: hung, ...(trying && { trying }) };
}

/** An adapter's stored tuning, if it is well formed and up to date, and anything was measured. */
export async function keptTuning(
	store: TuningStore,
	adapter: string,
	problems: readonly TuningProblem[],
): Promise<Tuning | undefined> {
	const kept = await loaded(store, adapter, problems);
	return kept && Object.keys(kept.variants).length > 0 ? kept : undefined;
}

/** The same, even if nothing was measured. A variant that was being tried alone and never ended is rejected. */
async function loaded(
	store: TuningStore,
	adapter: string,
	problems: readonly TuningProblem[],
): Promise<Tuning | undefined> {
	const kept = (await store.load(adapter)) as Partial<Tuning> | null | undefined;
	if (kept?.adapter !== adapter || kept.version !== (await tuningVersion(problems))) return undefined;
	const { variants, trials, trying } = kept;
	if (typeof variants !== "object" || !variants || !Array.isArray(trials)) return undefined;
	if (!trials.every((trial) => typeof trial?.variant === "string")) return undefined;
	const operations = problems.map(({ operation }) => operation);
	const isKnown = ([name, variant]: [string, string]) =>
		operations.some((operation) => operation.name === name && variant in operation.variants);
	if (!Object.entries(variants).every(isKnown)) return undefined;
	// JSON has no Infinity, which it is before anything is measured.
	const speed = kept.flopsPerMillisecond ?? Number.POSITIVE_INFINITY;
	if (!(speed > 0) || (Object.keys(variants).length > 0 && !Number.isFinite(speed))) return undefined;
	const tuning = { ...(kept as Tuning), flopsPerMillisecond: speed };
	if (trying?.variants?.length !== 1) return tuning;
	const { trying: _, ...rest } = tuning;
	const [variant] = trying.variants;
	const hang = { operation: trying.operation, variant: variant!, rejected: HUNG, hung: true as const };
	return { ...rest, trials: [...trials, hang] };
}

const HUNG = "trying it never came to an end: the GPU was lost, or the program ended";
