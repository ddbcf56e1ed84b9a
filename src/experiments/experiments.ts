import { architectures } from "./definitions/architectures.ts";
import { batch } from "./definitions/batch.ts";
import { chain } from "./definitions/chain.ts";
import { data } from "./definitions/data.ts";
import { grid } from "./definitions/grid.ts";
import { isoflop } from "./definitions/isoflop.ts";
import { mixture } from "./definitions/mixture.ts";
import { mup } from "./definitions/mup.ts";
import { optimizers } from "./definitions/optimizers.ts";
import { reconcile } from "./definitions/reconcile.ts";
import { repeat } from "./definitions/repeat.ts";
import { schemes } from "./definitions/schemes.ts";
import { shape } from "./definitions/shape.ts";
import { shift } from "./definitions/shift.ts";
import { vocabulary } from "./definitions/vocabulary.ts";
import type { Experiment, Preset } from "./experiment.ts";

/** Every experiment, in the order of display. To add one, write its definition and its answer, and list both. */
export const experiments: readonly Experiment[] = [
	...[reconcile, schemes, isoflop, grid, chain, vocabulary],
	...[repeat, data, shift, mixture],
	...[batch, mup, shape, optimizers, architectures],
];

/** The presets of all experiments. */
export const presets: readonly Preset[] = experiments.flatMap((experiment) => experiment.presets);

/** The preset of an id, if there is one. */
export function presetNamed(id: string): Preset | undefined {
	return presets.find((preset) => preset.id === id);
}

/** The experiment that a preset belongs to. */
export function experimentOf(preset: Preset): Experiment {
	return experiments.find(({ presets }) => presets.includes(preset))!;
}
