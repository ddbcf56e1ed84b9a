import { runCommandLine } from "./command-line.ts";
import { EXIT_FAILURE, exit, terminal } from "./printing/terminal.ts";

// A reader that went away (`isoflop plan smoke --json | head`) is no failure of ours to report.
process.stdout.on("error", () => process.exit(EXIT_FAILURE));

await exit(await runCommandLine(process.argv.slice(2), terminal));
