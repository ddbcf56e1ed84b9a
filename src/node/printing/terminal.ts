/** Output of a command: results go to stdout, progress and errors to stderr. */
export interface Terminal {
	/** Writes a JSON document to stdout. */
	json(value: unknown): void;
	/** Writes a line to stdout. */
	print(line: string): void;
	/** Writes a line to stderr. */
	say(line: string): void;
	/** stderr if it is a terminal, for progress bars; otherwise null. */
	screen: NodeJS.WriteStream | null;
}

/** stdout and stderr of this process. */
export const processTerminal: Terminal = {
	json: (value) => process.stdout.write(`${JSON.stringify(value, null, "\t")}\n`),
	print: (line) => process.stdout.write(`${line}\n`),
	say: (line) => process.stderr.write(`${line}\n`),
	screen: process.stderr.isTTY ? process.stderr : null,
};

/** Exits once all output is flushed. Without an explicit exit, Dawn keeps the process alive. */
export async function exitWhenFlushed(code: number): Promise<never> {
	for (const stream of [process.stdout, process.stderr])
		await new Promise<void>((resolve) => stream.write("", () => resolve()));
	process.exit(code);
}

/** Wrong arguments: exit code 2, as for an invalid study. */
export class UsageError extends Error {
	override name = "UsageError";
}

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
/** The conventional exit code after Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
