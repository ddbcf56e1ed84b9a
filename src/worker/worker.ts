import * as Comlink from "comlink";
import type { Speed } from "../study/cost.ts";
import { planStudy } from "../study/planner.ts";
import { corporaNamed } from "../study/study-data.ts";
import { addRuns } from "./add-runs.ts";
import { addTextFile, corpusInfo } from "./corpora.ts";
import { databaseLosses } from "./database.ts";
import { sendErrorPaths } from "./error-path.ts";
import { loadSetAside, saveSetAside } from "./forecast-store.ts";
import { keptMoments } from "./kept-moments.ts";
import { quickSpeed } from "./probe.ts";
import type { LabApi } from "./protocol.ts";
import { runStore } from "./run-store.ts";
import { runSeconds } from "./run-times.ts";
import { SafeRunStore } from "./safe-run-store.ts";
import type { StorageReport } from "./storage-report.ts";
import { StudyTrainer } from "./study-trainer.ts";
import { bestAdapter, forgetTuning, loadTuning, measureTuning } from "./tuned-gpu.ts";

let reportStorage: (report: StorageReport) => void = () => {};
const storage = {
	...{ store: runStore, losses: databaseLosses, patience: 30_000 },
	estimate: async () => navigator.storage.estimate(),
};
const store = new SafeRunStore(storage, (report) => reportStorage(report));

let trainer: StudyTrainer | null = null;
/** What uses the GPU now, as the start of a message. */
let gpuUse: string | null = null;
/** The measurement of the adapter's speed, while it is under way; never rejects. */
let probing: Promise<Speed | null> = Promise.resolve(null);

/** Runs work that needs exclusive use of the GPU. */
async function withExclusiveGpu<Result>(use: string, work: () => Promise<Result>): Promise<Result> {
	await probing;
	if (gpuUse) throw new Error(`${gpuUse} on this page. Wait until it has finished, or stop it, before using the GPU.`);
	gpuUse = use;
	try {
		return await work();
	} finally {
		gpuUse = null;
	}
}

const lab: LabApi = {
	adapter: bestAdapter,
	corpora: () => corpusInfo(),
	addText: addTextFile,
	async watchStorage(onReport) {
		reportStorage = onReport;
		onReport(await store.report());
	},
	storeAgain: () => store.storeAgain(),
	async addRuns(text) {
		const { results, study } = await addRuns(store, text);
		return { count: results.length, study };
	},
	plan: async (study) => planStudy(study, await corpusInfo(corporaNamed(study))),
	stored: (ids) => store.load(ids),
	seconds: runSeconds,
	setAside: loadSetAside,
	keepSetAside: saveSetAside,
	keptMoments: () => keptMoments.list(),
	run: (plan, onEvents, onMeasured, keepAt) =>
		withExclusiveGpu("A study is running", async () => {
			try {
				trainer = new StudyTrainer(plan, store, keepAt);
				return await trainer.run(onEvents, onMeasured);
			} finally {
				trainer = null;
			}
		}),
	async pause() {
		trainer?.pause();
	},
	async resume() {
		trainer?.resume();
	},
	async stop() {
		trainer?.stop();
	},
	probe() {
		if (!gpuUse) probing = quickSpeed().catch(() => null);
		return probing;
	},
	tuning: loadTuning,
	retune: (onMeasured) => withExclusiveGpu("The kernels are being measured", () => measureTuning(onMeasured)),
	forgetTuning,
};

sendErrorPaths();
Comlink.expose(lab);
