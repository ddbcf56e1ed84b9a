import { parameterCounts } from "../architecture/size.ts";
import { workingSet } from "../architecture/working-set.ts";
import { groupBy } from "../maths/group-by.ts";
import { canonicalJson } from "../run/canonical-json.ts";
import { optimizerMemory } from "../run/choices.ts";
import type { PlannedRun } from "../run/events.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { runFlops } from "./cost.ts";

/** Most runs in one pack. */
export const MAX_PACK_RUNS = 16;
/** WebGPU's default limit for one storage binding. */
export const MAX_BINDING_BYTES = 128 * 1024 * 1024;
/** Most GPU memory for one pack: an integrated GPU can hold it. */
const MAX_PACK_BYTES = 1024 * 1024 * 1024;

const keys = new WeakMap<RunSpec, string>();

/**
 * Runs with the same key have the same shape and may train together. They may differ in seed, corpus, schedule and
 * optimizer settings.
 */
export function packKey(spec: RunSpec): string {
	let key = keys.get(spec);
	if (key === undefined) {
		const { model, batchSequences, microBatchSequences, steps, optimizer } = spec;
		const { validationSequences, validationEvery, evaluations, ema, storage } = spec;
		key = canonicalJson({
			...{ model, batchSequences, microBatchSequences, steps, optimizer: optimizer.kind },
			...{ validationSequences, validationEvery, evaluations, ema: ema !== undefined, storage },
		});
		keys.set(spec, key);
	}
	return key;
}

/** How many runs like this one fit into memory together, if one binding may have so many bytes; at least 1. */
export function fittingRuns(
	{ model, microBatchSequences, storage, optimizer }: RunSpec,
	bindingBytes = MAX_BINDING_BYTES,
): number {
	const options = { microBatchSequences, storage, ...optimizerMemory(optimizer.kind) };
	const { bytes, largestBinding } = workingSet(model, options);
	return Math.max(1, Math.floor(Math.min(bindingBytes / largestBinding, MAX_PACK_BYTES / bytes)));
}

/**
 * Groups runs into packs. Small models and short runs come first, so that results appear early; branches come after
 * the other runs of their size, and after those that they branch off.
 *
 * @param most runs in a pack; default `MAX_PACK_RUNS`, or fewer where those do not fit
 */
export function packRuns(runs: readonly PlannedRun[], most?: number): PlannedRun[][] {
	const depths = branchDepths(runs);
	const depthOf = ({ id }: PlannedRun) => depths.get(id)!;
	const groups = groupBy(runs, (run) => `${packKey(run.spec)} from step ${run.branch?.step ?? 0}, ${depthOf(run)}`);
	const packs = [...groups.values()].flatMap((group) => {
		const limit = most ?? Math.min(MAX_PACK_RUNS, fittingRuns(group[0]!.spec));
		// Packs of even size: 17 runs become 9 + 8, not 16 + 1.
		const size = Math.ceil(group.length / Math.ceil(group.length / limit));
		return Array.from({ length: Math.ceil(group.length / size) }, (_, i) => group.slice(i * size, (i + 1) * size));
	});
	const parameters = (pack: PlannedRun[]) => parameterCounts(pack[0]!.spec.model).total;
	const flops = (pack: PlannedRun[]) => runFlops(pack[0]!.spec);
	const depth = (pack: PlannedRun[]) => depthOf(pack[0]!);
	return packs.sort((a, b) => parameters(a) - parameters(b) || depth(a) - depth(b) || flops(a) - flops(b));
}

/** How many branches lie between each run and step 0, as far as the runs that they leave are among these. */
function branchDepths(runs: readonly PlannedRun[]): ReadonlyMap<string, number> {
	const byId = new Map(runs.map((run) => [run.id, run]));
	const depthOf = ({ branch }: PlannedRun): number => {
		const parent = branch && byId.get(branch.parent);
		return branch ? 1 + (parent ? depthOf(parent) : 0) : 0;
	};
	return new Map(runs.map((run) => [run.id, depthOf(run)]));
}
