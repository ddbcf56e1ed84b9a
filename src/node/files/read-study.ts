import { readFile, stat } from "node:fs/promises";
import { presetNamed } from "../../experiments/experiments.ts";
import { show } from "../../run/show.ts";
import { parseStudy } from "../../study/parse-study.ts";
import type { Study } from "../../study/study.ts";
import { StudyError } from "../../study/study-error.ts";
import { validateStudy } from "../../study/validate-study.ts";
import { UsageError } from "../printing/terminal.ts";

const MAX_BYTES = 4_000_000;
const LIST = "isoflop presets lists the presets";

/**
 * The study that an argument names: a preset or a file.
 *
 * @param corpus replaces the study's corpora
 * @throws StudyError, UsageError
 */
export async function readStudy(argument: string, corpus?: string): Promise<Study> {
	const preset = presetNamed(argument);
	const study = preset ? preset.study : await readStudyFile(argument);
	return corpus === undefined ? study : validateStudy({ ...study, corpora: [corpus] });
}

async function readStudyFile(path: string): Promise<Study> {
	let text: string;
	try {
		const { size } = await stat(path);
		if (size > MAX_BYTES) throw new StudyError([], `${path} has ${size} bytes; the maximum is ${MAX_BYTES}`);
		text = await readFile(path, "utf8");
	} catch (error) {
		if (error instanceof StudyError) throw error;
		const { code } = error as NodeJS.ErrnoException;
		throw new UsageError(
			code === "ENOENT"
				? `study: ${show(path)} is neither a preset nor a file; ${LIST}`
				: `study: the file ${show(path)} cannot be read (${code}); give a readable file or a preset; ${LIST}`,
		);
	}
	return parseStudy(text);
}
