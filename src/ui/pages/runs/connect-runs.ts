import * as Comlink from "comlink";
import type { RunsApi } from "../../../worker/runs-protocol.ts";

/** Starts the worker that reads and changes the stored runs. */
export function connectRuns(): RunsApi {
	const worker = new Worker(new URL("../../../worker/runs-worker.ts", import.meta.url), {
		...{ type: "module", name: "runs" },
	});
	const api = Comlink.wrap<RunsApi>(worker);
	// A plain object: lit asks what it is given for properties of its own, which Comlink would ask the worker for.
	return {
		list: (take) => api.list(Comlink.proxy(take)),
		rows: (ids) => api.rows(ids),
		curves: (ids) => api.curves(ids),
		patch: (ids, patch) => api.patch(ids, patch),
		remove: (ids) => api.remove(ids),
		add: (name, file) => api.add(name, file),
		file: (ids, format) => api.file(ids, format),
		keepsWeights: () => api.keepsWeights(),
		keepWeights: (isWanted) => api.keepWeights(isWanted),
		sample: (id, request) => api.sample(id, request),
		modelZip: (id) => api.modelZip(id),
	};
}
