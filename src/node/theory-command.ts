import { type PlanPrediction, PREDICTION_CAVEAT, predictPlan } from "../study/prediction.ts";
import {
	type Embedding,
	type EmbeddingFit,
	figures,
	fitEmbeddings,
	type ModelCounts,
	PAPER_EMBEDDING,
	requireFinite,
	type Specification,
	theoryReport,
} from "../theory/index.ts";
import { readSpecification } from "./law-option.ts";
import { readModelCounts } from "./model-counts-file.ts";
import { numberOption } from "./number-option.ts";
import { planFor } from "./plan-command.ts";
import { readStudy } from "./read-study.ts";
import { type Terminal, UsageError } from "./terminal.ts";
import { theoryTable } from "./theory-table.ts";

export interface TheoryOptions {
	spec?: string;
	omega?: string;
	delta?: string;
	study?: string;
	corpus?: string;
	configs?: string;
	vocabulary?: string;
	figures?: boolean;
	json?: boolean;
}

/** What a study should show, in JSON and in the table. */
export interface StudySection {
	name: string;
	caveat: string;
	/** One for each vocabulary and context. */
	predictions: PlanPrediction[];
}

/** `isoflop theory`: the closed forms of Pearce & Song for a law of loss, and what they predict of a study. */
export async function theoryCommand(terminal: Terminal, options: TheoryOptions): Promise<number> {
	if (options.figures && !options.json) throw new UsageError("--figures gives columns of numbers; it needs --json");
	const specification = await readSpecification("--spec", options.spec ?? "epoch");
	const vocabulary = options.vocabulary === undefined ? null : numberOption("--vocabulary", options.vocabulary, 1, 1e9);
	const models = options.configs === undefined ? [] : await readModelCounts(options.configs, vocabulary);
	try {
		const configurations = models.length > 0 ? fitEmbeddings(models) : null;
		const embedding = chooseEmbedding(options, configurations);
		const study = options.study === undefined ? null : await predictStudy(options, specification);
		const report = theoryReport(specification, embedding);
		requireFinite({ study, configurations });
		if (!options.json) for (const line of theoryTable(report, study, configurations)) terminal.print(line);
		else
			terminal.json({ ...report, configurations, study, ...figureColumns(options, specification, embedding, models) });
		return 0;
	} catch (error) {
		if (error instanceof RangeError) throw new UsageError(`theory: ${error.message}`, { cause: error });
		throw error;
	}
}

/** What was given; else what the paper's procedure finds in the configurations; else the paper's. */
function chooseEmbedding(options: TheoryOptions, fits: readonly EmbeddingFit[] | null): Embedding {
	const fitted = fits?.find(({ method, fixedDelta }) => method === "log-total" && !fixedDelta) ?? null;
	if (fitted && options.omega === undefined && options.delta === undefined && fitted.delta >= 0 && fitted.delta < 1)
		return { omega: fitted.omega, delta: fitted.delta };
	return {
		omega: options.omega === undefined ? PAPER_EMBEDDING.omega : numberOption("--omega", options.omega, 0, 1e12),
		delta: options.delta === undefined ? PAPER_EMBEDDING.delta : numberOption("--delta", options.delta, 0, 0.99),
	};
}

async function predictStudy(options: TheoryOptions, { law }: Specification): Promise<StudySection> {
	const study = await readStudy(options.study!, options.corpus);
	return { name: study.name, caveat: PREDICTION_CAVEAT, predictions: predictPlan(await planFor(study), law) };
}

function figureColumns(
	{ figures: wanted }: TheoryOptions,
	{ law }: Specification,
	embedding: Embedding,
	models: readonly ModelCounts[],
) {
	if (!wanted) return {};
	const columns = figures(law, embedding, models);
	requireFinite(columns);
	return { figures: columns };
}
