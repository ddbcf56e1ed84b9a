import { diskError } from "../files/disk-error.ts";

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
	screen: canDraw(process.stderr, process.env.TERM) ? process.stderr : null,
};

/** Whether progress bars can be drawn: on a terminal that knows control codes. */
export function canDraw({ isTTY }: { isTTY?: boolean }, term: string | undefined): boolean {
	return isTTY === true && term !== "dumb";
}

/** Exits once all output is flushed. Without an explicit exit, Dawn keeps the process alive. */
export async function exitWhenFlushed(code: number): Promise<never> {
	for (const stream of [process.stdout, process.stderr])
		await new Promise<void>((resolve) => stream.write("", () => resolve()));
	process.exit(code);
}

/**
 * Exits with a failure when stdout cannot be written: silently when the reader of a pipe is gone
 * (`isoflop plan smoke --json | head`), with the reason otherwise (`isoflop fit runs > /dev/full`).
 */
export function exitOnOutputError(
	stream: Pick<NodeJS.WriteStream, "on">,
	say: (line: string) => void = processTerminal.say,
	exit: (code: number) => void = process.exit,
): void {
	stream.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code !== "EPIPE") say(`isoflop: ${diskError("standard output", "written", error).message}`);
		exit(EXIT_FAILURE);
	});
}

/** Wrong arguments: exit code 2, as for an invalid study. */
export class UsageError extends Error {
	override name = "UsageError";
}

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;
/** The conventional exit code after Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
