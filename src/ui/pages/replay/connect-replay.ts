import * as Comlink from "comlink";
import type { ReplayApi } from "../../../worker/replay-protocol.ts";
import type { ReplayConnection } from "./replay-session.ts";

/** Starts a replay worker. */
export function connectReplay(): ReplayConnection {
	const worker = new Worker(new URL("../../../worker/replay-worker.ts", import.meta.url), {
		...{ type: "module", name: "replay" },
	});
	const api = Comlink.wrap<ReplayApi>(worker);
	const failure = new Promise<never>((_, reject) => {
		worker.addEventListener("error", () => reject(new Error(FAILED)), { once: true });
	});
	failure.catch(() => {});
	return {
		replay: (request, watch) => Promise.race([api.replay(request, Comlink.proxy(watch)), failure]),
		end: () => worker.terminate(),
	};
}

const FAILED = "The measurements could not be read: the browser stopped the worker, as it does when memory runs out.";
