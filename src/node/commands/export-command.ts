import { join } from "node:path";
import { kindOf, obstacles } from "../../model/hugging-face-config.ts";
import { findModel } from "../files/find-model.ts";
import { writeModelFolder } from "../files/model-folder.ts";
import type { Terminal } from "../printing/terminal.ts";

export interface ExportOptions {
	json?: boolean;
	/** Beginning of a run's id, where the path is a study's folder. */
	run?: string;
	/** Folder to write; `<path>/models/<id>` of a run unless given. */
	out?: string;
}

/** `isoflop export`: writes a trained model as Hugging Face's folder. */
export async function exportCommand(terminal: Terminal, path: string, options: ExportOptions): Promise<number> {
	const model = await findModel(path, options.run);
	const out = options.out ?? join(path.replace(/\.safetensors$/, ""), "models", String(model.about.id ?? "model"));
	await writeModelFolder(out, model);
	const kind = kindOf(model.config);
	if (options.json) terminal.json({ out, kind, config: model.config, ...model.about });
	else terminal.print(out);
	if (kind === "isoflop") {
		const { gpt2, llama } = obstacles(model.config);
		terminal.say(
			`transformers cannot load it, isoflop can: it would have to have ${gpt2.join(", ")} as GPT-2 has, ` +
				`or ${llama.join(", ")} as Llama has`,
		);
	}
	if (kind !== "isoflop" && model.config.baseWidth !== null)
		terminal.say("the multipliers of μP are in its last norm and its queries: it computes the same without them");
	return 0;
}
