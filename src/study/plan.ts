import type { Flops } from "../architecture/flops.ts";
import type { ParameterCounts } from "../architecture/size.ts";
import type { PlannedRun } from "../run/events.ts";
import type { Cost } from "./cost.ts";
import type { Study } from "./study.ts";

/** What is known about a run before it trains. */
export interface RunPlan {
	parameters: ParameterCounts;
	/** Training tokens. */
	tokens: number;
	/** 6·N·D in both conventions. */
	flops: Flops;
	/** Exact model arithmetic, attention and head included; see `modelFlopsPerToken`. */
	modelFlops: number;
	/** Estimated passes through its corpus; for a mix, through the corpus it repeats most. */
	epochs: number;
}

/** The runs of a study, with what they cost. */
export interface Plan {
	study: Study;
	/** In training order. */
	runs: PlannedRun[];
	/** Ids of the runs that train together, in training order: small sizes first. */
	packs: string[][];
	/** The arms of the study and their runs; a run may belong to several. A study without arms is one, by its own name. */
	arms: { name: string; runIds: string[] }[];
	/** By run id. */
	perRun: Record<string, RunPlan>;
	totals: { runs: number; tokens: number; flops: Flops; cost: Cost };
	/** Sentences for the user; see `planWarnings`. */
	warnings: string[];
}
