import type { Flops, ParameterCounts } from "../architecture/size.ts";
import type { PlannedRun } from "../run/events.ts";
import type { Cost } from "./cost.ts";
import type { Study } from "./study.ts";

/** What is known of a run before it trains. */
export interface RunPlan {
	parameters: ParameterCounts;
	/** Training tokens it will see. */
	tokens: number;
	/** 6·N·D in both conventions. */
	flops: Flops;
	/** Exact model arithmetic, attention and head included; see `modelFlopsPerToken`. */
	modelFlops: number;
	/** How often it sees its text, of a mix the part it sees most often; from estimates of the tokens. */
	epochs: number;
}

export interface Plan {
	study: Study;
	/** In the order they train. */
	runs: PlannedRun[];
	/** Ids of the runs that train together, in the order they train; small sizes first. */
	packs: string[][];
	/** By run id. */
	perRun: Record<string, RunPlan>;
	totals: { runs: number; tokens: number; flops: Flops; cost: Cost };
	/** One sentence each, for people. */
	warnings: string[];
}
