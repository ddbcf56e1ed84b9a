import { keptTuning, tunedFrom } from "../../gpu/kept-tuning.ts";
import type { Tuning } from "../../gpu/tuning.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import { TuningFolder } from "../device/tuning-folder.ts";
import { openDevice } from "../device.ts";
import { table } from "../printing/format.ts";
import { EXIT_FAILURE, type Terminal, UsageError } from "../printing/terminal.ts";

/**
 * `isoflop tune`: measures the kernels' variants anew and shows them. With `show`, shows what is kept instead, exit code
 * 1 when that is nothing; with `reset`, forgets it.
 */
export async function tuneCommand(
	terminal: Terminal,
	options: { adapter?: string; show?: boolean; reset?: boolean; json?: boolean },
	folder = new TuningFolder(),
): Promise<number> {
	if (options.show && options.reset) throw new UsageError("tune: --show and --reset are given; it can do one of them");
	const gpu = await openDevice(options.adapter);
	try {
		if (options.reset) {
			await folder.remove(gpu.name);
			terminal.say(`${gpu.name}: measured again when it is next used`);
			return 0;
		}
		const tuning = options.show
			? await keptTuning(folder, gpu.name, TUNING_PROBLEMS)
			: await tunedFrom(folder, gpu, TUNING_PROBLEMS, { anew: true });
		if (!tuning) {
			terminal.say(`${gpu.name}: these kernels were not measured yet; isoflop tune does, and the first run by itself`);
			return EXIT_FAILURE;
		}
		if (options.json) {
			const { adapter, variants, flopsPerMillisecond, trials } = tuning;
			terminal.json({ adapter, variants, flopsPerMillisecond, trials });
		} else for (const line of tuningTable(tuning)) terminal.print(line);
		return 0;
	} finally {
		gpu.device.destroy();
	}
}

function tuningTable({ adapter, variants, trials }: Tuning): string[] {
	const rows = trials.map(({ operation, variant, milliseconds, rejected }) => [
		operation,
		variant,
		rejected ?? `${milliseconds!.toFixed(3)} ms`,
		variants[operation] === variant ? "chosen" : "",
	]);
	return table([["kernel", "variant", "time", adapter], ...rows]);
}
