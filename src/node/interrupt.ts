import { EXIT_INTERRUPTED } from "./printing/terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Aborts at the first signal to stop, so that checkpoints are saved; a second one exits at once.
 *
 * @param restore gives the terminal back, before the exit
 * @returns stops listening
 */
export function abortOnInterrupt(
	abort: AbortController,
	restore: () => void,
	exit: (code: number) => void = process.exit,
): () => void {
	const interrupt = () => {
		if (!abort.signal.aborted) return abort.abort();
		restore();
		exit(EXIT_INTERRUPTED);
	};
	for (const signal of SIGNALS) process.on(signal, interrupt);
	return () => {
		for (const signal of SIGNALS) process.off(signal, interrupt);
	};
}
