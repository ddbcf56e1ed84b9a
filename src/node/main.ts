import { runCommandLine } from "./command-line.ts";
import { EXIT_FAILURE, exitWhenFlushed, processTerminal } from "./printing/terminal.ts";

// Exit silently when the reader of a pipe is gone (`isoflop plan smoke --json | head`).
process.stdout.on("error", () => process.exit(EXIT_FAILURE));

await exitWhenFlushed(await runCommandLine(process.argv.slice(2), processTerminal));
