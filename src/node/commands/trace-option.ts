import { join } from "node:path";
import { version } from "../../../package.json";
import type { Gpu } from "../../gpu/device.ts";
import { canonicalJson } from "../../run/canonical-json.ts";
import { type CorpusId, trainingParts } from "../../run/corpus-spec.ts";
import type { PlannedRun } from "../../run/events.ts";
import type { Plan } from "../../study/plan.ts";
import { traceRun } from "../../train/trace.ts";
import { writeTrace } from "../../train/trace-file.ts";
import { loadTokenized } from "../files/corpora.ts";
import { makeFolder } from "../files/disk-error.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { numberOption } from "./number-option.ts";

const MAX_TRACE_STEPS = 10_000;

/** The run and number of steps to trace, if `--trace` is given. Throws a UsageError. */
export function tracedRun(
	{ runs }: Plan,
	options: { trace?: string; traceRun?: string },
): { run: PlannedRun; steps: number } | undefined {
	if (options.trace === undefined) return undefined;
	const { traceRun = "" } = options;
	const run = runs.find(({ id }) => id.startsWith(traceRun));
	if (!run)
		throw new UsageError(`--trace-run is "${traceRun}"; it must be the start of a run id, such as ${runs[0]!.id}`);
	const max = Math.min(MAX_TRACE_STEPS, run.spec.steps);
	return { run, steps: numberOption("--trace", options.trace, 1, max, true) };
}

/** Records the first steps of a run in `traces/<id>.safetensors` in the study folder. Does not affect the run itself. */
export async function writeTraceOf(
	terminal: Terminal,
	gpu: Gpu,
	{ run, steps }: { run: PlannedRun; steps: number },
	folder: string,
	initialWeights?: ReadonlyMap<string, Float32Array>,
): Promise<void> {
	const { spec, id } = run;
	const load = ({ id }: CorpusId) => loadTokenized(id, spec.model.vocabulary);
	const training = await Promise.all(trainingParts(spec).map(load));
	const trace = await traceRun(gpu, run, { training, evaluations: [] }, steps, initialWeights);
	const path = join(folder, "traces", `${id}.safetensors`);
	await makeFolder(join(folder, "traces"));
	const notes = { run: id, spec: canonicalJson(spec), seed: String(spec.seed) };
	await writeAtomically(path, writeTrace(trace, { ...notes, oracle: `isoflop ${version} on ${gpu.name}, float32` }));
	terminal.say(`recorded ${steps} steps of run ${id} in ${path}; isoflop verify repeats them`);
}
