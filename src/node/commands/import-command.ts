import { basename } from "node:path";
import { shapeText } from "../../architecture/shape-text.ts";
import { parameterCounts } from "../../architecture/size.ts";
import { readModelFolder } from "../files/model-folder.ts";
import { modelHash, writeWeightsFile } from "../files/weights-file.ts";
import { short } from "../printing/format.ts";
import type { Terminal } from "../printing/terminal.ts";

export interface ImportOptions {
	json?: boolean;
	/** Weights file to write; by default `<folder name>.safetensors`. */
	out?: string;
}

/** `isoflop import`: converts a Hugging Face folder of a GPT-2 or Llama model to a weights file. */
export async function importCommand(terminal: Terminal, path: string, options: ImportOptions): Promise<number> {
	const model = await readModelFolder(path, terminal.say);
	const out = options.out ?? `${basename(path.replace(/\/+$/, ""))}.safetensors`;
	await writeWeightsFile(out, { ...model, about: { importedFrom: path, ...model.about } });
	const { vocabulary, context } = model.config;
	const parameters = parameterCounts(model.config);
	if (options.json) terminal.json({ out, hash: modelHash(model), config: model.config, parameters });
	else
		terminal.print(
			`${out}: ${shapeText(model.config)}, ${short(parameters.total)} parameters, ` +
				`vocabulary ${vocabulary}, context ${context}; to start from it, add "initialWeights": "${out}" to a study`,
		);
	return 0;
}
