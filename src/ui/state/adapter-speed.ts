import { addCosts, type Cost, measuredSpeed, packCost, type Speed, secondsFor } from "../../study/cost.ts";
import { packRuns } from "../../study/packs.ts";
import type { StudyProgress } from "../../study/progress.ts";

const STORAGE_KEY = "isoflop-speed";

type Speeds = Record<string, Speed>;
type Memory = Pick<Storage, "getItem" | "setItem">;

/** Training shorter than this says little about an adapter: pipelines are still warming up. */
const LEAST_SECONDS = 2;

/** Keeps what an adapter did in a study, so that the next study's time can be estimated before it runs. */
export function rememberSpeed(memory: Memory, adapter: string, { trained }: StudyProgress): void {
	const speed = trained.seconds >= LEAST_SECONDS ? measuredSpeed(trained, trained.seconds) : null;
	if (speed) memory.setItem(STORAGE_KEY, JSON.stringify({ ...readSpeeds(memory), [adapter]: speed }));
}

/** Seconds for the runs that are not finished, by the adapter's last study; null when it has not trained any yet. */
export function estimateSeconds(memory: Memory, adapter: string, { runs }: StudyProgress): number | null {
	const speed = readSpeeds(memory)[adapter];
	if (!speed) return null;
	const missing = packRuns(runs.filter((run) => run.result === undefined));
	const cost: Cost = addCosts(missing.map((pack) => packCost(pack)));
	return secondsFor(cost, speed);
}

function readSpeeds(memory: Memory): Speeds {
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
