import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";
import {
	discardedText,
	finishedText,
	packText,
	plannedText,
	recoveredText,
	shareText,
	tokenizingText,
} from "./progress-text.ts";
import type { ProgressView } from "./progress-view.ts";
import type { Terminal } from "./terminal.ts";

/** Least time between two lines about the same work, in milliseconds. */
const LINE_INTERVAL = 5000;

/** A line for each event, and one every few seconds in between. */
export class ProgressLog implements ProgressView {
	private readonly terminal: Terminal;
	private lastLine = Number.NEGATIVE_INFINITY;

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
			case "planned":
				return plannedText(state, event);
			case "tokenizing":
				return this.isDue() ? tokenizingText(state.tokenizing!) : null;
			case "pack":
				return packText(state, event);
			case "progress":
				return this.isDue() ? `  ${shareText(state)}` : null;
			case "discarded":
				return discardedText(event);
			case "recovered":
				return recoveredText(event);
			case "finished":
				return finishedText(state, event);
			default:
				return null;
		}
	}

	private isDue(): boolean {
		const now = performance.now();
		if (now - this.lastLine < LINE_INTERVAL) return false;
		this.lastLine = now;
		return true;
	}
}
