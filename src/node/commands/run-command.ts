import { fitStudy } from "../../analysis/fit-study.ts";
import { answer } from "../../experiments/answers.ts";
import type { RunStatus } from "../../run/choices.ts";
import { readStudy } from "../files/read-study.ts";
import { FITS_FILE, RUNS_FILE, STUDY_FILE } from "../files/study-folder.ts";
import { answerJson, answerLines } from "../printing/answer-lines.ts";
import { fitTable } from "../printing/fit-table.ts";
import { plural } from "../printing/format.ts";
import { EXIT_INTERRUPTED, type Terminal } from "../printing/terminal.ts";
import { type TrainOptions, trainStudy } from "./train-study.ts";

/** `isoflop run`: trains the unfinished runs of a study, saves each result, and fits them. */
export async function runCommand(terminal: Terminal, argument: string, options: TrainOptions): Promise<number> {
	const study = await readStudy(argument, options.corpus);
	const trained = await trainStudy(terminal, study, options);
	if (!trained) return EXIT_INTERRUPTED;
	const { plan, gpu, folder, results, progress } = trained;
	const fits = fitStudy(results);
	await folder.writeFits(fits);
	// The headline experiment is answered by the fits themselves.
	const found = study.experiment === "reconcile" ? null : answer(plan, results);
	const stored = progress.runs.filter((run) => run.status === "stored").length;
	if (options.json) {
		const count = (status: RunStatus) => results.filter((result) => result.status === status).length;
		terminal.json({
			...{
				out: folder.path,
				adapter: gpu.name,
				runs: { trained: results.length - stored, stored, diverged: count("diverged"), stopped: count("stopped") },
				fits,
			},
			...(found && { answer: answerJson(found) }),
		});
	} else for (const line of found ? answerLines(found) : fitTable(fits)) terminal.print(line);
	terminal.say(
		`results of ${plural(results.length, "run")} are in ${folder.path}: ${STUDY_FILE}, ${RUNS_FILE}, ${FITS_FILE}`,
	);
	return 0;
}
