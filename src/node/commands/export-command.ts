import { join } from "node:path";
import { kindOf, obstacles } from "../../model/hugging-face-config.ts";
import { findModel } from "../files/find-model.ts";
import { writeModelFolder } from "../files/model-folder.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";

export interface ExportOptions {
	json?: boolean;
	/** Start of a run's id, for a study folder. */
	run?: string;
	/** Folder to write; by default `<path>/models/<id>`. */
	out?: string;
}

/** `isoflop export`: writes a trained model as a Hugging Face folder. */
export async function exportCommand(terminal: Terminal, path: string, options: ExportOptions): Promise<number> {
	const { config, weights, about } = await findModel(path, options.run, terminal.say);
	if (config.architecture === "lstm")
		throw new UsageError(
			`export: the model of ${path} is an LSTM, and transformers has no format for an LSTM language model; ` +
				"it must be a transformer (isoflop sample reads an LSTM's own weights)",
		);
	const model = { config, weights, about };
	const out = options.out ?? join(path.replace(/\.safetensors$/, ""), "models", String(model.about.id ?? "model"));
	await writeModelFolder(out, model);
	const kind = kindOf(model.config);
	if (options.json) terminal.json({ out, kind, config: model.config, ...model.about });
	else terminal.print(out);
	if (kind === "isoflop") {
		const { gpt2, llama } = obstacles(model.config);
		terminal.say(
			"isoflop can load this folder but transformers cannot: " +
				`GPT-2 requires ${gpt2.join(", ")}; Llama requires ${llama.join(", ")}`,
		);
	}
	if (kind !== "isoflop" && model.config.baseWidth !== null)
		terminal.say(
			"the multipliers of μP are folded into the last norm and the queries, so the model computes the same without them",
		);
	return 0;
}
