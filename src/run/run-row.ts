import { canonicalJson, sha256 } from "./canonical-json.ts";
import { finalTrainingLoss } from "./final-loss.ts";
import type { RunNote, RunRow } from "./run-note.ts";
import type { RunResult } from "./run-result.ts";

/** A stored run as a row of a list. */
export async function runRow(result: RunResult, note?: RunNote): Promise<RunRow> {
	const { curve, measurements: _, validationCurve: _curve, variants: _variants, ...rest } = result;
	const { seed: _seed, ...others } = result.spec;
	const family = (await sha256(canonicalJson(others))).slice(0, 16);
	return { ...rest, ...note, trainingLoss: finalTrainingLoss(curve), family };
}
