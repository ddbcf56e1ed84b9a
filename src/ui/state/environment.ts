import type { SpeedMemory } from "./adapter-speed.ts";
import type { AnalysisLoop } from "./analysis-loop.ts";
import type { FitsLoop } from "./fits-loop.ts";
import type { Lab } from "./lab.ts";
import type { Notice } from "./lab-action.ts";
import type { LabState, LabStore } from "./lab-state.ts";
import { phaseOf } from "./selectors.ts";

/** What effects work with: they ask the workers and dispatch what comes of it. */
export interface Environment {
	readonly lab: Lab;
	readonly store: LabStore;
	/** Where an adapter's speed is kept between visits; null keeps nothing. */
	readonly memory: SpeedMemory | null;
	readonly analysis: AnalysisLoop;
	readonly fits: FitsLoop;
}

/** Whether the study may be changed: nothing trains or stops. */
export function isEditable(state: LabState): boolean {
	return ["ready", "preparing"].includes(phaseOf(state));
}

export function tell({ store }: Environment, announcement: string, notice?: Omit<Notice, "kind">): void {
	store.dispatch({ type: "told", announcement, ...(notice && { notice: { kind: "info", ...notice } }) });
}

/** Says that something failed, and what that means for the user. */
export function tellFailure({ store }: Environment, error: unknown, advice = ""): void {
	const text = [errorText(error), advice].filter(Boolean).join(" ");
	store.dispatch({
		type: "told",
		announcement: text,
		notice: { kind: "error", title: "Something went wrong", text },
	});
}

export function errorText(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	// Some errors of browsers have a name only.
	return error.message || error.name;
}
