import { rememberedSpeed } from "./adapter-speed.ts";
import { type Environment, tellFailure } from "./environment.ts";
import { type FileEffects, fileEffects } from "./file-effects.ts";
import { type FirstStudyEffects, firstStudyEffects } from "./first-study-effects.ts";
import { type FitEffects, fitEffects } from "./fit-effects.ts";
import { type ForecastEffects, forecastEffects } from "./forecast-effects.ts";
import type { GuestEffects } from "./guest-effects.ts";
import { type KernelEffects, kernelEffects } from "./kernel-effects.ts";
import { type LinkEffects, linkEffects } from "./link-effects.ts";
import { type StorageEffects, storageEffects } from "./storage-effects.ts";
import { type StudyEffects, studyEffects } from "./study-effects.ts";
import { type TrainingEffects, trainingEffects } from "./training-effects.ts";

/** All that elements can ask of the lab. Only `run` and a guest train; they, `measureKernels` and `chooseFirst` use the GPU. */
export interface LabEffects
	extends StudyEffects,
		FirstStudyEffects,
		TrainingEffects,
		FileEffects,
		FitEffects,
		ForecastEffects,
		KernelEffects,
		LinkEffects,
		Pick<StorageEffects, "storeAgain"> {
	/** What a page needs to train a study of its own, loaded when one first asks. */
	guest(): Promise<GuestEffects>;
	/** Finds the adapter, its kernels and the texts. Trains nothing. */
	start(): Promise<void>;
	dismissNotice(): void;
}

export function labEffects(env: Environment): LabEffects {
	const { lab, store, memory } = env;
	const kernels = kernelEffects(env);
	const forecasts = forecastEffects(env);
	const study = studyEffects(env, forecasts);
	const training = trainingEffects(env, kernels, forecasts);
	const storage = storageEffects(env, training);
	const files = fileEffects(env, study, training);

	async function findAdapter(): Promise<void> {
		if (lab.problem) return store.dispatch({ type: "adapter-missing", problem: lab.problem });
		try {
			const adapter = await lab.training.adapter();
			store.dispatch({ type: "adapter-found", adapter, speed: memory && rememberedSpeed(memory, adapter) });
		} catch {
			return store.dispatch({ type: "adapter-missing", problem: "no-adapter" });
		}
		await kernels.readKernels();
	}

	return {
		...kernels,
		...study,
		...firstStudyEffects(env, study),
		...training,
		...fitEffects(env),
		...files,
		...linkEffects(env, study),
		storeAgain: storage.storeAgain,
		setAside: forecasts.setAside,
		nextRuns: forecasts.nextRuns,
		guest: async () => (await import("./guest-effects.ts")).guestEffects(env, kernels),
		async start() {
			await Promise.all([
				storage.watchStorage(),
				findAdapter(),
				files.listCorpora().catch((error) => tellFailure(env, error)),
			]);
		},
		dismissNotice: () => store.dispatch({ type: "notice-dismissed" }),
	};
}
