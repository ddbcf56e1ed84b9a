import { groupBy } from "../../../maths/group-by.ts";
import type { RunRow } from "../../../run/run-note.ts";
import { type RunField, textsOf } from "./run-fields.ts";

/** A line of the table: a run, or runs that differ in nothing but their seed. */
export interface RunItem {
	key: string;
	rows: readonly [RunRow, ...RunRow[]];
}

/** The lines of the table, in the order of the runs. */
export function runItems(rows: readonly RunRow[], bySeed: boolean): RunItem[] {
	if (!bySeed) return rows.map((row) => ({ key: row.id, rows: [row] }));
	return [...groupBy(rows, ({ family }) => family).values()].map((group) => {
		const [first, ...others] = [...group].sort((a, b) => a.spec.seed - b.spec.seed);
		return { key: others.length > 0 ? `family ${first!.family}` : first!.id, rows: [first!, ...others] };
	});
}

/** The mean of a field, and half of the range; null where no run has a value. */
export function meanOf(field: RunField, { rows }: RunItem): { mean: number; half: number; count: number } | null {
	const values = rows.map(field.value).filter((value) => typeof value === "number");
	if (values.length === 0) return null;
	const [low, high] = [Math.min(...values), Math.max(...values)];
	const sum = values.reduce((total, value) => total + value, 0);
	return { mean: low === high ? low : sum / values.length, half: (high - low) / 2, count: values.length };
}

/** A cell of the table. Of several seeds it lists the seeds, and else has the mean ± half the range, or all texts. */
export function cellText(field: RunField, item: RunItem): string {
	const format = field.format ?? String;
	if (field.kind === "text") {
		if (field.id === "name" && item.rows.length > 1) return groupName(item);
		return [...new Set(item.rows.flatMap((row) => textsOf(field.value(row))))].join(", ");
	}
	if (field.id === "seed") return item.rows.map(({ spec }) => spec.seed).join(", ");
	const found = meanOf(field, item);
	if (!found) return "–";
	if (field.kind === "time") return format(Math.max(...item.rows.flatMap(({ finished }) => finished ?? [])));
	return found.half > 0 ? `${format(found.mean)} ± ${format(found.half)}` : format(found.mean);
}

/** The name that all seeds share, or how many they are. */
function groupName({ rows }: RunItem): string {
	const [name, ...others] = new Set(rows.map((row) => row.name));
	return name !== undefined && others.length === 0 ? name : `${rows.length} seeds`;
}

/** The lines sorted by a field; those without a value come last. Equal ones keep their order. */
export function sortedItems(items: readonly RunItem[], field: RunField, descending: boolean): RunItem[] {
	const sign = descending ? -1 : 1;
	return items
		.map((item) => ({ item, by: orderOf(field, item) }))
		.sort((a, b) => {
			if (a.by === null || b.by === null) return Number(a.by === null) - Number(b.by === null);
			return a.by < b.by ? -sign : a.by > b.by ? sign : 0;
		})
		.map(({ item }) => item);
}

function orderOf(field: RunField, item: RunItem): number | string | null {
	if (field.order) return field.order(item.rows[0]);
	if (field.kind !== "text") return meanOf(field, item)?.mean ?? null;
	return cellText(field, item).toLowerCase() || null;
}
