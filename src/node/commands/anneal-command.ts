import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { compareSchedules, type ScheduleComparison } from "../../analysis/schedules/compare-schedules.ts";
import { shapeText } from "../../architecture/shape-text.ts";
import { rankingFigure } from "../../experiments/anneal/ranking-figure.ts";
import { type ScheduleBlock, scheduleBlocks } from "../../experiments/anneal/schedule-blocks.ts";
import { figureSvg } from "../../figures/svg.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Plan } from "../../study/plan.ts";
import { planOfRuns } from "../../study/plan-of-runs.ts";
import { readRuns } from "../files/read-runs.ts";
import { readStudy } from "../files/read-study.ts";
import { STUDY_FILE } from "../files/study-folder.ts";
import { writeAtomically } from "../files/write-atomically.ts";
import { plural } from "../printing/format.ts";
import { rankingLines } from "../printing/ranking-table.ts";
import { EXIT_INTERRUPTED, type Terminal, UsageError } from "../printing/terminal.ts";
import { planFor } from "./plan-command.ts";
import { notesOf, type TrainOptions, trainStudy } from "./train-study.ts";

export interface AnnealOptions extends TrainOptions {
	/** The schedule that the others are compared with, by its name; by default the first. */
	reference?: string;
	/** File for the figure of the comparison with the largest budget, as SVG. */
	plot?: string;
}

/** A comparison and what it is of. */
interface Compared {
	block: ScheduleBlock;
	comparison: ScheduleComparison;
}

/** `isoflop anneal`: compares the schedules of a study, which it trains, or of a folder's finished runs. */
export async function annealCommand(terminal: Terminal, argument: string, options: AnnealOptions): Promise<number> {
	const isFolder = await stat(argument).then(
		(found) => found.isDirectory(),
		() => false,
	);
	if (isFolder && options.out !== undefined)
		throw new UsageError(`${argument} is a folder, whose runs are there already; --out is for a study to train`);
	const found = isFolder ? await storedRuns(argument) : await trained(terminal, argument, options);
	if (!found) return EXIT_INTERRUPTED;
	const compared = comparisonsOf(found.plan, found.results, options.reference);
	const missing = found.plan.runs.length - found.results.length;
	const largest = compared.reduce((best, each) => (each.block.tokens >= best.block.tokens ? each : best));
	if (options.plot !== undefined) {
		const title = `${shapeText(largest.block.schedules[0]!.spec.model)}: schedules compared`;
		await writeAtomically(options.plot, figureSvg(rankingFigure(largest.comparison, title), PICTURE));
	}
	if (options.json) terminal.json({ comparisons: compared.map(comparisonJson), missing });
	else
		for (const [i, { block, comparison }] of compared.entries()) {
			if (i > 0) terminal.print("");
			for (const line of rankingLines(block, comparison)) terminal.print(line);
		}
	if (missing > 0)
		terminal.say(
			`Note: ${plural(missing, "run")} of ${found.plan.runs.length} have not been trained; isoflop run does.`,
		);
	return 0;
}

interface Found {
	plan: Plan;
	results: RunResult[];
}

async function trained(terminal: Terminal, argument: string, options: AnnealOptions): Promise<Found | null> {
	const study = await readStudy(argument, options.corpus, notesOf(terminal, options).say);
	// Before hours of training rather than after them.
	comparisonsOf(await planFor(study), [], options.reference);
	return trainStudy(terminal, study, options);
}

async function storedRuns(path: string): Promise<Found> {
	const { file, results, studyFile } = await readRuns(path);
	if (!existsSync(studyFile)) throw new UsageError(`${file} has no ${STUDY_FILE} beside it, which names its schedules`);
	const plan = await planOfRuns(await readStudy(studyFile), results);
	const planned = new Set(plan.runs.map(({ id }) => id));
	return { plan, results: results.filter(({ id }) => planned.has(id)) };
}

/** A comparison for each model and budget that has several schedules. */
function comparisonsOf(plan: Plan, results: readonly RunResult[], reference: string | undefined): Compared[] {
	const blocks = scheduleBlocks(plan, results).filter(({ schedules }) => schedules.length > 1);
	const names = [...new Set(blocks.flatMap(({ schedules }) => schedules.map(({ name }) => name)))];
	if (blocks.length === 0)
		throw new UsageError(
			`the study "${plan.study.name}" has one schedule for each model and budget; a comparison needs two`,
		);
	if (reference !== undefined && !names.includes(reference))
		throw new UsageError(
			`--reference is "${reference}"; it must be one of ${names.map((name) => `"${name}"`).join(", ")}`,
		);
	return blocks.map((block) => {
		const own = block.schedules.map(({ name }) => name);
		const base = reference !== undefined && own.includes(reference) ? reference : own[0]!;
		return { block, comparison: compareSchedules(block.schedules, base) };
	});
}

function comparisonJson({ block, comparison }: Compared) {
	const { model, corpus, steps } = block.schedules[0]!.spec;
	return { model, corpus, steps, tokens: block.tokens, ...comparison };
}

/** Size of the picture in CSS pixels, and its colors. */
const PICTURE = { width: 800, height: 500, theme: "light" } as const;
