import { fitStudy } from "../../analysis/fit-study.ts";
import { answer } from "../../experiments/answers.ts";
import type { RunStatus } from "../../run/choices.ts";
import { keptPlan } from "../../study/hold-out.ts";
import { judgeForecast } from "../../study/judge-forecast.ts";
import { readForecast } from "../files/forecast-file.ts";
import { readStudy } from "../files/read-study.ts";
import { FITS_FILE, RUNS_FILE, STUDY_FILE } from "../files/study-folder.ts";
import { answerJson, answerLines } from "../printing/answer-lines.ts";
import { asciiKeys } from "../printing/ascii-keys.ts";
import { fitTable } from "../printing/fit-table.ts";
import { judgementLines } from "../printing/forecast-lines.ts";
import { plural } from "../printing/format.ts";
import { EXIT_INTERRUPTED, type Terminal } from "../printing/terminal.ts";
import { holdOutOf, runsToSetAside, sealInFolder } from "./hold-out-option.ts";
import { notesOf, type TrainOptions, trainStudy } from "./train-study.ts";

export interface RunOptions extends TrainOptions {
	/** Which runs are set aside until their losses are predicted: see `HOLD_OUTS`. */
	holdOut?: string;
}

/** `isoflop run`: trains the unfinished runs of a study, saves each result, and fits them. */
export async function runCommand(given: Terminal, argument: string, options: RunOptions): Promise<number> {
	const terminal = notesOf(given, options);
	const study = await readStudy(argument, options.corpus, terminal.say);
	// Read and sealed while the study trains.
	const sealed: { forecast?: Awaited<ReturnType<typeof readForecast>> } = {};
	const trained = await trainStudy(given, study, options, async (plan, path, before) => {
		const by = holdOutOf(options.holdOut);
		sealed.forecast = await readForecast(path, study);
		const heldOut = runsToSetAside(plan, by, sealed.forecast, before);
		if (!heldOut) return null;
		return {
			plan: keptPlan(plan, heldOut),
			async ended(folder) {
				sealed.forecast = await sealInFolder(terminal, plan, by!, folder);
			},
		};
	});
	if (!trained) return EXIT_INTERRUPTED;
	const { plan, gpu, folder, results, stored } = trained;
	const fits = fitStudy(results);
	await folder.writeFits(fits);
	// The headline experiment is answered by the fits themselves.
	const found = study.experiment === "reconcile" ? null : answer(plan, results);
	const { forecast } = sealed;
	const judgement = forecast && (await judgeForecast(forecast, results));
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
			...(forecast && { forecast: asciiKeys(forecast), judgement }),
		});
	} else {
		for (const line of found ? answerLines(found) : fitTable(fits)) terminal.print(line);
		if (forecast && judgement) for (const line of ["", ...judgementLines(forecast, judgement)]) terminal.print(line);
	}
	terminal.say(
		`results of ${plural(results.length, "run")} are in ${folder.path}: ${STUDY_FILE}, ${RUNS_FILE}, ${FITS_FILE}`,
	);
	return 0;
}
