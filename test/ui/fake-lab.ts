import * as Comlink from "comlink";
import type { CurveRun } from "../../src/analysis/points/curve-run.ts";
import { trainingFlops } from "../../src/architecture/flops.ts";
import { parameterCounts } from "../../src/architecture/size.ts";
import type { CorpusInfo } from "../../src/data/corpus.ts";
import { normal, randomKey } from "../../src/maths/random.ts";
import type { Moment, StudyEvent } from "../../src/run/events.ts";
import type { RunResult } from "../../src/run/run-result.ts";
import type { RunSpec } from "../../src/run/run-spec.ts";
import { rateShare } from "../../src/run/schedule.ts";
import type { Speed } from "../../src/study/cost.ts";
import { momentsOf } from "../../src/study/moments.ts";
import type { Plan } from "../../src/study/plan.ts";
import { planStudy } from "../../src/study/planner.ts";
import type { Lab } from "../../src/ui/state/lab.ts";
import { addRuns } from "../../src/worker/add-runs.ts";
import type { AnalysisApi, FitsApi, LabApi, SetAside, StorageReport, Tuning } from "../../src/worker/protocol.ts";
import type { StorageTrouble } from "../../src/worker/storage-report.ts";

/** What a scripted lab may be asked to do differently. */
export interface FakeLabOptions {
	/** Milliseconds between progress events; 0 yields to the event loop only. */
	pause?: number;
	/** Progress events per pack. */
	ticks?: number;
	/** Runs stored before the first visit: the first so many of the plan. */
	stored?: number;
	/** Makes `run` fail after so many events. */
	failAfter?: number;
	/** Why the runs of each pack cannot go on from their checkpoints. */
	discard?: string;
	/** Runs at this learning rate or above diverge. */
	divergeAt?: number;
	/** Why there is no WebGPU. */
	problem?: Lab["problem"];
	/** Makes `adapter` fail. */
	noAdapter?: boolean;
	/** What `probe` finds; by default a laptop's GPU, which takes about a minute for `minute`. */
	probed?: Speed | null;
	/** What `probe` waits for. */
	probing?: Promise<unknown>;
	/** Most runs that the browser's storage has room for; the others are kept in memory. */
	room?: number;
	/** Why the browser stores nothing at all. */
	refusal?: "refused" | "silent";
}

/** What a scripted lab was asked. */
export interface FakeLab extends Lab {
	/** What changes something, in order. */
	calls: string[];
	/** Names of the studies that were planned, in order. */
	planned: string[];
	/** Steps of all runs that were trained since the lab began. */
	steps: number;
	/** How many curves each analysis was sent. */
	sent: number[];
	/** As the option; more room is used when storing is tried again. */
	room: number;
	/** Says that storage was cleared, and runs were stored again. */
	restore(runs: number): void;
}

const CORPORA: CorpusInfo[] = [
	{ id: "sotu", title: "State of the Union speeches", hash: "aa".repeat(32), trainBytes: 9_900_000, bytes: 10_500_000 },
	{
		id: "state-of-the-union",
		title: "State of the Union speeches",
		hash: "aa".repeat(32),
		trainBytes: 9_900_000,
		bytes: 10_500_000,
	},
	{ id: "moby-dick", title: "Moby Dick", hash: "bb".repeat(32), trainBytes: 1_100_000, bytes: 1_200_000 },
];

const LAPTOP: Speed = { flopsPerSecond: 3e11, secondsPerDispatch: 12e-6 };

const TUNING: Tuning = {
	adapter: "Scripted adapter",
	version: "1",
	variants: { "linear.forward": "8x1, 64 lanes", "linear.backward": "8x2, 8 lanes" },
	flopsPerMillisecond: 2e7,
	trials: [
		{ operation: "linear.forward", variant: "8x4, 8 lanes", milliseconds: 1.234 },
		{ operation: "linear.forward", variant: "8x1, 64 lanes", milliseconds: 0.812 },
		{
			operation: "linear.forward",
			variant: "tiled, 64 lanes",
			rejected: "y[17] is 0.30517578125, the first variant's is 0.306640625",
		},
		{ operation: "linear.backward", variant: "8x2, 8 lanes", milliseconds: 2.5 },
		{ operation: "linear.backward", variant: "8x1, 32 lanes", milliseconds: 3.75 },
	],
};

/** A lab that trains nothing: its curves follow the loss law of Besiroglu et al. 2024, made to fit tiny models. */
export function fakeLab(options: FakeLabOptions = {}): FakeLab {
	const { pause = 0, ticks = 24, stored = 0, failAfter = Infinity, discard, divergeAt = Infinity } = options;
	const { problem = null, noAdapter = false, probed = LAPTOP } = options;
	const corpora = [...CORPORA];
	const saved = new Map<string, RunResult>();
	const asides = new Map<string, SetAside>();
	const calls: string[] = [];
	const planned: string[] = [];
	const sent: number[] = [];
	let room = options.room ?? Infinity;
	let report: StorageReport = { trouble: null, restored: 0 };
	let onReport: (report: StorageReport) => void = () => {};
	let seeded = false;
	let paused: { promise: Promise<void>; open: () => void } | null = null;
	let stopped = false;
	let tuning: Tuning | undefined;

	const plan: LabApi["plan"] = async (study) => {
		planned.push(study.name);
		const plan = await planStudy(study, corpora);
		if (!seeded) for (const { id, spec } of plan.runs.slice(0, stored)) saved.set(id, finish(id, spec, divergeAt));
		seeded = true;
		return plan;
	};
	function reportStorage(restored = 0): void {
		const runs = Math.max(0, saved.size - (options.refusal ? 0 : room));
		const told = { runs, bytes: 30_000 * runs, usage: 9.2e9, quota: 9.2e9 };
		const trouble: StorageTrouble | null = options.refusal
			? { problem: options.refusal, reason: "The user denied permission to access the database.", ...told }
			: runs > 0
				? { problem: "full", reason: "QuotaExceededError", ...told }
				: null;
		report = { trouble, restored: report.restored + restored };
		onReport(report);
	}
	const load: LabApi["stored"] = async (ids) => ids.flatMap((id) => saved.get(id) ?? []);

	let kept: Moment[] = [];

	async function* events(plan: Plan, keepAt: readonly number[]): AsyncGenerator<StudyEvent, void, void> {
		const planned = new Set(plan.runs.map(({ id }) => id));
		if (keepAt.length > 0) kept = kept.filter(({ parent }) => planned.has(parent));
		const found = await load(plan.runs.map(({ id }) => id));
		tuning ??= TUNING;
		yield { type: "planned", runs: plan.runs, stored: found, adapter: "Scripted adapter" };
		for (const done of [0.3, 1]) {
			yield {
				type: "tokenizing",
				corpus: plan.runs[0]!.spec.corpus.id,
				vocabulary: plan.study.vocabularies[0]!,
				done,
				total: 1,
			};
		}
		const byId = new Map(plan.runs.map((run) => [run.id, run.spec]));
		const branches = new Map(plan.runs.map(({ id, branch }) => [id, branch]));
		const isKept = ({ parent, step }: Moment) => kept.some((each) => each.parent === parent && each.step === step);
		const trained = new Set<string>();
		for (const pack of plan.packs) {
			const ids = pack.filter((id) => !saved.has(id));
			if (ids.length === 0) continue;
			if (discard) yield { type: "discarded", ids, reason: discard };
			// All branches of a pack begin at one step.
			const branch = branches.get(ids[0]!);
			const first = branch && (trained.has(branch.parent) || isKept(branch)) ? branch.step : 0;
			yield { type: "pack", ids, bytes: 40e6, ...(first > 0 && { from: first }) };
			const { steps } = byId.get(ids[0]!)!;
			fake.steps += ids.length * (steps - first);
			const results = ids.map((id) => finish(id, byId.get(id)!, divergeAt));
			for (let tick = 1, from = 0; tick <= ticks; tick++) {
				const step = first + Math.round(((steps - first) * tick) / ticks);
				yield {
					type: "progress",
					tokensPerSecond: 1.2e6 / Math.sqrt(results[0]!.parameters.total / 1e4),
					runs: results.map(({ id, curve }) => ({
						id,
						step,
						points: curve.tokens.slice(from, step).map((tokens, i) => ({ tokens, loss: curve.loss[from + i]! })),
					})),
				};
				from = step;
			}
			for (const result of results) {
				saved.set(result.id, result);
				trained.add(result.id);
				kept.push(...momentsOf(plan.runs, keepAt).filter(({ parent }) => parent === result.id));
				reportStorage();
				yield { type: "finished", result };
			}
		}
		yield { type: "done" };
	}

	const training: LabApi = {
		async adapter() {
			if (noAdapter) throw new Error("no adapter: the script says so");
			return "Scripted adapter";
		},
		corpora: async () => [...corpora],
		async addText(name, text) {
			const info = {
				id: `file:${name}`,
				title: name,
				hash: "cc".repeat(32),
				trainBytes: text.length,
				bytes: text.length,
			};
			corpora.push(info);
			return info;
		},
		async watchStorage(listener) {
			onReport = listener;
			reportStorage();
		},
		async storeAgain() {
			calls.push("storeAgain");
			reportStorage();
		},
		async addRuns(text) {
			const saveAll = async (results: readonly RunResult[]) => {
				for (const result of results) saved.set(result.id, result);
			};
			const { results, study } = await addRuns({ load, saveAll }, text);
			reportStorage();
			return { count: results.length, study };
		},
		plan,
		stored: load,
		seconds: async (ids) => Object.fromEntries(ids.map((id, i) => [id, 10 + i])),
		setAside: async (study) => asides.get(study) ?? null,
		async keepSetAside(study, aside) {
			calls.push(`keepSetAside ${aside ? `${aside.by}${aside.forecast ? " sealed" : ""}` : "nothing"}`);
			if (asides.get(study)?.forecast) throw new Error("A forecast of this study is sealed.");
			if (aside) asides.set(study, aside);
			else asides.delete(study);
		},
		keptMoments: async () => kept,
		async run(plan, onEvents, onMeasured, keepAt = []) {
			calls.push("run");
			onMeasured?.(2, 6);
			stopped = false;
			let count = 0;
			for await (const event of events(plan, keepAt)) {
				onEvents([event]);
				if (++count > failAfter) throw new Error("the GPU was lost: the script says so.");
				await new Promise((resolve) => setTimeout(resolve, pause));
				await paused?.promise;
				if (stopped) return "stopped";
			}
			return "done";
		},
		async pause() {
			calls.push("pause");
			let open = () => {};
			const promise = new Promise<void>((resolve) => {
				open = resolve;
			});
			paused = { promise, open };
		},
		async resume() {
			calls.push("resume");
			paused?.open();
			paused = null;
		},
		async stop() {
			calls.push("stop");
			stopped = true;
			paused?.open();
			paused = null;
		},
		async probe() {
			calls.push("probe");
			await options.probing;
			return probed;
		},
		async tuning() {
			return tuning;
		},
		async retune(onMeasured) {
			calls.push("retune");
			onMeasured?.(1, 6);
			await new Promise((resolve) => setTimeout(resolve, pause));
			tuning = TUNING;
			return tuning;
		},
		async forgetTuning() {
			calls.push("forgetTuning");
			tuning = undefined;
		},
	};
	const fake: FakeLab = {
		...{ steps: 0, calls, planned, sent, problem, training, analysis: fakeAnalysis(sent), fits: fakeFits() },
		get room() {
			return room;
		},
		set room(runs) {
			room = runs;
		},
		restore: reportStorage,
	};
	return fake;
}

/** Analyzes in this thread. Takes what it is sent as a worker would: as copies. */
function fakeAnalysis(sent: number[]): AnalysisApi {
	let runs: CurveRun[] = [];
	return {
		async setRuns(ids, changed) {
			sent.push(changed.length);
			const known = new Map([...runs, ...structuredClone(changed)].map((run) => [run.id, run]));
			runs = ids.map((id) => known.get(id)!);
		},
		async analyze(options) {
			const { analyzeStudy } = await import("../../src/analysis/method1/analyze-study.ts");
			return analyzeStudy(runs, options);
		},
		async fitPoints(points, options) {
			const { fitPoints } = await import("../../src/analysis/fit-points.ts");
			const { preparePoints } = await import("../../src/analysis/points/prepare-points.ts");
			return fitPoints(preparePoints(points), options);
		},
		async fitAnnealing(curves, options) {
			const { fitAnnealing } = await import("../../src/analysis/training-laws/annealing-law.ts");
			return fitAnnealing(structuredClone(curves), options);
		},
		async forecast(plan, by, results) {
			const { sealForecast } = await import("../../src/study/forecast.ts");
			return sealForecast(plan, by, results, { now: new Date("2026-11-30T17:20:00Z"), resamples: 40 });
		},
		async judge(forecast, results) {
			const { judgeForecast } = await import("../../src/study/judge-forecast.ts");
			return judgeForecast(forecast, results);
		},
		async nextRuns(request) {
			const { nextRunsOf } = await import("../../src/study/next-runs.ts");
			return nextRunsOf(request);
		},
	};
}

/** A worker in the browser; elsewhere fits in this thread. With few resamples, of curves as coarse as stored ones are. */
function fakeFits(): FitsApi {
	let worker: FitsApi | null = null;
	return {
		async fit(results, counting) {
			const coarse = results.map((run) => ({ ...run, curve: coarseCurve(run.curve) }));
			if (typeof Worker === "undefined") {
				const { fitsOfRuns } = await import("../../src/study/fits-of-runs.ts");
				return { counting, fits: fitsOfRuns(coarse, counting, RESAMPLES), reason: "" };
			}
			worker ??= Comlink.wrap<FitsApi>(
				new Worker(new URL("../../src/worker/fits-worker.ts", import.meta.url), { type: "module" }),
			);
			return worker.fit(coarse, counting, RESAMPLES);
		},
	};
}

const RESAMPLES = 20;
const COARSE = 60;

function coarseCurve({ tokens, loss }: RunResult["curve"]): RunResult["curve"] {
	const every = Math.ceil(tokens.length / COARSE);
	const kept = (values: number[]) => values.filter((_, i) => (i + 1) % every === 0);
	return { tokens: kept(tokens), loss: kept(loss) };
}

function finish(id: string, spec: RunSpec, divergeAt: number): RunResult {
	const parameters = parameterCounts(spec.model);
	const perStep = spec.batchSequences * spec.model.context;
	const diverged = spec.optimizer.learningRate >= divergeAt;
	const steps = diverged ? Math.round(spec.steps / 3) : spec.steps;
	const tokens = Array.from({ length: steps }, (_, i) => (i + 1) * perStep);
	// Runs of one seed read the same text: most of their noise is the same.
	const [text, own] = [randomKey(spec.seed, "text"), randomKey(spec.seed, id)];
	const noise = (i: number) => 0.012 * normal(text, i) + 0.003 * normal(own, i);
	const loss = tokens.map((seen, i) => lossAt(spec, parameters.total, seen) * (1 + noise(i)));
	const last = lossAt(spec, parameters.total, steps * perStep) + 0.02 + 0.01 * normal(text, 0) + 0.002 * normal(own, 0);
	return {
		id,
		spec,
		status: diverged ? "diverged" : "finished",
		adapter: "Scripted adapter",
		variants: {},
		parameters,
		tokens: steps * perStep,
		flops: trainingFlops(parameters, steps * perStep),
		curve: { tokens, loss },
		measurements: { gradientNorm: tokens.map(() => 1), updateRatio: tokens.map(() => 0.01), noiseScale: [] },
		validationLoss: diverged ? null : last,
		...(spec.ema !== undefined && { validationLossEma: diverged ? null : last - 0.01 }),
	};
}

function lossAt(spec: RunSpec, parameters: number, tokens: number): number {
	const detour = 0.05 * Math.log(spec.optimizer.learningRate / 0.009) ** 2;
	// A rate that has fallen shows what was learned.
	const step = tokens / (spec.batchSequences * spec.model.context);
	const annealed = 0.08 * (1 - rateShare({ ...spec.schedule, warmupSteps: 0 }, step, spec.steps));
	const law = 1.8 + 150 / parameters ** 0.42 + 1100 / tokens ** 0.5 + detour - annealed;
	return Math.min(law, Math.log(spec.model.vocabulary));
}
