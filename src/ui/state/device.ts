import type { Speed } from "../../study/cost.ts";
import type { Tuning } from "../../worker/protocol.ts";
import type { WebGpuProblem } from "./lab.ts";
import type { LabAction } from "./lab-action.ts";

/** How many kernels are measured, of how many. */
export interface MeasuredKernels {
	readonly done: number;
	readonly total: number;
}

/** The GPU that trains. */
export interface DeviceState {
	/** The adapter's name; empty until it is known. */
	readonly adapter: string;
	/** Why nothing can be trained here, or null. */
	readonly problem: WebGpuProblem | null;
	/** Which kernel variants were measured to be fastest; null before they are. */
	readonly tuning: Tuning | null;
	/** Whether the kernels are being measured now. */
	readonly measuring: boolean;
	/** How many kernels are measured so far, while they are: by `measuring` or before training; otherwise null. */
	readonly measured: MeasuredKernels | null;
	/** How fast the adapter trains: as it did its last study, or as a quick measurement suggests; null while unknown. */
	readonly speed: Speed | null;
	/** Whether `speed` is the quick measurement's. */
	readonly probed: boolean;
	/** The page that trains something of its own, and how fast; null while the GPU is the study's. */
	readonly guest: { readonly page: string; readonly tokensPerSecond: number } | null;
}

export const initialDevice: DeviceState = {
	adapter: "",
	problem: null,
	tuning: null,
	measuring: false,
	measured: null,
	speed: null,
	probed: false,
	guest: null,
};

export function reduceDevice(state: DeviceState, action: LabAction): DeviceState {
	switch (action.type) {
		case "adapter-found":
			return { ...state, adapter: action.adapter, speed: action.speed };
		case "adapter-missing":
			return { ...state, problem: action.problem };
		case "speed-measured":
			// A study too short to judge by leaves what there was.
			return action.speed ? { ...state, speed: action.speed, probed: false } : state;
		case "speed-probed":
			return { ...state, speed: action.speed, probed: true };
		case "kernels-measuring":
			return { ...state, measuring: action.measuring, measured: null };
		case "kernels-measured": {
			// The last one may come after the result.
			const { done, total } = action;
			return { ...state, measured: done < total ? { done, total } : null };
		}
		case "kernels-read":
			return { ...state, tuning: action.tuning, measured: null };
		case "results-reading":
			return state.measured ? { ...state, measured: null } : state;
		case "guest-training":
			return { ...state, guest: { page: action.page, tokensPerSecond: action.tokensPerSecond } };
		case "guest-ended":
			return { ...state, guest: null, measured: null };
		case "events-received": {
			// Training names the adapter that it opened, which may be another one after a loss.
			const adapter = action.events.reduce((name, event) => ("adapter" in event ? event.adapter : name), state.adapter);
			return adapter === state.adapter ? state : { ...state, adapter };
		}
		default:
			return state;
	}
}
