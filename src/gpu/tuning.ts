import type { Gpu } from "./device.ts";
import { Memory, readTensor } from "./memory.ts";
import { type DispatchSpec, Program } from "./program.ts";
import type { ShaderFile } from "./shader.ts";
import type { Tensor } from "./tensor.ts";
import { timeProgram } from "./timing.ts";
import { type Operation, type Variants, worthMeasuring } from "./variants.ts";

/** The problem on which one operation's variants are compared. */
export interface TuningProblem {
	operation: Operation<unknown>;
	/** The operation's shaders; a change invalidates earlier measurements. */
	shaders: readonly ShaderFile[];
	/**
	 * Allocates and fills the tensors. Returns a function from a choice of variants to dispatches with their `flops`, and the
	 * tensors that these write. The choice holds one variant of this operation and those chosen for earlier problems.
	 */
	prepare(device: GPUDevice, memory: Memory): { dispatches(choice: Variants): DispatchSpec[]; results: Tensor[] };
}

/** One variant's time, or why it was rejected. */
export interface Trial {
	operation: string;
	variant: string;
	milliseconds?: number;
	rejected?: string;
}

/** The variants chosen for one adapter, and the measurements behind the choice. Plain data. */
export interface Tuning {
	/** The adapter's name. */
	adapter: string;
	/** A hash of the operations, their variants and their shaders; if it differs, they are measured again. */
	version: string;
	variants: Variants;
	/** Speed of the slowest operation in its chosen variant. Unit: FLOP of model arithmetic per millisecond. */
	flopsPerMillisecond: number;
	trials: Trial[];
}

/** Format version of `Tuning`; stored tunings of another version are ignored. */
const FORM = 2;

/** Largest difference allowed between two variants' results, relative to the tensor's largest entry: rounding only. */
const TOLERANCE = 1e-4;

/** Rounds of measuring all variants in turn, so that other load affects them alike; fewer if a round takes long. */
const ROUNDS = 5;
const LONG_ROUNDS = 2;
const LONG = 40;

/** Target duration of one measurement in milliseconds: long enough to make the cost of a submit small. */
const MEASUREMENT = 4;

/** A variant other than the first is chosen if it takes at most this share of the first one's time. */
const CLEARLY_FASTER = 0.95;

/** A variant that took this many times as long as the best one so far is not measured again. */
const HOPELESS = 1.5;

/** Fills the results before each variant runs, so that unwritten entries are detected. */
const UNWRITTEN = 3e38;

interface Candidate {
	trial: Trial;
	program: Program;
}

/** One operation's trials, and the model arithmetic of each. */
interface Tried {
	trials: Trial[];
	/** FLOP */
	flops: number;
}

/**
 * Measures every operation's variants on the adapter. Rejects variants whose results differ from the first one's by more than
 * rounding, then times the others. Takes up to a few hundred milliseconds on a real GPU.
 *
 * @throws Error when no variant of an operation works
 */
export async function tune(gpu: Gpu, problems: readonly TuningProblem[]): Promise<Tuning> {
	const trials: Trial[] = [];
	const variants: Record<string, string> = {};
	let slowest = Number.POSITIVE_INFINITY;
	for (const problem of problems) {
		const tried = await tryVariants(gpu, problem, variants);
		trials.push(...tried.trials);
		const { variant, milliseconds } = fastest(tried.trials);
		variants[problem.operation.name] = variant;
		slowest = Math.min(slowest, tried.flops / milliseconds!);
	}
	const version = await tuningVersion(problems);
	return { adapter: gpu.name, version, variants, flopsPerMillisecond: slowest, trials };
}

/** The fastest trial that was not rejected; the first such trial unless another is clearly faster. */
function fastest(trials: Trial[]): Trial {
	const sound = trials.filter((trial) => trial.rejected === undefined);
	const first = sound[0];
	if (!first) throw new Error(`${trials[0]!.operation}: no variant works on this adapter: ${trials[0]!.rejected}`);
	return sound.reduce((best, trial) => {
		const limit = best === first ? CLEARLY_FASTER : 1;
		return trial.milliseconds! < limit * best.milliseconds! ? trial : best;
	}, first);
}

/** `chosen` holds the choices for earlier operations, on which this one may depend. */
async function tryVariants(
	{ device, subgroups, software }: Gpu,
	problem: TuningProblem,
	chosen: Variants,
): Promise<Tried> {
	const { name: operation } = problem.operation;
	const memory = new Memory(device);
	try {
		const { dispatches, results } = problem.prepare(device, memory);
		const trials: Trial[] = [];
		const candidates: Candidate[] = [];
		let expected: Float32Array[] | undefined;
		const build = async (variant: string) =>
			Program.build(device, memory, dispatches({ ...chosen, [operation]: variant }));
		// In parallel, so that the slow compilers of software adapters use all processors.
		const builds = worthMeasuring(problem.operation, subgroups, software).map((variant) => ({
			variant,
			built: build(variant),
		}));
		for (const { built } of builds) built.catch(() => {});
		for (const { variant, built } of builds) {
			try {
				const program = await built;
				const actual = await resultsOf(device, program, results);
				check(results, actual, expected ?? actual);
				expected ??= actual;
				const trial: Trial = { operation, variant, milliseconds: Infinity };
				trials.push(trial);
				candidates.push({ trial, program });
			} catch (reason) {
				trials.push({ operation, variant, rejected: (reason as Error).message });
			}
		}
		if (candidates.length > 0) await time(device, candidates);
		const flops = candidates[0]?.program.describe().reduce((sum, each) => sum + each.flops, 0) ?? 0;
		return { trials, flops };
	} finally {
		memory.destroy();
	}
}

async function resultsOf(device: GPUDevice, program: Program, results: Tensor[]): Promise<Float32Array[]> {
	for (const { buffer, offset } of results)
		device.queue.writeBuffer(buffer, offset, new Float32Array((buffer.size - offset) / 4).fill(UNWRITTEN));
	await timeProgram(device, program, 1);
	return Promise.all(results.map((tensor) => readTensor(device, tensor)));
}

/** @throws Error when results differ from the expected ones by more than rounding */
function check(results: Tensor[], actual: Float32Array[], expected: Float32Array[]): void {
	for (const [i, { name }] of results.entries()) {
		const largest = expected[i]!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
		if (largest === 0 || largest >= UNWRITTEN) throw new Error(`${name} was not written`);
		// Written so that NaN counts as wrong.
		const wrong = actual[i]!.findIndex((value, at) => !(Math.abs(value - expected[i]![at]!) <= TOLERANCE * largest));
		if (wrong >= 0)
			throw new Error(`${name}[${wrong}] is ${actual[i]![wrong]}, the first variant's is ${expected[i]![wrong]}`);
	}
}

async function time(device: GPUDevice, candidates: Candidate[]): Promise<void> {
	const once = await timeProgram(device, candidates[0]!.program, 1);
	const warm = await timeProgram(device, candidates[0]!.program, Math.max(1, Math.floor(MEASUREMENT / once)));
	const times = Math.max(1, Math.min(1000, Math.floor(MEASUREMENT / warm)));
	const rounds = warm > LONG ? LONG_ROUNDS : ROUNDS;
	let racing = candidates;
	for (let round = 0; round < rounds; round++) {
		for (const { trial, program } of racing)
			trial.milliseconds = Math.min(trial.milliseconds!, await timeProgram(device, program, times));
		const best = Math.min(...racing.map(({ trial }) => trial.milliseconds!));
		racing = racing.filter(({ trial }) => trial.milliseconds! < HOPELESS * best);
		if (racing.length < 2) return;
	}
}

/** A hash of operations, variants, shaders and the format of a tuning. */
export async function tuningVersion(problems: readonly TuningProblem[]): Promise<string> {
	const text = JSON.stringify([FORM, problems.map(({ operation, shaders }) => [operation, shaders])]);
	const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return Array.from(new Uint8Array(hash).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
