import { measuredSpeed, type Speed } from "../../study/cost.ts";
import type { StudyProgress } from "../../study/progress.ts";

const STORAGE_KEY = "isoflop-speed";

type Speeds = Record<string, Speed>;
/** Where speeds are kept between visits. */
export type SpeedMemory = Pick<Storage, "getItem" | "setItem">;

/** Training shorter than this says little about an adapter: pipelines are still warming up. */
const MIN_SECONDS = 2;

/** Keeps how fast an adapter trained, so that the next study's time can be estimated before it runs. */
export function rememberSpeed(memory: SpeedMemory, adapter: string, { trained }: StudyProgress): void {
	const speed = trained.seconds >= MIN_SECONDS ? measuredSpeed(trained, trained.seconds) : null;
	if (speed) memory.setItem(STORAGE_KEY, JSON.stringify({ ...readSpeeds(memory), [adapter]: speed }));
}

/** How fast an adapter trained its last study; null when it has not trained any. */
export function rememberedSpeed(memory: SpeedMemory, adapter: string): Speed | null {
	return readSpeeds(memory)[adapter] ?? null;
}

function readSpeeds(memory: SpeedMemory): Speeds {
	try {
		const value: unknown = JSON.parse(memory.getItem(STORAGE_KEY) ?? "{}");
		if (typeof value !== "object" || value === null) return {};
		return Object.fromEntries(Object.entries(value).filter(([, speed]) => isSpeed(speed)));
	} catch {
		return {};
	}
}

function isSpeed(value: unknown): value is Speed {
	const { flopsPerSecond, secondsPerDispatch } = (value ?? {}) as Partial<Speed>;
	return Number(flopsPerSecond) > 0 && Number(secondsPerDispatch) >= 0;
}
