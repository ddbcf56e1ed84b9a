import * as Comlink from "comlink";
import type { RunsApi } from "../../../worker/runs-protocol.ts";

/** Starts the worker that reads and changes the stored runs. */
export function connectRuns(): RunsApi {
	const worker = new Worker(new URL("../../../worker/runs-worker.ts", import.meta.url), {
		...{ type: "module", name: "runs" },
	});
	return Comlink.wrap<RunsApi>(worker);
}
