import * as Comlink from "comlink";
import type { OnMeasured } from "../../worker/protocol.ts";
import { type Environment, isEditable, tell, tellFailure } from "./environment.ts";

export interface KernelEffects {
	/** For the worker: follows the kernels as they are measured. */
	onMeasured: OnMeasured;
	/** Asks which kernel variants this adapter uses. */
	readKernels(): Promise<void>;
	/** Measures anew which variants are fastest, for runs that start afterwards. */
	measureKernels(): Promise<void>;
	/** Forgets which those are: the next Run measures them. */
	forgetKernels(): Promise<void>;
}

export function kernelEffects(env: Environment): KernelEffects {
	const { lab, store } = env;

	/** Does what uses the kernels, unless training or a measurement does. */
	async function alone(work: () => Promise<void>): Promise<void> {
		if (!isEditable(store.state) || store.state.device.measuring || store.state.device.guest) return;
		await work().catch((error) => tellFailure(env, error));
	}

	async function readKernels(): Promise<void> {
		const tuning = (await lab.training.tuning()) ?? null;
		store.dispatch({ type: "kernels-read", tuning });
	}

	const onMeasured = Comlink.proxy<OnMeasured>((done, total) =>
		store.dispatch({ type: "kernels-measured", done, total }),
	);

	return {
		onMeasured,
		readKernels: () => readKernels().catch((error) => tellFailure(env, error)),
		measureKernels: () =>
			alone(async () => {
				store.dispatch({ type: "kernels-measuring", measuring: true });
				tell(env, "Measuring the kernels.");
				try {
					store.dispatch({ type: "kernels-read", tuning: await lab.training.retune(onMeasured) });
					tell(env, "The kernels are measured.");
				} finally {
					store.dispatch({ type: "kernels-measuring", measuring: false });
				}
			}),
		forgetKernels: () =>
			alone(async () => {
				await lab.training.forgetTuning();
				store.dispatch({ type: "kernels-read", tuning: null });
				tell(env, "Forgotten. The next Run measures the kernels again.");
			}),
	};
}
