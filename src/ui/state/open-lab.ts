import type { Study } from "../../study/study.ts";
import type { SpeedMemory } from "./adapter-speed.ts";
import { AnalysisLoop } from "./analysis-loop.ts";
import { FitsLoop } from "./fits-loop.ts";
import type { Lab } from "./lab.ts";
import type { ProvidedLab } from "./lab-context.ts";
import { labEffects } from "./lab-effects.ts";
import { initialLab, reduceLab } from "./lab-state.ts";
import { Store } from "./store.ts";

/**
 * A lab with its state, to be provided to the elements of the page. Does nothing before it is asked to.
 *
 * @param memory where an adapter's speed is kept between visits; null keeps nothing
 */
export function openLab(lab: Lab, study: Study, memory: SpeedMemory | null): ProvidedLab {
	const store = new Store(initialLab(study), reduceLab);
	const analysis = new AnalysisLoop(lab.analysis, (found) => store.dispatch({ type: "analyzed", analysis: found }));
	const fits = new FitsLoop(lab.fits, (answer) => store.dispatch({ type: "runs-fitted", answer }));
	return { store, effects: labEffects({ lab, store, memory, analysis, fits }) };
}
