import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";
import { plural, short } from "./format.ts";
import { ProgressBars } from "./progress-bars.ts";
import { discardedLine, runName, runOutcome, speedLine } from "./progress-lines.ts";
import type { Terminal } from "./terminal.ts";

/** Shows a study's progress as it goes. */
export interface ProgressView {
	/** @param state what `event` made of the study */
	show(state: StudyProgress, event: StudyEvent): void;
	/** Leaves the screen in order; more lines may follow. */
	close(): void;
}

/** Bars that move on a terminal, lines elsewhere. */
export function progressView(terminal: Terminal): ProgressView {
	return terminal.screen ? new ProgressBars(terminal.screen) : new ProgressLines(terminal);
}

/** Least time between two lines on progress, in milliseconds. */
const LINE_INTERVAL = 5000;

class ProgressLines implements ProgressView {
	private readonly terminal: Terminal;
	private last = Number.NEGATIVE_INFINITY;

	constructor(terminal: Terminal) {
		this.terminal = terminal;
	}

	show(state: StudyProgress, event: StudyEvent): void {
		const line = this.lineFor(state, event);
		if (line) this.terminal.say(line);
	}

	close(): void {}

	private lineFor(state: StudyProgress, event: StudyEvent): string | null {
		switch (event.type) {
			case "tokenizing":
				return this.isDue() ? `tokenising ${event.corpus}: ${Math.floor(100 * state.tokenizing!.share)} %` : null;
			case "pack": {
				const first = state.runs.find((run) => run.id === event.ids[0])!;
				const { width, layers, heads } = first.spec.model;
				const shape = `width ${width}, ${plural(layers, "layer")}, ${plural(heads, "head")}`;
				const steps = plural(first.spec.steps, "step");
				const from = event.from ? `, from step ${event.from}` : "";
				return `training ${plural(event.ids.length, "run")} of ${shape}, ${steps}${from} (${short(event.bytes)}B on the GPU)`;
			}
			case "progress":
				return this.isDue() ? `  ${Math.floor(100 * state.share)} %, ${speedLine(state)}` : null;
			case "discarded":
				return discardedLine(event);
			case "recovered":
				return `the GPU was lost (${event.reason}); going on from the last checkpoints on ${event.adapter}`;
			case "finished": {
				const run = state.runs.find((candidate) => candidate.id === event.result.id)!;
				return `finished ${runName(run)}: ${runOutcome(run)}`;
			}
			default:
				return null;
		}
	}

	private isDue(): boolean {
		const now = performance.now();
		if (now - this.last < LINE_INTERVAL) return false;
		this.last = now;
		return true;
	}
}
