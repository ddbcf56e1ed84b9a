import type { Gpu } from "../../gpu/device.ts";
import { tunedFrom } from "../../gpu/kept-tuning.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import { openDevice } from "../device.ts";
import type { Terminal } from "../printing/terminal.ts";
import { TuningFolder } from "./tuning-folder.ts";

/** Opens a device (see `openDevice`) with its fastest kernel variants, which are measured once per adapter and kept. */
export async function openTunedDevice(terminal: Terminal, wanted?: string): Promise<Gpu> {
	const gpu = await openDevice(wanted);
	const measuring = () => terminal.say(`measuring which kernel variants are fastest on ${gpu.name} (only once)`);
	const { variants, flopsPerMillisecond } = await tunedFrom(new TuningFolder(), gpu, TUNING_PROBLEMS, { measuring });
	return { ...gpu, variants, flopsPerMillisecond };
}
