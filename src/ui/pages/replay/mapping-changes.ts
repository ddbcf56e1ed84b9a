import { type Column, type Mapping, matchColumns } from "../../../analysis/points/column-names.ts";

/** The mapping with another column of the file, or the file's own for null. The unit is again the one that the file says. */
export function withColumn({ map, units }: Mapping, column: Column, name: string | null): Mapping {
	const { [column]: _, ...others } = map ?? {};
	const { [column]: __, ...otherUnits } = units ?? {};
	return { map: name === null ? others : { ...others, [column]: name }, units: otherUnits };
}

/** The mapping with another unit for a column. */
export function withUnit({ map = {}, units }: Mapping, column: Column, unit: number): Mapping {
	return { map, units: { ...units, [column]: unit } };
}

/** The column that a file's own names give, or null. */
export function ownColumn(header: readonly string[], column: Column): string | null {
	try {
		return matchColumns(header).get(column)?.name ?? null;
	} catch {
		// Of a column that is there twice, neither is its own.
		return null;
	}
}
