import * as Comlink from "comlink";
import { planStudy } from "../study/planner.ts";
import type { Study } from "../study/study.ts";
import { corporaNamed } from "../study/study-data.ts";
import { addRuns } from "./add-runs.ts";
import { addTextFile, corpusInfo } from "./corpora.ts";
import { sendErrorPaths } from "./error-path.ts";
import type { LabApi } from "./protocol.ts";
import { RunSession } from "./run-session.ts";
import { openRunStore } from "./run-store.ts";
import { bestAdapter, forgetTuning, tuneAnew, tuningHere } from "./tuned-gpu.ts";

const store = openRunStore();
let session: RunSession | null = null;
/** What the GPU is at work for. */
let busy: string | null = null;

/** Does work that wants the GPU for itself. */
async function alone<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
	if (busy) throw new Error(`${busy} on this page. That must end, or be stopped, before anything else uses the GPU.`);
	busy = what;
	try {
		return await work();
	} finally {
		busy = null;
	}
}

async function plan(study: Study) {
	return planStudy(study, await corpusInfo(corporaNamed(study)));
}

const lab: LabApi = {
	adapter: bestAdapter,
	corpora: () => corpusInfo(),
	addText: addTextFile,
	addRuns: (text) => addRuns(store, text),
	async prepare(study) {
		const planned = await plan(study);
		return { plan: planned, stored: await store.load(planned.runs.map((run) => run.id)) };
	},
	run: (study, onEvents) =>
		alone("A study is running", async () => {
			try {
				session = new RunSession(await plan(study), store);
				return await session.run(onEvents);
			} finally {
				session = null;
			}
		}),
	async pause() {
		session?.pause();
	},
	async resume() {
		session?.resume();
	},
	async stop() {
		session?.stop();
	},
	tuning: tuningHere,
	retune: () => alone("The kernels are being measured", tuneAnew),
	forgetTuning,
};

sendErrorPaths();
Comlink.expose(lab);
