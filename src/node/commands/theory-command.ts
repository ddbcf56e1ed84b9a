import { join } from "node:path";
import { figureSvg } from "../../figures/svg.ts";
import { PREDICTION_CAVEAT, predictPlan } from "../../study/prediction.ts";
import { THEORY_CHARTS } from "../../theory/charts/theory-charts.ts";
import { EMBEDDING_BOUNDS, type Embedding, PAPER_EMBEDDING } from "../../theory/embedding.ts";
import type { EmbeddingFit } from "../../theory/embedding-fit.ts";
import { figures, type TheoryFigures } from "../../theory/figures.ts";
import { compareFlops } from "../../theory/hoffmann-flops.ts";
import { fitEmbeddings, requireFinite, theoryReport } from "../../theory/report.ts";
import type { Specification } from "../../theory/specifications.ts";
import { makeFolder } from "../files/disk-error.ts";
import { type ModelConfigs, readModelConfigs } from "../files/model-configs-file.ts";
import { readStudy } from "../files/read-study.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { type Terminal, UsageError } from "../printing/terminal.ts";
import { type ConfigurationSection, type StudySection, theoryTable } from "../printing/theory-table.ts";
import { readTotalSpecification } from "./law-option.ts";
import { numberOption } from "./number-option.ts";
import { planFor } from "./plan-command.ts";

/** Tokens of a sequence in Chinchilla's training, for configurations without another. */
const DEFAULT_CONTEXT = 2048;

export interface TheoryOptions {
	spec?: string;
	omega?: string;
	delta?: string;
	study?: string;
	corpus?: string;
	configs?: string;
	vocabulary?: string;
	context?: string;
	figures?: boolean;
	/** Folder for the figures as SVG. */
	plot?: string;
	json?: boolean;
}

/** `isoflop theory`: the closed forms of Pearce & Song for a law of loss, and what they predict of a study. */
export async function theoryCommand(terminal: Terminal, options: TheoryOptions): Promise<number> {
	if (options.figures && !options.json) throw new UsageError("--figures gives columns of numbers; it needs --json");
	const specification = await readTotalSpecification("--spec", options.spec ?? "epoch");
	const vocabulary = optionalNumber("--vocabulary", options.vocabulary, 1e9);
	const context = optionalNumber("--context", options.context, 1e9) ?? DEFAULT_CONTEXT;
	const models =
		options.configs === undefined ? null : await readModelConfigs(options.configs, vocabulary, terminal.say);
	try {
		const configurations = models && describeConfigurations(models, vocabulary, context);
		const embedding = chooseEmbedding(options, configurations?.fits ?? []);
		const study = options.study === undefined ? null : await predictStudy(terminal, options, specification);
		const report = theoryReport(specification, embedding);
		const drawn =
			options.figures || options.plot !== undefined
				? figures(specification.law, embedding, models?.counts ?? [])
				: null;
		requireFinite({ study, configurations, figures: drawn });
		if (drawn && options.plot !== undefined) await plot(options.plot, drawn);
		if (options.json) terminal.json({ ...report, configurations, study, ...(options.figures && { figures: drawn }) });
		else for (const line of theoryTable(report, study, configurations)) terminal.print(line);
		return 0;
	} catch (error) {
		if (error instanceof RangeError) throw new UsageError(`theory: ${error.message}`, { cause: error });
		throw error;
	}
}

/** Writes each figure to a file of its name. */
async function plot(folder: string, numbers: TheoryFigures): Promise<void> {
	await makeFolder(folder);
	for (const chart of Object.values(THEORY_CHARTS)) {
		const figure = chart(numbers, null);
		await writeAtomically(join(folder, `${figure.name}.svg`), figureSvg(figure));
	}
}

function optionalNumber(name: string, text: string | undefined, high: number): number | null {
	return text === undefined ? null : numberOption(name, text, 1, high);
}

function describeConfigurations(
	{ counts, shapes }: ModelConfigs,
	vocabulary: number | null,
	context: number,
): ConfigurationSection {
	return {
		fits: fitEmbeddings(counts),
		flops: shapes && vocabulary !== null ? shapes.map((shape) => compareFlops(shape, { context, vocabulary })) : null,
	};
}

/** What was given; else what the paper's procedure finds in the configurations; else the paper's. */
function chooseEmbedding(options: TheoryOptions, fits: readonly EmbeddingFit[]): Embedding {
	const fitted = fits.find(({ method, fixedDelta }) => method === "log-total" && !fixedDelta);
	if (fitted && options.omega === undefined && options.delta === undefined && fitted.delta >= 0 && fitted.delta < 1)
		return { omega: fitted.omega, delta: fitted.delta };
	return {
		omega:
			options.omega === undefined
				? PAPER_EMBEDDING.omega
				: numberOption("--omega", options.omega, ...EMBEDDING_BOUNDS.omega),
		delta:
			options.delta === undefined
				? PAPER_EMBEDDING.delta
				: numberOption("--delta", options.delta, ...EMBEDDING_BOUNDS.delta),
	};
}

async function predictStudy(terminal: Terminal, options: TheoryOptions, { law }: Specification): Promise<StudySection> {
	const study = await readStudy(options.study!, options.corpus, terminal.say);
	return { name: study.name, caveat: PREDICTION_CAVEAT, predictions: predictPlan(await planFor(study), law) };
}
