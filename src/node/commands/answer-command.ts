import { existsSync } from "node:fs";
import { answer } from "../../experiments/answers.ts";
import { figureCsv } from "../../figures/csv.ts";
import { figureSvg } from "../../figures/svg.ts";
import { planOfRuns } from "../../study/plan-of-runs.ts";
import { readRuns } from "../files/read-runs.ts";
import { readStudy } from "../files/read-study.ts";
import { STUDY_FILE } from "../files/study-folder.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { answerJson, answerLines } from "../printing/answer-lines.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { numberOption } from "./number-option.ts";

export interface AnswerArguments {
	json?: boolean;
	/** A preset or a file; by default the study.json beside the runs. */
	study?: string;
	/** File for the figure as SVG. */
	plot?: string;
	/** File for the figure's table as CSV. */
	csv?: string;
	resamples?: string;
	seed?: string;
	interval?: string;
}

/** `isoflop answer`: what stored runs say about the question of their study's experiment. */
export async function answerCommand(terminal: Terminal, path: string, given: AnswerArguments): Promise<number> {
	const options = {
		resamples: numberOption("--resamples", given.resamples ?? "1000", 0, 1e6, true),
		seed: numberOption("--seed", given.seed ?? "42", 0, 2 ** 32 - 1, true),
		interval: numberOption("--interval", given.interval ?? "0.9", 0.01, 0.999),
	};
	const { file, results, studyFile } = await readRuns(path, terminal.say);
	if (given.study === undefined && !existsSync(studyFile))
		throw new UsageError(`${file} has no ${STUDY_FILE} beside it; name its study with --study`);
	const study = await readStudy(given.study ?? studyFile, undefined, terminal.say);
	const found = answer(await planOfRuns(study, results), results, options);
	if (!found)
		throw new UsageError(
			`the study "${study.name}" names no experiment, so it has no question; isoflop fit fits its runs`,
		);
	if (given.plot !== undefined) await writeAtomically(given.plot, figureSvg(found.figure, PICTURE));
	if (given.csv !== undefined) await writeAtomically(given.csv, figureCsv(found.figure));
	if (given.json) terminal.json(answerJson(found));
	else for (const line of answerLines(found)) terminal.print(line);
	return 0;
}

/** Size of the picture in CSS pixels, and its colors. */
const PICTURE = { width: 800, height: 500, theme: "light" } as const;
