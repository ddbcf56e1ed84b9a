import type { RunRow } from "../../../../src/run/run-note.ts";
import { runRow } from "../../../../src/run/run-row.ts";
import { madeRuns } from "../../made-runs.ts";

/** The 72 made runs as rows: sizes 8 to 32, rates 0.003 to 0.03, constant and cosine, seeds 1 to 3. */
export const rows: readonly RunRow[] = await Promise.all((await madeRuns(40)).map((result) => runRow(result)));
