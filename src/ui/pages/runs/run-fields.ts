import { formatCount, formatLoss, formatPower, formatRate } from "../../../figures/format.ts";
import { PARAMETERS, type RichText, TOKEN_COUNT } from "../../../figures/rich-text.ts";
import type { RunRow } from "../../../run/run-note.ts";

/** Something that runs are listed, sorted and filtered by. */
export interface RunField {
	id: string;
	title: string;
	/** Stands in place of the title in the head of its column. */
	symbol?: RichText;
	/** Names in a filter, besides the id. */
	names?: readonly string[];
	kind: "number" | "text" | "time";
	/** Null where a run has none; lists of texts are compared one by one. */
	value: (row: RunRow) => number | string | readonly string[] | null;
	/** What sorts rows, where that is not the value. */
	order?: (row: RunRow) => number;
	format?: (value: number) => string;
	/** Width of its column in rem; fields without one are for filters and comparisons alone. */
	width?: number;
	/** Whether the column is shown until the reader chooses. */
	usual?: boolean;
}

const CLOCK = new Intl.DateTimeFormat("en-CA", {
	...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
});

/** 2026-11-30 17:05, in the reader's time zone. */
export function formatTime(milliseconds: number): string {
	return CLOCK.format(milliseconds).replace(",", "");
}

function formatSeconds(seconds: number): string {
	return seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0);
}

/** "32×2×2": width, layers and, of a transformer, heads. */
function sizeText({ spec: { model } }: RunRow): string {
	return model.architecture === "lstm"
		? `${model.width}×${model.layers} LSTM`
		: `${model.width}×${model.layers}×${model.heads}`;
}

const usual = true;

/** All fields, in the order of the columns. */
export const RUN_FIELDS: readonly RunField[] = [
	{ id: "name", title: "Name", kind: "text", value: ({ name, id }) => name ?? id.slice(0, 8), width: 9, usual },
	{
		...{ id: "study", title: "Study", names: ["studies"], kind: "text", width: 8, usual },
		value: ({ studies = [] }) => studies,
	},
	{ id: "tag", title: "Tags", names: ["tags"], kind: "text", value: ({ tags = [] }) => tags, width: 7 },
	{
		...{ id: "size", title: "Size", kind: "text", value: sizeText, width: 6.5, usual },
		order: ({ parameters }) => parameters.total,
	},
	{
		...{
			id: "n",
			title: "All parameters",
			symbol: PARAMETERS.total,
			names: ["n_t", "nt", "params", "parameters"],
			kind: "number",
			format: formatCount,
		},
		...{ value: ({ parameters }) => parameters.total, width: 5, usual },
	},
	{
		...{
			id: "n_e",
			title: "Parameters without embeddings",
			symbol: PARAMETERS.nonEmbedding,
			names: ["ne", "n_\\e"],
			kind: "number",
			format: formatCount,
		},
		...{ value: ({ parameters }) => parameters.nonEmbedding, width: 5 },
	},
	{
		...{ id: "tokens", title: "Tokens", symbol: TOKEN_COUNT, names: ["d"], kind: "number", format: formatCount },
		...{ value: ({ tokens }) => tokens, width: 5.5, usual },
	},
	{
		...{ id: "rate", title: "Rate", names: ["lr", "learningrate"], kind: "number", format: formatRate },
		...{ value: ({ spec }) => spec.optimizer.learningRate, width: 5, usual },
	},
	{
		...{ id: "schedule", title: "Schedule", kind: "text", width: 7.5, usual },
		value: ({ spec: { schedule } }) => `${schedule.kind}${schedule.tail ? ", forked" : ""}`,
	},
	{
		...{ id: "batch", title: "Batch", kind: "number", format: formatCount, width: 4.5 },
		value: ({ spec }) => spec.batchSequences,
	},
	{ id: "seed", title: "Seed", kind: "number", value: ({ spec }) => spec.seed, format: String, width: 4.5, usual },
	{ id: "text", title: "Text", names: ["corpus"], kind: "text", value: ({ spec }) => spec.corpus.id, width: 8, usual },
	{ id: "status", title: "Status", kind: "text", value: ({ status }) => status, width: 6 },
	{
		...{ id: "loss", title: "Loss", names: ["validation"], kind: "number", format: formatLoss },
		...{ value: ({ validationLoss }) => validationLoss, width: 7, usual },
	},
	{
		...{ id: "training", title: "Training loss", kind: "number", format: formatLoss, width: 7 },
		value: ({ trainingLoss }) => trainingLoss,
	},
	{
		...{
			id: "flops",
			title: "FLOP",
			names: ["c", "compute"],
			kind: "number",
			format: (flops) => formatPower(flops, 1),
		},
		...{ value: ({ flops }) => flops.total, width: 6 },
	},
	{
		...{ id: "seconds", title: "Seconds", kind: "number", format: formatSeconds, width: 5 },
		value: ({ seconds }) => seconds ?? null,
	},
	{
		...{ id: "finished", title: "Finished", kind: "time", format: formatTime, width: 9.5, usual },
		value: ({ finished }) => finished ?? null,
	},
	{ id: "id", title: "Id", kind: "text", value: ({ id }) => id, width: 10 },
	{ id: "width", title: "Width", kind: "number", value: ({ spec }) => spec.model.width },
	{ id: "layers", title: "Layers", kind: "number", value: ({ spec }) => spec.model.layers },
	{
		...{ id: "heads", title: "Heads", kind: "number" },
		value: ({ spec: { model } }) => (model.architecture === "lstm" ? null : model.heads),
	},
	{ id: "vocabulary", title: "Vocabulary", kind: "number", value: ({ spec }) => spec.model.vocabulary },
	{ id: "context", title: "Context", kind: "number", value: ({ spec }) => spec.model.context },
	{ id: "steps", title: "Steps", kind: "number", value: ({ spec }) => spec.steps },
	{ id: "optimizer", title: "Optimizer", kind: "text", value: ({ spec }) => spec.optimizer.kind },
	{
		...{ id: "architecture", title: "Architecture", kind: "text" },
		value: ({ spec }) => spec.model.architecture ?? "transformer",
	},
	{ id: "adapter", title: "Adapter", kind: "text", value: ({ adapter }) => adapter },
];

const byName = new Map(RUN_FIELDS.flatMap((field) => [field.id, ...(field.names ?? [])].map((name) => [name, field])));

/** The field of a name in a filter, in any case. */
export function fieldNamed(name: string): RunField | undefined {
	return byName.get(name.toLowerCase());
}

/** The value of a text field as texts. */
export function textsOf(value: ReturnType<RunField["value"]>): readonly string[] {
	if (value === null) return [];
	return typeof value === "object" ? value : [String(value)];
}
