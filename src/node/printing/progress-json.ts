import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";
import {
	discardedText,
	finishedRunsText,
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
const LINE_INTERVAL = 1000;

/** A line of progress: what happened, in words, and the numbers that docs/data.md lists for it. Fields may be added. */
type ProgressLine = { event: StudyEvent["type"]; text: string } & Record<string, unknown>;

/** Progress for other programs: one JSON object a line. */
export class ProgressJson implements ProgressView {
	private lastLine = Number.NEGATIVE_INFINITY;

	constructor(private readonly terminal: Terminal) {}

	show(state: StudyProgress, event: StudyEvent): void {
		const isFrequent = event.type === "progress" || event.type === "tokenizing";
		if (isFrequent && !this.isDue()) return;
		this.terminal.say(JSON.stringify(lineFor(state, event)));
	}

	close(): void {}

	private isDue(): boolean {
		const now = performance.now();
		if (now - this.lastLine < LINE_INTERVAL) return false;
		this.lastLine = now;
		return true;
	}
}

/** A terminal whose sentences are lines of JSON too. */
export function jsonNotes(terminal: Terminal): Terminal {
	return { ...terminal, say: (text) => terminal.say(JSON.stringify({ event: "note", text })) };
}

function lineFor(state: StudyProgress, event: StudyEvent): ProgressLine {
	switch (event.type) {
		case "planned": {
			const { adapter, runs, stored } = event;
			const text = plannedText(state, event);
			return { event: event.type, adapter, runs: runs.length, stored: stored.length, text };
		}
		case "tokenizing": {
			const { corpus, vocabulary, done, total } = event;
			return { event: event.type, corpus, vocabulary, done, total, text: tokenizingText(state.tokenizing!) };
		}
		case "pack":
			return {
				...{ event: event.type, ids: event.ids, from: event.from ?? 0, bytes: event.bytes },
				text: packText(state, event),
			};
		case "progress": {
			const { share, tokensPerSecond, flopsPerSecond, secondsLeft } = state;
			const runs = event.runs.map(({ id, step }) => {
				const run = state.runs.find((each) => each.id === id)!;
				return { id, step, steps: run.spec.steps, loss: run.curve.loss.at(-1) ?? null };
			});
			const numbers = { share, tokensPerSecond, flopsPerSecond, secondsLeft };
			return { event: event.type, ...numbers, runs, text: shareText(state) };
		}
		case "discarded":
			return { event: event.type, ids: event.ids, reason: event.reason, text: discardedText(event) };
		case "recovered":
			return { event: event.type, adapter: event.adapter, reason: event.reason, text: recoveredText(event) };
		case "finished": {
			const { id, status, tokens, validationLoss } = event.result;
			return { event: event.type, id, status, tokens, validationLoss, text: finishedText(state, event) };
		}
		case "done":
			return { event: event.type, text: finishedRunsText(state) };
	}
}
