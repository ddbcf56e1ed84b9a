const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });

/** 1234567 → "1.23M"; from 10^15, "1.23e15". */
export function short(value: number): string {
	return Math.abs(value) < 1e15 ? compact.format(value) : value.toExponential(2).replace("e+", "e");
}

/** 80 → "1 min 20 s". */
export function duration(seconds: number): string {
	const s = Math.max(0, Math.round(seconds));
	if (s < 60) return `${s} s`;
	if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
	if (s < 48 * 3600) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
	return `${Math.round(s / 86400)} days`;
}

/** "1 run", "2 runs". */
export function plural(count: number, noun: string): string {
	return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** Lines of a table. The first column is left-aligned, the others are right-aligned. */
export function table(rows: readonly (readonly string[])[]): string[] {
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	return rows.map((row) =>
		row
			.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
			.join("  ")
			.trimEnd(),
	);
}

/** Characters of a terminal's line. */
const WIDTH = 120;

/** Breaks a text at spaces into lines that fit a terminal; those after the first are indented. */
export function wrapped(text: string): string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(" ")) {
		const longer = line === "" ? word : `${line} ${word}`;
		if (line.trim() === "" || longer.length <= WIDTH) line = longer;
		else {
			lines.push(line);
			line = `  ${word}`;
		}
	}
	return [...lines, line];
}

/** "0.459–0.519"; with "to" where a minus sign would look like a dash. */
export function span(low: number, high: number, format: (value: number) => string): string {
	return low < 0 ? `${format(low)} to ${format(high)}` : `${format(low)}–${format(high)}`;
}
