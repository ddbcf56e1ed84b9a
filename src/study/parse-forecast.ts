import * as v from "valibot";
import { ForecastError } from "./check-unseen.ts";
import type { Forecast } from "./forecast.ts";
import { HOLD_OUTS } from "./hold-out.ts";

const number = v.pipe(v.number(), v.finite());
const nullable = v.nullable(number);
const predicted = v.nullable(v.object({ loss: number, low: nullable, high: nullable }));
const text = v.string();
const ids = v.array(text);

const schema = v.object({
	study: v.object({ name: text, hash: text }),
	by: v.picklist(HOLD_OUTS),
	sealedAt: v.pipe(text, v.isoTimestamp()),
	...{ interval: number, resamples: number, seed: number },
	...{ used: ids, usedHash: text, heldOut: ids },
	targets: v.array(v.object({ parameters: number, tokens: number, flops: number, runs: ids, seeds: number })),
	laws: v.array(
		v.object({
			...{ law: text, title: text, formula: text, reason: v.nullable(text) },
			parameters: v.record(text, number),
			...{ targets: v.array(predicted), best: predicted },
		}),
	),
});

/** Reads a sealed forecast from JSON. @throws ForecastError naming the field */
export function parseForecast(json: string): Forecast {
	let value: unknown;
	try {
		value = JSON.parse(json);
	} catch (error) {
		throw new ForecastError(`the forecast is not valid JSON: ${(error as Error).message}`);
	}
	const parsed = v.safeParse(schema, value, { abortEarly: true });
	if (!parsed.success) {
		const [issue] = parsed.issues;
		throw new ForecastError(
			`the forecast's field "${v.getDotPath(issue) ?? ""}" is not as it was sealed: ${issue.message}`,
		);
	}
	const { targets, laws, heldOut } = parsed.output;
	const known = new Set(targets.flatMap(({ runs }) => runs));
	if (heldOut.some((id) => !known.has(id)) || laws.some((law) => law.targets.length !== targets.length))
		throw new ForecastError(
			"the forecast's targets do not cover the runs that are set aside; it is not as it was sealed",
		);
	return parsed.output;
}
