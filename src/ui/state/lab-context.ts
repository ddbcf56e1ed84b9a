import { createContext } from "@lit/context";
import type { LabEffects } from "./lab-effects.ts";
import type { LabStore } from "./lab-state.ts";

/** The lab as the shell provides it to every element below: its state, and what can be asked of it. */
export interface ProvidedLab {
	readonly store: LabStore;
	readonly effects: LabEffects;
}

export const labContext = createContext<ProvidedLab>(Symbol("lab"));
