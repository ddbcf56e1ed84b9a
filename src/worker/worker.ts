import * as Comlink from "comlink";
import { adapterName } from "../gpu/device.ts";
import { planStudy } from "../study/planner.ts";
import type { Study } from "../study/study.ts";
import { corporaNamed } from "../study/study-data.ts";
import { addRuns } from "./add-runs.ts";
import { addTextFile, corpusInfo } from "./corpora.ts";
import type { LabApi } from "./protocol.ts";
import { RunSession } from "./run-session.ts";
import { openRunStore } from "./run-store.ts";

const store = openRunStore();
let session: RunSession | null = null;
let busy = false;

async function plan(study: Study) {
	return planStudy(study, await corpusInfo(corporaNamed(study)));
}

const lab: LabApi = {
	async adapter() {
		const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
		if (!adapter) throw new Error("This browser gives workers no WebGPU adapter.");
		return adapterName(adapter);
	},
	corpora: () => corpusInfo(),
	addText: addTextFile,
	addRuns: (text) => addRuns(store, text),
	async prepare(study) {
		const planned = await plan(study);
		return { plan: planned, stored: await store.load(planned.runs.map((run) => run.id)) };
	},
	async run(study, onEvents) {
		if (busy) throw new Error("A study is running on this page. Stop it before another one starts.");
		busy = true;
		try {
			session = new RunSession(await plan(study), store);
			return await session.run(onEvents);
		} finally {
			session = null;
			busy = false;
		}
	},
	async pause() {
		session?.pause();
	},
	async resume() {
		session?.resume();
	},
	async stop() {
		session?.stop();
	},
};

Comlink.expose(lab);
