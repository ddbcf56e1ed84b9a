import { keptTuning } from "../../gpu/kept-tuning.ts";
import { TUNING_PROBLEMS } from "../../kernels/tuning-problems.ts";
import { TuningFolder } from "../device/tuning-folder.ts";
import { ADAPTER_ADVICE, describeAdapters } from "../device.ts";
import { plural, short, table } from "../printing/format.ts";
import { EXIT_FAILURE, type Terminal } from "../printing/terminal.ts";

/**
 * `isoflop adapters`: the adapters that `--adapter` can select, and the fastest kernel variants measured on each. Exit
 * code 1 without adapters.
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
	else if (adapters.length === 0) terminal.say(`no adapter found; ${ADAPTER_ADVICE}`);
	else {
		const rows = adapters.map(({ name, backend, software, limits, features, variants }) => [
			name,
			backend,
			software ? "software" : "hardware",
			`${short(limits.maxStorageBufferBindingSize)}B`,
			plural(features.length, "feature"),
			variants ? "measured" : "not measured",
		]);
		const titles = ["name", "API", "kind", "largest binding", "features", "kernels"];
		for (const line of table([titles, ...rows])) terminal.print(line);
	}
	return adapters.length === 0 ? EXIT_FAILURE : 0;
}
