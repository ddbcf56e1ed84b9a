import { keptTuning, tunedFrom } from "../../gpu/kept-tuning.ts";
import type { Tuning } from "../../gpu/tuning.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import { TuningFolder } from "../device/tuning-folder.ts";
import { openDevice } from "../device.ts";
import { table } from "../printing/format.ts";
import { EXIT_FAILURE, type Terminal, UsageError } from "../printing/terminal.ts";

/**
 * `isoflop tune`: measures the kernel variants again and shows the times. With `show`, shows the stored measurements
 * instead (exit code 1 without any); with `reset`, deletes them.
 */
export async function tuneCommand(
	terminal: Terminal,
	options: { adapter?: string; show?: boolean; reset?: boolean; json?: boolean },
	folder = new TuningFolder(),
): Promise<number> {
	if (options.show && options.reset)
		throw new UsageError("tune: --show and --reset are both given; give only one of them");
	const gpu = await openDevice(options.adapter);
	try {
		if (options.reset) {
			await folder.remove(gpu.name);
			terminal.say(`${gpu.name}: measurements deleted; they are made again when needed`);
			return 0;
		}
		const tuning = options.show
			? await keptTuning(folder, gpu.name, TUNING_PROBLEMS)
			: await tunedFrom(folder, gpu, TUNING_PROBLEMS, { anew: true });
		if (!tuning) {
			terminal.say(
				`${gpu.name}: these kernels have not been measured; isoflop tune measures them, and so does the first isoflop run`,
			);
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
