import type { Gpu } from "../../gpu/device.ts";
import { tunedFrom } from "../../gpu/kept-tuning.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import { openDevice } from "../device.ts";
import type { Terminal } from "../printing/terminal.ts";
import { TuningFolder } from "./tuning-folder.ts";

/** The device of an adapter (see `openDevice`) with the fastest variants and their speed: measured once, then kept. */
export async function openTunedDevice(terminal: Terminal, wanted?: string): Promise<Gpu> {
	const gpu = await openDevice(wanted);
	const measuring = () => terminal.say(`measuring which variants of the kernels are fastest on ${gpu.name}, once`);
	const { variants, flopsPerMillisecond } = await tunedFrom(new TuningFolder(), gpu, TUNING_PROBLEMS, { measuring });
	return { ...gpu, variants, flopsPerMillisecond };
}
