import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { forecastFigure } from "../../experiments/figures/forecast-figure.ts";
import { figureSvg } from "../../figures/svg.ts";
import { judgeForecast } from "../../study/judge-forecast.ts";
import { FORECAST_FILE, readForecast } from "../files/forecast-file.ts";
import { readRuns } from "../files/read-runs.ts";
import { readStudy } from "../files/read-study.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { asciiKeys } from "../printing/ascii-keys.ts";
import { forecastLines, judgementLines } from "../printing/forecast-lines.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";

export interface ForecastArguments {
	json?: boolean;
	/** File for the figure as SVG. */
	plot?: string;
}

/** `isoflop forecast`: the sealed forecast of a study's folder and, as far as the runs set aside have finished, what came of it. */
export async function forecastCommand(terminal: Terminal, path: string, given: ForecastArguments): Promise<number> {
	const { file, results, studyFile } = await readRuns(path, terminal.say);
	const study = existsSync(studyFile) ? await readStudy(studyFile, undefined, terminal.say) : null;
	const forecast = await readForecast(dirname(file), study);
	if (!forecast)
		throw new UsageError(
			`${file} has no ${FORECAST_FILE} beside it; isoflop run with --hold-out seals one as it trains`,
		);
	const judgement = await judgeForecast(forecast, results);
	if (given.plot !== undefined)
		await writeAtomically(given.plot, figureSvg(forecastFigure(forecast, judgement), PICTURE));
	if (given.json) terminal.json(asciiKeys({ forecast, judgement }));
	else
		for (const line of [...forecastLines(forecast), "", ...judgementLines(forecast, judgement)]) terminal.print(line);
	return 0;
}

/** Size of the picture in CSS pixels, and its colors. */
const PICTURE = { width: 800, height: 500, theme: "light" } as const;
