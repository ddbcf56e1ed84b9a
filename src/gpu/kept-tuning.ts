import type { Gpu } from "./device.ts";
import { type Tuning, type TuningProblem, tune, tuningVersion } from "./tuning.ts";

/** Where tunings are kept from one session to the next, by adapter. What `load` gives may be anything. */
export interface TuningStore {
	load(adapter: string): Promise<unknown>;
	save(tuning: Tuning): Promise<void>;
	/** Forgets an adapter's tuning, if there is one. */
	remove(adapter: string): Promise<void>;
}

/** The adapter's kept tuning, or a new one, which is then kept: also when the kept one is of other variants, or `anew`. */
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

/** What a store holds for an adapter, where it is of the variants that there are now. */
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
