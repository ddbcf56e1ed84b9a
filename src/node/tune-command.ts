import { tunedFrom } from "../gpu/tuning.ts";
import { TUNING_PROBLEMS } from "../kernels/tuning-problems.ts";
import { openDevice } from "./device.ts";
import { table } from "./format.ts";
import type { Terminal } from "./terminal.ts";
import { TuningFolder } from "./tuning-folder.ts";

/** `isoflop tune`: measures the kernels' variants anew and shows them; with `reset`, forgets what was measured. */
export async function tuneCommand(
	terminal: Terminal,
	options: { adapter?: string; reset?: boolean; json?: boolean },
	folder = new TuningFolder(),
): Promise<number> {
	const gpu = await openDevice(options.adapter);
	try {
		if (options.reset) {
			await folder.remove(gpu.name);
			terminal.say(`${gpu.name}: measured again when it is next used`);
			return 0;
		}
		const { adapter, variants, trials } = await tunedFrom(folder, gpu, TUNING_PROBLEMS, { anew: true });
		if (options.json) terminal.json({ adapter, variants, trials });
		else {
			const rows = trials.map(({ operation, variant, milliseconds, rejected }) => [
				operation,
				variant,
				rejected ?? `${milliseconds!.toFixed(3)} ms`,
				variants[operation] === variant ? "chosen" : "",
			]);
			for (const line of table([["kernel", "variant", "time", adapter], ...rows])) terminal.print(line);
		}
		return 0;
	} finally {
		gpu.device.destroy();
	}
}
