import type { Gpu } from "../../gpu/device.ts";
import { tunedFrom } from "../../gpu/kept-tuning.ts";
import type { Variants } from "../../gpu/variants.ts";
import { classVariants } from "../../kernels/class-variants.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import type { RunSpec } from "../../run/run-spec.ts";
import { openDevice } from "../device.ts";
import type { Terminal } from "../printing/terminal.ts";
import { TuningFolder } from "./tuning-folder.ts";

/** The kernel variants of a class of shapes, in the same folder; see `classVariants`. */
export function variantsFor(gpu: Gpu, spec: RunSpec): Promise<Variants> {
	return classVariants(new TuningFolder(), gpu, spec);
}

/** Opens a device (see `openDevice`) with its fastest kernel variants, which are measured once per adapter and kept. */
export async function openTunedDevice(terminal: Terminal, wanted?: string): Promise<Gpu> {
	const gpu = await openDevice(wanted);
	const measuring = () => terminal.say(`measuring which kernel variants are fastest on ${gpu.name} (only once)`);
	const { variants, flopsPerMillisecond } = await tunedFrom(new TuningFolder(), gpu, TUNING_PROBLEMS, { measuring });
	return { ...gpu, variants, flopsPerMillisecond };
}
