import { runCommandLine } from "./command-line.ts";
import { exitOnOutputError, exitWhenFlushed, processTerminal } from "./printing/terminal.ts";

exitOnOutputError(process.stdout);

await exitWhenFlushed(await runCommandLine(process.argv.slice(2), processTerminal));
