import { stat } from "node:fs/promises";
import { presetNamed } from "../../experiments/experiments.ts";
import { show } from "../../run/show.ts";
import { parseStudy } from "../../study/parse-study.ts";
import type { Study } from "../../study/study.ts";
import { StudyError } from "../../study/study-error.ts";
import { validateStudy } from "../../study/validate-study.ts";
import { UsageError } from "../printing/terminal.ts";
import { type Note, readText } from "./read-text.ts";

const MAX_BYTES = 4_000_000;
const LIST = "isoflop presets lists the presets";

/**
 * The study that an argument names: a preset or a file.
 *
 * @param corpus replaces the study's corpora
 * @param note hears how the file was read, where that is worth a word
 * @throws StudyError, UsageError
 */
export async function readStudy(argument: string, corpus?: string, note?: Note): Promise<Study> {
	const preset = presetNamed(argument);
	const study = preset ? preset.study : await readStudyFile(argument, note);
	return corpus === undefined ? study : validateStudy({ ...study, corpora: [corpus] });
}

async function readStudyFile(path: string, note?: Note): Promise<Study> {
	let text: string;
	try {
		const { size } = await stat(path);
		if (size > MAX_BYTES) throw new StudyError([], `${path} has ${size} bytes; the maximum is ${MAX_BYTES}`);
		text = await readText(path, note, MAX_BYTES);
	} catch (error) {
		if (error instanceof StudyError) throw error;
		const { code, message } = error as NodeJS.ErrnoException;
		if (code === undefined) throw new StudyError([], message);
		throw new UsageError(
			code === "ENOENT"
				? `study: ${show(path)} is neither a preset nor a file; ${LIST}`
				: `study: the file ${show(path)} cannot be read (${code}); give a readable file or a preset; ${LIST}`,
		);
	}
	return parseStudy(text);
}
