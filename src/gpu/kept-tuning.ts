import type { Gpu } from "./device.ts";
import { type Tuning, type TuningProblem, tune, tuningVersion } from "./tuning.ts";

/** Stores tunings between sessions, by adapter. `load` returns unchecked data. */
export interface TuningStore {
	load(adapter: string): Promise<unknown>;
	save(tuning: Tuning): Promise<void>;
	/** Removes an adapter's tuning, if any. */
	remove(adapter: string): Promise<void>;
}

/** The adapter's stored tuning. If none is stored, it is out of date, or `anew` is set, measures and stores a new one. */
export async function tunedFrom(
	store: TuningStore,
	gpu: Gpu,
	problems: readonly TuningProblem[],
	{ anew = false, measuring = () => {} }: { anew?: boolean; measuring?: () => void } = {},
): Promise<Tuning> {
	const kept = anew ? undefined : await keptTuning(store, gpu.name, problems);
	if (kept) return kept;
	measuring();
	const tuning = await tune(gpu, problems);
	await store.save(tuning);
	return tuning;
}

/** An adapter's stored tuning, if it is well formed and up to date. */
export async function keptTuning(
	store: TuningStore,
	adapter: string,
	problems: readonly TuningProblem[],
): Promise<Tuning | undefined> {
	const kept = (await store.load(adapter)) as Partial<Tuning> | null | undefined;
	if (kept?.adapter !== adapter || kept.version !== (await tuningVersion(problems))) return undefined;
	const known = problems.every(({ operation: { name, variants } }) => (kept.variants?.[name] ?? "") in variants);
	const measured = Number.isFinite(kept.flopsPerMillisecond) && kept.flopsPerMillisecond! > 0;
	return known && measured && Array.isArray(kept.trials) ? (kept as Tuning) : undefined;
}
