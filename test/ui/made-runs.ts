import type { RunResult } from "../../src/run/run-result.ts";
import { runId } from "../../src/run/run-spec.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { fakeLab } from "./fake-lab.ts";

const study = {
	...{ name: "made", corpora: ["sotu"], vocabularies: [2048], context: 16, batchSequences: [256] },
	sizes: [8, 16, 24, 32].map((width, i) => ({ width, layers: i < 2 ? 1 : 2, heads: 2 })),
	...{ learningRates: [0.003, 0.01, 0.03], seeds: [1, 2, 3] },
	schedules: [{ kind: "constant" }, { kind: "cosine" }],
};

/** The study of 72 runs that `madeRuns` begins with. */
export const madeStudy = (steps = 400) => validateStudy({ ...study, steps: [steps] });

/** Finished runs of four sizes, three rates, two schedules and three seeds, with curves of `steps` points. */
export async function madeRuns(steps = 400): Promise<RunResult[]> {
	const { training } = fakeLab({ stored: 72 });
	const plan = await training.plan(madeStudy(steps));
	return training.stored(plan.runs.map(({ id }) => id));
}

/** As many runs as are asked for, with ever other seeds and short curves. */
export async function manyRuns(count: number): Promise<RunResult[]> {
	const pattern = await madeRuns(10);
	return Promise.all(
		Array.from({ length: count }, async (_, i) => {
			const { spec, ...rest } = pattern[i % pattern.length]!;
			const other = { ...spec, seed: spec.seed + 3 * Math.floor(i / pattern.length) };
			return { ...rest, spec: other, id: await runId(other) };
		}),
	);
}
