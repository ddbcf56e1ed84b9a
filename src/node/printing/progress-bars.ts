import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";
import {
	discardedText,
	finishedText,
	plannedText,
	recoveredText,
	runName,
	runOutcome,
	speedText,
	tokenizingText,
} from "./progress-text.ts";
import type { ProgressView } from "./progress-view.ts";

/** Resolution of the bar for the whole study. */
const PARTS = 1000;

/** One bar per run in training and one for the study. Finished runs become lines above the bars. */
export class ProgressBars implements ProgressView {
	private readonly bars: MultiBar;
	private readonly runs = new Map<string, SingleBar>();
	private overall: SingleBar | null = null;

	constructor(private readonly stream: NodeJS.WriteStream) {
		this.bars = new MultiBar(
			{
				stream,
				format: "{bar} {percentage} %  {text}",
				hideCursor: true,
				clearOnComplete: true,
				// The command handles Ctrl-C itself: it saves checkpoints first.
				gracefulExit: false,
				barsize: 24,
				autopadding: true,
			},
			Presets.shades_grey,
		);
	}

	show(state: StudyProgress, event: StudyEvent): void {
		switch (event.type) {
			case "planned":
				// Before the first bar, which would hold it back.
				this.stream.write(`${plannedText(state, event)}\n`);
				break;
			case "tokenizing":
				this.updateOverall(state, tokenizingText(state.tokenizing!));
				break;
			case "pack":
				for (const run of state.runs.filter(({ id }) => event.ids.includes(id))) {
					this.removeBar(run.id);
					this.runs.set(run.id, this.bars.create(run.spec.steps, 0, { text: runName(run) }));
				}
				break;
			case "discarded":
				this.bars.log(`${discardedText(event)}\n`);
				break;
			case "recovered":
				this.bars.log(`${recoveredText(event)}\n`);
				break;
			case "progress":
				for (const { id, step } of event.runs) {
					const run = state.runs.find((candidate) => candidate.id === id)!;
					const outcome = runOutcome(run);
					this.runs.get(id)?.update(step, { text: outcome ? `${runName(run)}: ${outcome}` : runName(run) });
				}
				this.updateOverall(state, speedText(state));
				break;
			case "finished":
				this.removeBar(event.result.id);
				this.bars.log(`${finishedText(state, event)}\n`);
				this.updateOverall(state, speedText(state));
				break;
		}
	}

	close(): void {
		this.bars.stop();
	}

	private removeBar(id: string): void {
		const bar = this.runs.get(id);
		if (bar) this.bars.remove(bar);
		this.runs.delete(id);
	}

	private updateOverall({ share }: StudyProgress, text: string): void {
		this.overall ??= this.bars.create(PARTS, 0, { text });
		this.overall.update(Math.floor(PARTS * share), { text });
	}
}
