import { ProgressBars } from "./progress-bars.ts";
import { ProgressJson } from "./progress-json.ts";
import { ProgressLog } from "./progress-log.ts";
import type { ProgressView } from "./progress-view.ts";
import type { Terminal } from "./terminal.ts";

/** Bars on a terminal, lines elsewhere: of JSON for other programs. */
export function openProgressView(terminal: Terminal, json = false): ProgressView {
	if (terminal.screen) return new ProgressBars(terminal.screen);
	return json ? new ProgressJson(terminal) : new ProgressLog(terminal);
}
