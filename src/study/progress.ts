import { modelFlopsPerToken } from "../architecture/flops.ts";
import type { PlannedRun, RunProgress, StudyEvent } from "../run/events.ts";
import type { LossCurve, RunResult } from "../run/run-result.ts";
import { addCosts, type Cost, dispatchesPerStep, measuredSpeed, secondsFor, tokensPerStep } from "./cost.ts";
import { packRuns } from "./packs.ts";

/** `stored`: finished before this session. */
type RunStatus = "waiting" | "training" | "finished" | "diverged" | "stopped" | "stored";

/** Progress of one run. */
export interface RunState extends PlannedRun {
	readonly status: RunStatus;
	/** Training steps done, of `spec.steps`. */
	readonly step: number;
	readonly curve: LossCurve;
	/** Set once the result is stored. */
	readonly result?: RunResult;
	/** Seconds since its pack began, pauses left out; absent where it went on from a checkpoint or trained before this session. */
	readonly seconds?: number;
}

/** Progress of a study. Immutable: parts that did not change keep their identity. */
export interface StudyProgress {
	readonly phase: "idle" | "planned" | "tokenizing" | "training" | "done";
	/** In plan order. */
	readonly runs: readonly RunState[];
	readonly tokenizing: { readonly corpus: string; readonly vocabulary: number; readonly share: number } | null;
	/** The pack in training: ids of its runs, and bytes of its GPU buffers. */
	readonly pack: { readonly ids: readonly string[]; readonly bytes: number } | null;
	/** Share of the study's model arithmetic done so far, 0…1. */
	readonly share: number;
	/** All runs of the current pack together, averaged over the last few seconds. */
	readonly tokensPerSecond: number;
	/** The corresponding model arithmetic, FLOP/s; see `modelFlopsPerToken`. */
	readonly flopsPerSecond: number;
	/** Null until enough has been measured; 0 when done. */
	readonly secondsLeft: number | null;
	/** Work done in this session, and the seconds it took, without pauses. */
	readonly trained: Cost & { readonly seconds: number };
}

export const initialProgress: StudyProgress = {
	phase: "idle",
	runs: [],
	tokenizing: null,
	pack: null,
	share: 0,
	tokensPerSecond: 0,
	flopsPerSecond: 0,
	secondsLeft: null,
	trained: { flops: 0, dispatches: 0, seconds: 0 },
};

/** The progress before anything trains: all runs, and what is stored of them. */
export function plannedProgress(planned: readonly PlannedRun[], stored: readonly RunResult[]): StudyProgress {
	const results = new Map(stored.map((result) => [result.id, result]));
	const runs = planned.map((run) => startingState(run, results.get(run.id)));
	return withTotals({ ...initialProgress, phase: "planned", runs });
}

/**
 * The progress after an event. Needs no clock: training time is an event's tokens divided by its tokens per second,
 * which leaves pauses out.
 */
export function reduceProgress(state: StudyProgress, event: StudyEvent): StudyProgress {
	switch (event.type) {
		case "planned":
			return plannedProgress(event.runs, event.stored);
		case "tokenizing": {
			const { corpus, vocabulary, done, total } = event;
			return { ...state, phase: "tokenizing", tokenizing: { corpus, vocabulary, share: total > 0 ? done / total : 1 } };
		}
		case "pack": {
			const ids = new Set(event.ids);
			const runs = state.runs.map((run) => (ids.has(run.id) ? restarted(run, event.from) : run));
			const pack = { ids: event.ids, bytes: event.bytes };
			return { ...state, phase: "training", tokenizing: null, pack, runs, ...STANDSTILL };
		}
		case "discarded":
			return state;
		case "recovered":
			return { ...state, ...STANDSTILL };
		case "progress": {
			const progress = new Map(event.runs.map((run) => [run.id, run]));
			const moved = state.runs.map((run) => advanced(run, progress.get(run.id)));
			const trained = addTrained(state, moved, event.tokensPerSecond);
			const seconds = trained.seconds - state.trained.seconds;
			const runs = moved.map((run) => (progress.has(run.id) ? timed(run, seconds) : run));
			const tokensPerSecond = smoothed(state, event.tokensPerSecond, seconds);
			const model = runs.find((run) => progress.has(run.id))?.spec.model;
			const flopsPerSecond = model ? tokensPerSecond * modelFlopsPerToken(model) : 0;
			return withTotals({ ...state, runs, trained, tokensPerSecond, flopsPerSecond });
		}
		case "finished": {
			const { result } = event;
			const runs = state.runs.map((run) => (run.id === result.id ? { ...run, ...ended(result), result } : run));
			return withTotals({ ...state, runs });
		}
		case "done":
			return { ...state, phase: "done", pack: null, tokenizing: null, share: 1, ...STANDSTILL, secondsLeft: 0 };
	}
}

const STANDSTILL = { tokensPerSecond: 0, flopsPerSecond: 0 };

/** The first steps include one-time work of the device, so estimates wait this long. */
const MIN_SECONDS = 2;
const SMOOTHING_SECONDS = 3;
const EMPTY_CURVE: LossCurve = { tokens: [], loss: [] };

function startingState(run: PlannedRun, stored: RunResult | undefined): RunState {
	if (!stored) return { ...run, status: "waiting", step: 0, curve: EMPTY_CURVE };
	const status = stored.status === "finished" ? "stored" : stored.status;
	return { ...run, ...ended(stored), status, result: stored };
}

function restarted(run: RunState, from: number | undefined): RunState {
	const { result: _, seconds: _seconds, ...planned } = run;
	const started = { ...planned, status: "training", step: 0, curve: EMPTY_CURVE } as const;
	return from === undefined ? { ...started, seconds: 0 } : started;
}

function timed(run: RunState, seconds: number): RunState {
	return run.seconds === undefined ? run : { ...run, seconds: run.seconds + seconds };
}

function advanced(run: RunState, progress: RunProgress | undefined): RunState {
	if (!progress) return run;
	const { points, step } = progress;
	if (points.length === 0) return { ...run, step };
	const curve = {
		tokens: [...run.curve.tokens, ...points.map((point) => point.tokens)],
		loss: [...run.curve.loss, ...points.map((point) => point.loss)],
	};
	return { ...run, step, curve };
}

function ended({ spec, status, curve }: RunResult): Pick<RunState, "status" | "step" | "curve"> {
	return { status, step: spec.steps, curve };
}

/** `state.trained` plus the steps since then. */
function addTrained(
	state: StudyProgress,
	runs: readonly RunState[],
	tokensPerSecond: number,
): StudyProgress["trained"] {
	let tokens = 0;
	let flops = 0;
	let dispatches = 0;
	for (const [i, run] of runs.entries()) {
		const steps = run.step - state.runs[i]!.step;
		tokens += steps * tokensPerStep(run.spec);
		flops += steps * tokensPerStep(run.spec) * modelFlopsPerToken(run.spec.model);
		// The runs of a pack share their dispatches.
		dispatches = Math.max(dispatches, steps * dispatchesPerStep(run.spec));
	}
	if (!(tokens > 0) || !(tokensPerSecond > 0)) return state.trained;
	const cost = addCosts([state.trained, { flops, dispatches }]);
	return { ...cost, seconds: state.trained.seconds + tokens / tokensPerSecond };
}

/** Exponential moving average, so that the displayed number is steady. */
function smoothed(state: StudyProgress, tokensPerSecond: number, seconds: number): number {
	if (state.tokensPerSecond === 0) return tokensPerSecond;
	const weight = 1 - Math.exp(-seconds / SMOOTHING_SECONDS);
	return state.tokensPerSecond + weight * (tokensPerSecond - state.tokensPerSecond);
}

function withTotals(state: StudyProgress): StudyProgress {
	const isEnded = (run: RunState) => run.result !== undefined;
	let done = 0;
	let all = 0;
	for (const run of state.runs) {
		const flopsPerStep = tokensPerStep(run.spec) * modelFlopsPerToken(run.spec.model);
		done += run.step * flopsPerStep;
		all += run.spec.steps * flopsPerStep;
	}
	const left = addCosts(packRuns(state.runs.filter((run) => !isEnded(run))).map(costLeft));
	const { seconds } = state.trained;
	const speed = seconds < MIN_SECONDS ? null : measuredSpeed(state.trained, seconds);
	const secondsLeft = state.runs.every(isEnded) ? 0 : speed && secondsFor(left, speed);
	return { ...state, share: all > 0 ? done / all : 0, secondsLeft };
}

/** Remaining cost of a pack, whose runs are all at the same step. */
function costLeft(pack: readonly PlannedRun[]): Cost {
	const runs = pack as readonly RunState[];
	const { spec, step, branch } = runs[0]!;
	const steps = spec.steps - Math.max(step, branch?.step ?? 0);
	const flops = runs.length * steps * tokensPerStep(spec) * modelFlopsPerToken(spec.model);
	return { flops, dispatches: steps * dispatchesPerStep(spec) };
}
