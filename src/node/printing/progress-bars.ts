import { MultiBar, Presets, type SingleBar } from "cli-progress";
import type { StudyEvent } from "../../run/events.ts";
import type { StudyProgress } from "../../study/progress.ts";
import { discardedLine, runName, runOutcome, speedLine } from "./progress-lines.ts";
import type { ProgressView } from "./progress-view.ts";

/** Resolution of the bar over the whole study. */
const PARTS = 1000;

/** A bar for each run in training and one for the study; finished runs become lines above them. */
export class ProgressBars implements ProgressView {
	private readonly bars: MultiBar;
	private readonly runs = new Map<string, SingleBar>();
	private overall: SingleBar | null = null;

	constructor(stream: NodeJS.WriteStream) {
		this.bars = new MultiBar(
			{
				stream,
				format: "{bar} {percentage} %  {text}",
				hideCursor: true,
				clearOnComplete: true,
				// Ctrl-C is the command's to handle: it has runs to keep.
				gracefulExit: false,
				barsize: 24,
				autopadding: true,
			},
			Presets.shades_grey,
		);
	}

	show(state: StudyProgress, event: StudyEvent): void {
		switch (event.type) {
			case "tokenizing":
				this.updateOverall(state, `tokenising ${event.corpus}: ${Math.floor(100 * state.tokenizing!.share)} %`);
				break;
			case "pack":
				for (const run of state.runs.filter(({ id }) => event.ids.includes(id))) {
					this.removeBar(run.id);
					this.runs.set(run.id, this.bars.create(run.spec.steps, 0, { text: runName(run) }));
				}
				break;
			case "discarded":
				this.bars.log(`${discardedLine(event)}\n`);
				break;
			case "recovered":
				this.bars.log(`the GPU was lost (${event.reason}); going on from the last checkpoints on ${event.adapter}\n`);
				break;
			case "progress":
				for (const { id, step } of event.runs) {
					const run = state.runs.find((candidate) => candidate.id === id)!;
					const outcome = runOutcome(run);
					this.runs.get(id)?.update(step, { text: outcome ? `${runName(run)}: ${outcome}` : runName(run) });
				}
				this.updateOverall(state, speedLine(state));
				break;
			case "finished": {
				const run = state.runs.find((candidate) => candidate.id === event.result.id)!;
				this.removeBar(run.id);
				this.bars.log(`finished ${runName(run)}: ${runOutcome(run)}\n`);
				this.updateOverall(state, speedLine(state));
				break;
			}
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
