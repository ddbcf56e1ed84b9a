import { ProgressBars } from "./progress-bars.ts";
import { ProgressLog } from "./progress-log.ts";
import type { ProgressView } from "./progress-view.ts";
import type { Terminal } from "./terminal.ts";

/** Bars on a terminal, lines elsewhere. */
export function openProgressView(terminal: Terminal): ProgressView {
	return terminal.screen ? new ProgressBars(terminal.screen) : new ProgressLog(terminal);
}
