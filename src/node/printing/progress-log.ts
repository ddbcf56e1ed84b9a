import { shapeText } from "../../architecture/shape-text.ts";
import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";
import { plural, short } from "./format.ts";
import { discardedText, finishedText, recoveredText, speedText, tokenizingText } from "./progress-text.ts";
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
			case "tokenizing":
				return this.isDue() ? tokenizingText(state.tokenizing!) : null;
			case "pack":
				return packText(state, event);
			case "progress":
				return this.isDue() ? `  ${Math.floor(100 * state.share)} %, ${speedText(state)}` : null;
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

/** "training 2 runs of width 8, 1 layer, 2 heads, 900 steps, from step 450 (1.2MB on the GPU)" */
function packText({ runs }: StudyProgress, event: Extract<StudyEvent, { type: "pack" }>): string {
	const { spec } = runs.find((run) => run.id === event.ids[0])!;
	const from = event.from ? `, from step ${event.from}` : "";
	return (
		`training ${plural(event.ids.length, "run")} of ${shapeText(spec.model)}, ${plural(spec.steps, "step")}${from} ` +
		`(${short(event.bytes)}B on the GPU)`
	);
}
