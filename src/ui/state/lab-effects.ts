import { rememberedSpeed } from "./adapter-speed.ts";
import { type Environment, tellFailure } from "./environment.ts";
import { type FileEffects, fileEffects } from "./file-effects.ts";
import { type FirstStudyEffects, firstStudyEffects } from "./first-study-effects.ts";
import { type FitEffects, fitEffects } from "./fit-effects.ts";
import { type ForecastEffects, forecastEffects } from "./forecast-effects.ts";
import { type KernelEffects, kernelEffects } from "./kernel-effects.ts";
import { type StudyEffects, studyEffects } from "./study-effects.ts";
import { type TrainingEffects, trainingEffects } from "./training-effects.ts";

/** All that elements can ask of the lab. Only `run` trains; it, `measureKernels` and `chooseFirst` use the GPU. */
export interface LabEffects
	extends StudyEffects,
		FirstStudyEffects,
		TrainingEffects,
		FileEffects,
		FitEffects,
		ForecastEffects,
		KernelEffects {
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
		setAside: forecasts.setAside,
		nextRuns: forecasts.nextRuns,
		async start() {
			await Promise.all([findAdapter(), files.listCorpora().catch((error) => tellFailure(env, error))]);
		},
		dismissNotice: () => store.dispatch({ type: "notice-dismissed" }),
	};
}
