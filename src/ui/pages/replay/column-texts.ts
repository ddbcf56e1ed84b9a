import type { Column } from "../../../analysis/points/column-names.ts";
import { PF_DAY } from "../../../theory/kaplan.ts";

/** What a column holds, which decides the units that it may be in. */
type Kind = "text" | "amount" | "flops" | "loss";

/** How columns are named, those first that a fit needs. */
export const COLUMN_TEXTS: Record<Column, { readonly label: string; readonly kind: Kind }> = {
	loss: { label: "Loss", kind: "loss" },
	params: { label: "Parameters N, all", kind: "amount" },
	params_nonembedding: { label: "Parameters without embeddings", kind: "amount" },
	tokens: { label: "Training tokens D", kind: "amount" },
	flops: { label: "Compute C", kind: "flops" },
	run: { label: "Run that points belong to", kind: "text" },
	budget: { label: "IsoFLOP budget", kind: "flops" },
	experiment: { label: "Experiment of a row", kind: "text" },
	recipe: { label: "Recipe", kind: "text" },
	unique_tokens: { label: "Distinct tokens", kind: "amount" },
	flops_per_token: { label: "FLOP per token", kind: "flops" },
	params_head: { label: "Parameters of the head", kind: "amount" },
	annealed: { label: "Learning rate lowered to its end", kind: "text" },
	averaged_steps: { label: "Steps that the loss is the mean of", kind: "text" },
	width: { label: "Width", kind: "text" },
	layers: { label: "Layers", kind: "text" },
	vocabulary: { label: "Vocabulary", kind: "text" },
	context: { label: "Context", kind: "text" },
};

/** Shown even where the file has none: each can make a file one that can be fitted. */
export const MAIN_COLUMNS: readonly Column[] = ["loss", "params", "params_nonembedding", "tokens", "flops", "run"];

export const OTHER_COLUMNS = (Object.keys(COLUMN_TEXTS) as Column[]).filter((column) => !MAIN_COLUMNS.includes(column));

type Units = readonly (readonly [factor: number, label: string])[];

const AMOUNTS: Units = [
	[1, "ones"],
	[1e3, "thousands"],
	[1e6, "millions"],
	[1e9, "billions"],
	[1e12, "trillions"],
];
const UNITS: Record<Kind, Units> = {
	text: [],
	amount: AMOUNTS,
	flops: [
		[1, "FLOP"],
		[1e12, "TFLOP"],
		[1e15, "PFLOP"],
		[1e18, "EFLOP"],
		[1e21, "ZFLOP"],
		[PF_DAY, "PF-days"],
	],
	loss: [
		[1, "nats"],
		[Math.LN2, "bits"],
	],
};

/** The units that a column may be in, with the one that it is in; empty for columns without units. */
export function unitsOf(column: Column, unit: number): Units {
	const units = UNITS[COLUMN_TEXTS[column].kind];
	return units.length === 0 || units.some(([factor]) => factor === unit) ? units : [...units, [unit, `× ${unit}`]];
}
