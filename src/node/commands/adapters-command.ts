import { keptTuning } from "../../gpu/kept-tuning.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import { TuningFolder } from "../device/tuning-folder.ts";
import { describeAdapters } from "../device.ts";
import { plural, short, table } from "../printing/format.ts";
import { EXIT_FAILURE, type Terminal } from "../printing/terminal.ts";

/**
 * `isoflop adapters`: what `--adapter` can choose from, and which variants of the kernels were measured to be fastest on
 * each. Exit code 1 when there is none.
 */
export async function adaptersCommand(
	terminal: Terminal,
	options: { json?: boolean },
	folder = new TuningFolder(),
): Promise<number> {
	const adapters = await Promise.all(
		(await describeAdapters()).map(async (description) => ({
			...description,
			variants: (await keptTuning(folder, description.adapter, TUNING_PROBLEMS))?.variants ?? null,
		})),
	);
	if (options.json) terminal.json(adapters);
	else if (adapters.length === 0)
		terminal.say("no adapter found; a GPU with its driver is needed, or a software one such as lavapipe");
	else {
		const rows = adapters.map(({ name, backend, software, limits, features, variants }) => [
			name,
			backend,
			software ? "software" : "hardware",
			`${short(limits.maxStorageBufferBindingSize)}B`,
			plural(features.length, "feature"),
			variants ? "measured" : "not yet",
		]);
		const titles = ["name", "API", "kind", "largest binding", "features", "kernels"];
		for (const line of table([titles, ...rows])) terminal.print(line);
	}
	return adapters.length === 0 ? EXIT_FAILURE : 0;
}
