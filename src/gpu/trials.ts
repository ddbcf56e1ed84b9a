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
	/** Whether it was rejected because the device or the program ended while it was tried. */
	hung?: true;
}

/** One operation's trials, and the model arithmetic of each. */
interface Tried {
	trials: Trial[];
	/** FLOP */
	flops: number;
}

interface TryOptions {
	/** The choices for earlier operations, on which this one may depend. */
	chosen: Variants;
	/** Rejected trials from before: these variants are not tried again. */
	known: readonly Trial[];
	/** Compiles a variant only when it is its turn, because compiling one of them may end everything. */
	oneByOne: boolean;
	/** When the measurements should be over, and when nothing more is waited for, by `performance.now()`. */
	until: number;
	end: number;
	/** Called before variants are compiled or run, with what is rejected so far. */
	trying(variants: readonly string[], rejected: readonly Trial[]): Promise<void>;
}

/** How measurements are made. */
interface Method {
	/** Target duration of one, in milliseconds. */
	milliseconds: number;
	/** Rounds of measuring all variants in turn, so that other load affects them alike. */
	rounds: number;
}

/** Long enough to make the cost of a submit small, and where rounds take long there are fewer. */
const SOFTWARE: Method = { milliseconds: 4, rounds: 5 };
const LONG_ROUNDS = 2;
const LONG = 40;

/** A hundred times the resolution of timestamps in browsers; without them, many times the wait for the end of a submit. */
const STAMPED: Method = { milliseconds: 10, rounds: 3 };
const CLOCKED: Method = { milliseconds: 40, rounds: 3 };

/** The most replays in one measurement: encoding them takes as long again, and more. */
const MOST_REPLAYS = 4000;

/** Largest difference allowed between two variants' results, relative to the tensor's largest entry: rounding only. */
const TOLERANCE = 1e-4;

/** A variant other than the first is chosen if it takes at most this share of the first one's time. */
const CLEARLY_FASTER = 0.95;

/** A variant that took this many times as long as the best one so far is not measured again. */
const HOPELESS = 1.5;

/** Fills the results before each variant runs, so that unwritten entries are detected. */
const UNWRITTEN = 3e38;

interface Candidate {
	trial: Trial;
	program: Program;
	/** Replays in one measurement. */
	replays: number;
}

/** The fastest trial that was not rejected; the first such trial unless another is clearly faster. */
export function fastest(trials: readonly Trial[]): Trial {
	const sound = trials.filter((trial) => trial.rejected === undefined);
	const first = sound[0];
	if (!first) throw new Error(`${trials[0]!.operation}: no variant works on this adapter: ${trials[0]!.rejected}`);
	return sound.reduce((best, trial) => {
		const limit = best === first ? CLEARLY_FASTER : 1;
		return trial.milliseconds! < limit * best.milliseconds! ? trial : best;
	}, first);
}

/** Tries the variants of one operation that are worth it: whether their results agree, and how long they take. */
export async function tryVariants(gpu: Gpu, problem: TuningProblem, options: TryOptions): Promise<Tried> {
	const { device, subgroups, software } = gpu;
	const { chosen, known, oneByOne, until, end, trying } = options;
	const { name: operation } = problem.operation;
	const memory = new Memory(device);
	try {
		const { dispatches, results } = problem.prepare(device, memory);
		const trials: Trial[] = [];
		const candidates: Candidate[] = [];
		let expected: Float32Array[] | undefined;
		const rejected = () => [...known, ...trials.filter((trial) => trial.rejected !== undefined)];
		const names = worthMeasuring(problem.operation, subgroups, software);
		const build = (variant: string) => Program.build(device, memory, dispatches({ ...chosen, [operation]: variant }));
		const untried = names.filter((name) => known.every(({ variant }) => variant !== name));
		const builds = new Map<string, Promise<Program>>();
		if (!oneByOne) {
			await trying(untried, rejected());
			// In parallel, so that slow compilers use all processors.
			for (const variant of untried) builds.set(variant, build(variant));
			for (const built of builds.values()) built.catch(() => {});
		}
		for (const variant of names) {
			const before = known.find((trial) => trial.variant === variant);
			if (before) {
				trials.push(before);
				continue;
			}
			try {
				if (oneByOne) await trying([variant], rejected());
				const built = builds.get(variant) ?? build(variant);
				const program = await (candidates.length > 0 ? inTime(built, end) : built);
				if (!oneByOne) await trying([variant], rejected());
				const actual = await resultsOf(device, program, results);
				check(results, actual, expected ?? actual);
				expected ??= actual;
				const trial: Trial = { operation, variant, milliseconds: Infinity };
				trials.push(trial);
				candidates.push({ trial, program, replays: 1 });
			} catch (reason) {
				// It stays known as the one that was tried.
				if (await isLost(gpu)) throw reason;
				trials.push({ operation, variant, rejected: (reason as Error).message });
			}
		}
		await time(device, candidates, methodFor(gpu), until);
		const flops = candidates[0]?.program.describe().reduce((sum, each) => sum + each.flops, 0) ?? 0;
		return { trials, flops };
	} finally {
		memory.destroy();
	}
}

/** The time after a failure within which the loss of a device is known, in milliseconds. */
const LOSS_KNOWN = 100;

/** Whether a failure is one of the whole device. */
export function isLost({ lost }: Gpu): Promise<boolean> {
	const soon = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), LOSS_KNOWN));
	return Promise.race([lost.then(() => true), soon]);
}

/** @throws Error when a variant is not compiled by `end` */
async function inTime(built: Promise<Program>, end: number): Promise<Program> {
	if (end === Number.POSITIVE_INFINITY) return built;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const late = new Promise<never>((_, reject) => {
		const fail = () => reject(new Error("it was not compiled within the time for measuring"));
		timer = setTimeout(fail, Math.max(0, end - performance.now()));
	});
	return Promise.race([built, late]).finally(() => clearTimeout(timer));
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

function methodFor({ device, software }: Gpu): Method {
	if (software) return SOFTWARE;
	return device.features.has("timestamp-query") ? STAMPED : CLOCKED;
}

/** Measures candidates in turn, at least once each, and no further round after `until`. */
async function time(device: GPUDevice, candidates: Candidate[], method: Method, until: number): Promise<void> {
	for (const candidate of candidates) candidate.replays = await replaysFor(device, candidate.program, method);
	let racing = candidates;
	for (let round = 0, rounds = method.rounds; round < rounds && racing.length > 0; round++) {
		for (const { trial, program, replays } of racing)
			trial.milliseconds = Math.min(trial.milliseconds!, await timeProgram(device, program, replays));
		const best = Math.min(...racing.map(({ trial }) => trial.milliseconds!));
		racing = racing.filter(({ trial }) => trial.milliseconds! < HOPELESS * best);
		if (best > LONG) rounds = LONG_ROUNDS;
		if (racing.length < 2 || performance.now() >= until) return;
	}
}

/** Replays that together take about the duration of a measurement, at least half of it. */
async function replaysFor(device: GPUDevice, program: Program, { milliseconds }: Method): Promise<number> {
	for (let replays = 1; ; ) {
		const each = await timeProgram(device, program, replays);
		if (replays * each >= milliseconds / 2 || replays === MOST_REPLAYS) return replays;
		replays = Math.min(MOST_REPLAYS, Math.max(2 * replays, Math.floor(milliseconds / each)));
	}
}
