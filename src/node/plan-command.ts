import { LAPTOP_GPU, secondsFor } from "../study/cost.ts";
import { type Plan, planStudy } from "../study/planner.ts";
import type { Study } from "../study/study.ts";
import { corporaNamed } from "../study/study-data.ts";
import { corpusInfo } from "./corpora.ts";
import { duration, plural, short, table } from "./format.ts";
import { readStudy } from "./read-study.ts";
import type { Terminal } from "./terminal.ts";

/** `isoflop plan`: what a study would train, without a GPU. */
export async function planCommand(terminal: Terminal, argument: string, options: PlanOptions): Promise<number> {
	const plan = await planFor(await readStudy(argument, options.corpus));
	if (options.json) terminal.json({ ...plan, laptopSeconds: laptopSeconds(plan) });
	else for (const line of planLines(plan)) terminal.print(line);
	return 0;
}

export interface PlanOptions {
	json?: boolean;
	corpus?: string;
}

/** Plans a study with the corpora that this machine has. Throws StudyError. */
export async function planFor(study: Study): Promise<Plan> {
	// Only files are asked for by name: of a name that is none, the planner tells the field.
	return planStudy(study, await corpusInfo(corporaNamed(study).filter((id) => id.startsWith("file:"))));
}

function laptopSeconds(plan: Plan): number {
	return secondsFor(plan.totals.cost, LAPTOP_GPU);
}

/** The plan for people: a line for each pack, the sum, and what to know before. */
function planLines(plan: Plan): string[] {
	const byId = new Map(plan.runs.map((run) => [run.id, run]));
	const rows = plan.packs.map((ids) => {
		const { spec } = byId.get(ids[0]!)!;
		const { parameters, tokens, flops } = plan.perRun[ids[0]!]!;
		const { width, layers, heads } = spec.model;
		return [
			`width ${width}, ${plural(layers, "layer")}, ${plural(heads, "head")}`,
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
			`about ${duration(laptopSeconds(plan))} on a laptop's GPU`,
		...plan.warnings.map((warning) => `Note: ${warning}`),
	];
}
