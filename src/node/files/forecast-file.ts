import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ForecastError } from "../../study/check-unseen.ts";
import { type Forecast, studyHash } from "../../study/forecast.ts";
import { parseForecast } from "../../study/parse-forecast.ts";
import type { Study } from "../../study/study.ts";

export const FORECAST_FILE = "forecast.json";

/**
 * The sealed forecast of a study's folder; null if there is none.
 *
 * @param study of the folder; null where it is unknown
 * @throws ForecastError naming the file, if it is no forecast or one of another study
 */
export async function readForecast(folder: string, study: Study | null): Promise<Forecast | null> {
	const path = join(folder, FORECAST_FILE);
	let text: string;
	try {
		text = await readFile(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
		throw error;
	}
	let forecast: Forecast;
	try {
		forecast = parseForecast(text);
	} catch (error) {
		throw new ForecastError(`${path}: ${(error as Error).message}`, { cause: error });
	}
	if (study && (await studyHash(study)) !== forecast.study.hash)
		throw new ForecastError(
			`${path} was sealed for another study, "${forecast.study.name}", than that of its folder, "${study.name}"`,
		);
	return forecast;
}

/**
 * Seals a forecast: when this resolves, it is on disk. A file that is there is never overwritten.
 *
 * @throws ForecastError if the folder has one
 */
export async function writeForecast(folder: string, forecast: Forecast): Promise<void> {
	const path = join(folder, FORECAST_FILE);
	const file = await open(path, "wx").catch((error: NodeJS.ErrnoException) => {
		if (error.code !== "EEXIST") throw error;
		throw new ForecastError(`${path} is there already; a sealed forecast is not replaced`);
	});
	try {
		await file.writeFile(`${JSON.stringify(forecast, null, "\t")}\n`);
		await file.sync();
	} finally {
		await file.close();
	}
}
