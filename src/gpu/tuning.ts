import { probeCompletions } from "./completions.ts";
import type { Gpu } from "./device.ts";
import { fastest, type Trial, type TuningProblem, tryVariants } from "./trials.ts";
import type { Variants } from "./variants.ts";

/** The variants chosen for one adapter, and the measurements behind the choice. Plain data. */
export interface Tuning {
	/** The adapter's name. */
	adapter: string;
	/** A hash of the operations, their variants and their shaders; if it differs, they are measured again. */
	version: string;
	/** Of the operations measured so far. */
	variants: Variants;
	/** Speed of the slowest of them in its chosen variant. Unit: FLOP of model arithmetic per millisecond. */
	flopsPerMillisecond: number;
	trials: Trial[];
	/** What is being tried. If it is still here when a tuning is loaded, that never came to an end. */
	trying?: Trying;
}

/** Variants of an operation that are being compiled, or the one that runs. */
export interface Trying {
	operation: string;
	variants: readonly string[];
}

export interface TuneOptions {
	/** What was measured before and counts on; by default nothing. `trying` names variants among which one ended everything. */
	from?: Tuning;
	/** Keeps what is known: after every operation and, on a GPU, before every variant is tried, which may end everything. */
	keep?: (tuning: Tuning) => Promise<void>;
	/** The number of operations measured, of how many. */
	progress?: (done: number, total: number) => void;
	/** The time that all of it may take, in milliseconds; at least one operation is measured. By default unlimited. */
	limit?: number;
}

/** Format version of `Tuning`; stored tunings of another version are ignored. */
const FORM = 3;

/** A tuning before anything is measured. */
export async function untuned(gpu: Pick<Gpu, "name">, problems: readonly TuningProblem[]): Promise<Tuning> {
	const version = await tuningVersion(problems);
	return { adapter: gpu.name, version, variants: {}, flopsPerMillisecond: Number.POSITIVE_INFINITY, trials: [] };
}

/** Whether every operation is measured. */
export function isComplete({ variants }: Tuning, problems: readonly TuningProblem[]): boolean {
	return problems.every(({ operation }) => operation.name in variants);
}

/**
 * Measures every operation's variants on the adapter. Rejects variants whose results differ from the first one's by more than
 * rounding, then times the others. Operations for which there is no time are left out.
 *
 * @throws Error when no variant of an operation works
 */
export async function tune(
	gpu: Gpu,
	problems: readonly TuningProblem[],
	{ from, keep = async () => {}, progress = () => {}, limit = Number.POSITIVE_INFINITY }: TuneOptions = {},
): Promise<Tuning> {
	const { trying: suspects, ...begun } = from ?? (await untuned(gpu, problems));
	const end = performance.now() + limit;
	if (!gpu.software) await probeCompletions(gpu.device);
	let tuning: Tuning = begun;
	for (const [i, problem] of problems.entries()) {
		progress(i, problems.length);
		const { name } = problem.operation;
		if (name in tuning.variants) continue;
		const left = end - performance.now();
		if (left <= 0 && Object.keys(tuning.variants).length > 0) return tuning;
		const { variants } = tuning;
		// Trials of an operation that is not measured are of variants that are not to be tried again.
		const known = tuning.trials.filter(({ operation }) => operation === name);
		const others = tuning.trials.filter(({ operation }) => operation !== name);
		const tried = await tryVariants(gpu, problem, {
			chosen: variants,
			known,
			oneByOne: suspects?.operation === name,
			until: performance.now() + left / (problems.length - i),
			end,
			trying: async (names, rejected) => {
				// A software adapter is waited for; and whoever interrupts that has not seen a variant fail.
				if (gpu.software) return;
				await keep({ ...tuning, trials: [...others, ...rejected], trying: { operation: name, variants: names } });
			},
		});
		if (tried.trials.every(({ rejected }) => rejected !== undefined))
			await keep({ ...tuning, trials: [...others, ...tried.trials] });
		const { variant, milliseconds } = fastest(tried.trials);
		tuning = {
			...tuning,
			variants: { ...variants, [name]: variant },
			flopsPerMillisecond: Math.min(tuning.flopsPerMillisecond, tried.flops / milliseconds!),
			trials: [...others, ...tried.trials],
		};
		await keep(tuning);
	}
	progress(problems.length, problems.length);
	return tuning;
}

/** A hash of operations, variants, shaders and the format of a tuning. */
export async function tuningVersion(problems: readonly TuningProblem[]): Promise<string> {
	const text = JSON.stringify([FORM, problems.map(({ operation, shaders }) => [operation, shaders])]);
	const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return Array.from(new Uint8Array(hash).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
