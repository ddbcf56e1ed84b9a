import { shapeText } from "../../architecture/shape-text.ts";
import type { TrainedModel } from "../../model/trained-model.ts";
import { LAPTOP_GPU, secondsFor } from "../../study/cost.ts";
import { expectationTexts } from "../../study/expectation-text.ts";
import type { Plan } from "../../study/plan.ts";
import { planStudy } from "../../study/planner.ts";
import { type PlanPrediction, PREDICTION_CAVEAT, predictPlan } from "../../study/prediction.ts";
import type { Study } from "../../study/study.ts";
import { corporaNamed } from "../../study/study-data.ts";
import { EPOCH } from "../../theory/specifications.ts";
import { corpusInfo } from "../files/corpora.ts";
import { findModel } from "../files/find-model.ts";
import { readStudy } from "../files/read-study.ts";
import { modelHash } from "../files/weights-file.ts";
import { duration, plural, short, table } from "../printing/format.ts";
import type { Terminal } from "../printing/terminal.ts";

/** `isoflop plan`: shows what a study would train. Needs no GPU. */
export async function planCommand(terminal: Terminal, argument: string, options: PlanOptions): Promise<number> {
	const plan = await planFor(await readStudy(argument, options.corpus, terminal.say));
	const predictions = predictPlan(plan, EPOCH.law);
	if (options.json)
		terminal.json({
			...plan,
			laptopSeconds: laptopSeconds(plan),
			prediction: { law: EPOCH, caveat: PREDICTION_CAVEAT, predictions },
		});
	else for (const line of planLines(plan, predictions)) terminal.print(line);
	return 0;
}

export interface PlanOptions {
	json?: boolean;
	corpus?: string;
}

/** The model whose weights a study starts from, if it names one. Throws a UsageError, or an Error naming the file. */
export async function initialWeights(study: Study): Promise<TrainedModel | undefined> {
	return study.initialWeights === undefined ? undefined : findModel(study.initialWeights);
}

/** Plans a study with the corpora of this machine. Throws a StudyError. */
export async function planFor(study: Study, given?: TrainedModel): Promise<Plan> {
	const model = given ?? (await initialWeights(study));
	// Only user files are requested by name; the planner reports unknown names together with their field.
	const corpora = await corpusInfo(corporaNamed(study).filter((id) => id.startsWith("file:")));
	return planStudy(study, corpora, model && { model: model.config, hash: modelHash(model) });
}

function laptopSeconds(plan: Plan): number {
	return secondsFor(plan.totals.cost, LAPTOP_GPU);
}

/** The plan as text: a line for each pack, totals, prediction and warnings. */
function planLines(plan: Plan, predictions: readonly PlanPrediction[]): string[] {
	const byId = new Map(plan.runs.map((run) => [run.id, run]));
	const rows = plan.packs.map((ids) => {
		const { spec } = byId.get(ids[0]!)!;
		const { parameters, tokens, flops } = plan.perRun[ids[0]!]!;
		return [
			shapeText(spec.model),
			String(ids.length),
			short(parameters.total),
			short(parameters.nonEmbedding),
			short(spec.steps),
			short(tokens),
			short(flops.total),
			short(flops.nonEmbedding),
		];
	});
	const { runs, tokens, flops } = plan.totals;
	return [
		...table([["pack", "runs", "N_T", "N_\\E", "steps", "tokens", "C_T", "C_\\E"], ...rows]),
		`${plural(runs, "run")}, ${short(tokens)} tokens, ${short(flops.total)} FLOP (C_T), ` +
			`about ${duration(laptopSeconds(plan))} on a laptop GPU`,
		...expectationTexts(predictions),
		...plan.warnings.map((warning) => `Note: ${warning}`),
	];
}
