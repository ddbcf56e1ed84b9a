import type { Fit } from "../fitting/fit.ts";
import type { Reading } from "../methods/fit-method.ts";

/** What fits say besides numbers, one line each, every text once: `notes`, then reasons, warnings and runs left out. */
export function fitNotes(notes: readonly string[], readings: readonly Reading[]): string[] {
	const lines = [...notes];
	const said = new Set<string>();
	const say = (title: string, note: string) => {
		if (!said.has(note)) lines.push(`${title}: ${note}`);
		said.add(note);
	};
	for (const { title, fits } of readings.map((reading) => reading.notes))
		for (const fit of fits) for (const note of notesOf(fit)) say(title, note);
	return lines;
}

/** What a method's fits say besides numbers, every text once. */
export function remarksOf({ allocation, notes: { fits } }: Reading): string[] {
	return [...new Set((fits.length > 0 ? fits : [allocation]).flatMap(notesOf))];
}

function notesOf(fit: Fit): string[] {
	return [
		...(fit.reason === null ? fit.warnings : [fit.reason]),
		...[...countReasons(fit)].map(([why, count]) => `${count} ${count === 1 ? "run" : "runs"} left out: ${why}.`),
	];
}

/** How many runs were left out for each reason. */
function countReasons({ leftOut, leftOutMore = [] }: Fit): Map<string, number> {
	const counts = new Map<string, number>();
	const add = (reason: string, runs: number) => counts.set(reason, (counts.get(reason) ?? 0) + runs);
	for (const { reason } of leftOut) add(reason, 1);
	for (const { reason, runs } of leftOutMore) add(reason, runs);
	return counts;
}
