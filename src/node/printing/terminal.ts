/** Where a command writes. What it was asked for goes to stdout; how it goes on, and what went wrong, to stderr. */
export interface Terminal {
	/** Writes a JSON document to stdout. */
	json(value: unknown): void;
	/** Writes a line of the result to stdout. */
	print(line: string): void;
	/** Writes a line to stderr. */
	say(line: string): void;
	/** stderr, for bars that redraw themselves; null where it is no terminal. */
	screen: NodeJS.WriteStream | null;
}

/** The process's own. */
export const terminal: Terminal = {
	json: (value) => process.stdout.write(`${JSON.stringify(value, null, "\t")}\n`),
	print: (line) => process.stdout.write(`${line}\n`),
	say: (line) => process.stderr.write(`${line}\n`),
	screen: process.stderr.isTTY ? process.stderr : null,
};

/** Ends the process once everything written has left it. Dawn would keep it alive otherwise. */
export async function exit(code: number): Promise<never> {
	for (const stream of [process.stdout, process.stderr])
		await new Promise<void>((resolve) => stream.write("", () => resolve()));
	process.exit(code);
}

/** What a command was asked cannot be: exit code 2, as for a study that breaks a rule. */
export class UsageError extends Error {
	override name = "UsageError";
}

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
/** What a shell gives for a program ended by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
