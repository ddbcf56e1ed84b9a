import type { Plan } from "./plan.ts";

/** Thrown where there can be no forecast, or one does not belong to the runs given. */
export class ForecastError extends Error {
	override name = "ForecastError";
}

/** Refuses a forecast of runs whose results are known. @throws ForecastError */
export function checkUnseen(
	{ study }: Plan,
	heldOut: readonly string[],
	known: Pick<ReadonlyMap<string, unknown>, "has">,
): void {
	const seen = heldOut.filter((id) => known.has(id)).length;
	if (seen > 0)
		throw new ForecastError(
			`${seen} of the ${heldOut.length} runs that "${study.name}" would set aside ${seen === 1 ? "has its result" : "have their results"} ` +
				"already; a forecast is sealed before any of them has trained",
		);
}
