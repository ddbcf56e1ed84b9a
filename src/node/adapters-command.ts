import { describeAdapters } from "./device.ts";
import { plural, short, table } from "./format.ts";
import { EXIT_FAILURE, type Terminal } from "./terminal.ts";

/** `isoflop adapters`: what `--adapter` can choose from. Exit code 1 when there is none. */
export async function adaptersCommand(terminal: Terminal, options: { json?: boolean }): Promise<number> {
	const adapters = await describeAdapters();
	if (options.json) terminal.json(adapters);
	else if (adapters.length === 0)
		terminal.say("no adapter found; a GPU with its driver is needed, or a software one such as lavapipe");
	else {
		const rows = adapters.map(({ name, backend, software, limits, features }) => [
			name,
			backend,
			software ? "software" : "hardware",
			`${short(limits.maxStorageBufferBindingSize)}B`,
			plural(features.length, "feature"),
		]);
		for (const line of table([["name", "API", "kind", "largest binding", "features"], ...rows])) terminal.print(line);
	}
	return adapters.length === 0 ? EXIT_FAILURE : 0;
}
