/** Experiments of the literature that a study can repeat; `src/experiments` says what each asks and how it is answered. */
export const EXPERIMENT_IDS = [
	"reconcile",
	"schemes",
	"isoflop",
	"grid",
	"chain",
	"repeat",
	"data",
	"shift",
	"mixture",
	"batch",
	"mup",
	"shape",
	"optimizers",
	"architectures",
	"vocabulary",
] as const;
export type ExperimentId = (typeof EXPERIMENT_IDS)[number];
