import type { LeftOut } from "../analysis/fitting/fit.ts";
import { chooseRates } from "../analysis/method1/choose-rates.ts";
import type { PointRow } from "../analysis/points/points-file.ts";
import { flopsPerTokenByPart } from "../architecture/flops.ts";
import type { RunResult } from "../run/run-result.ts";

/**
 * Converts runs to rows like those of a file of points, using each size's best learning rate. With a constant learning
 * rate every point of the loss curve after warmup stands for a shorter run. With any other schedule the rate is still
 * high before the end, so only the final loss counts (Hoffmann et al. 2022, section 3.1).
 */
export function rowsOfRuns(runs: readonly RunResult[]): { rows: PointRow[]; leftOut: LeftOut[] } {
	const { choices, leftOut } = chooseRates(runs);
	const byId = new Map(runs.map((run, i) => [run.id, { ...run, line: i + 1 }]));
	const rows: PointRow[] = [];
	for (const { chosen, members } of choices)
		for (const [m, id] of chosen.runIds.entries()) {
			const { line, spec, parameters, tokens, curve: measured } = byId.get(id)!;
			const { vocabulary, width } = spec.model;
			const row = {
				line,
				run: id,
				total: parameters.total,
				nonEmbedding: parameters.nonEmbedding,
				head: vocabulary * width,
				flops: null,
				uniqueTokens: spec.corpus.uniqueTokens ?? null,
				budget: null,
				cost: flopsPerTokenByPart(spec.model),
			};
			const { curve } = members[m]!;
			const constant = spec.schedule.kind === "constant";
			if (!constant) rows.push({ ...row, tokens, loss: Math.exp(curve.logLoss.at(-1)!) });
			else {
				const warmup = spec.schedule.warmupSteps * spec.batchSequences * spec.model.context;
				for (const [i, at] of measured.tokens.entries()) {
					const loss = measured.loss[i]!;
					if (at > warmup && loss > 0) rows.push({ ...row, tokens: at, loss });
				}
			}
		}
	return { rows, leftOut };
}
