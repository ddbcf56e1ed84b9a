import type { RunResult } from "../../run/run-result.ts";
import { checkUnseen, ForecastError } from "../../study/check-unseen.ts";
import { type Forecast, sealForecast } from "../../study/forecast.ts";
import { HOLD_OUTS, type HoldOut, heldOutRuns } from "../../study/hold-out.ts";
import type { Plan } from "../../study/plan.ts";
import { FORECAST_FILE, writeForecast } from "../files/forecast-file.ts";
import type { StudyFolder } from "../files/study-folder.ts";
import { forecastLines } from "../printing/forecast-lines.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";

/** Which runs `--hold-out` sets aside; null without the option. @throws UsageError */
export function holdOutOf(text: string | undefined): HoldOut | null {
	if (text === undefined) return null;
	const by = HOLD_OUTS.find((each) => each === text);
	if (by === undefined) throw new UsageError(`--hold-out is "${text}"; it must be one of ${HOLD_OUTS.join(", ")}`);
	return by;
}

/**
 * The runs that are to be set aside until a forecast of them is sealed; null where one is, or none is asked for.
 *
 * @param stored results of the study
 * @throws StudyError if the study leaves nothing to fit; ForecastError if it is too late, or another one is sealed
 */
export function runsToSetAside(
	plan: Plan,
	by: HoldOut | null,
	sealed: Forecast | null,
	stored: readonly RunResult[],
): string[] | null {
	if (by === null) return null;
	if (sealed && sealed.by !== by)
		throw new ForecastError(
			`"${plan.study.name}" has a forecast sealed with --hold-out ${sealed.by}, and --hold-out is ${by}; give another folder with --out`,
		);
	const heldOut = heldOutRuns(plan, by);
	if (sealed) return null;
	checkUnseen(plan, heldOut, new Set(stored.map(({ id }) => id)));
	return heldOut;
}

/** Fits the laws to the kept runs of a folder, and seals what they predict of the others beside them. */
export async function sealInFolder(
	terminal: Terminal,
	plan: Plan,
	by: HoldOut,
	folder: StudyFolder,
): Promise<Forecast> {
	const results = await folder.load(plan.runs.map(({ id }) => id));
	const forecast = await sealForecast(plan, by, results, { now: new Date() });
	await writeForecast(folder.path, forecast);
	for (const line of forecastLines(forecast)) terminal.say(line);
	terminal.say(`the forecast is sealed in ${folder.path}: ${FORECAST_FILE}; now the runs set aside train`);
	return forecast;
}
