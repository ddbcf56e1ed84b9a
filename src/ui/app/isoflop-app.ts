import { html, LitElement } from "lit";
import { guard } from "lit/directives/guard.js";
import "./app-header.ts";
import { appStyles } from "./app-styles.ts";
import "../pages/study/coefficient-table.ts";
import "../pages/study/export-buttons.ts";
import "../charts/figure-view.ts";
import "../pages/study/kernel-variants.ts";
import "../charts/loss-axis.ts";
import "./notice-bar.ts";
import "../pages/study/preset-picker.ts";
import "../pages/study/result-headline.ts";
import "../pages/study/run-bar.ts";
import "../pages/study/run-table.ts";
import "../pages/study/study-editor.ts";
import "../pages/study/study-numbers.ts";
import { frontierFigure } from "../charts/frontier-figure.ts";
import { type LossAxis, lossFigure } from "../charts/loss-figure.ts";
import type { Draft } from "../pages/study/study-fields.ts";
import { emptyTexts, statusText, timeText } from "../pages/study/texts.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import { LabSession } from "../state/lab-session.ts";
import { finishedCount, isComplete } from "../state/lab-state.ts";
import { viewRuns } from "../state/run-view.ts";
import type { Lab } from "./lab.ts";

/** The lab: everything below is drawn from one session's state. Needs `lab` and `preset` before it is attached. */
export class IsoflopApp extends LitElement {
	static override properties = {
		lab: { attribute: false },
		preset: {},
		highlight: { state: true },
		lossAxis: { state: true },
	};

	declare lab: Lab;
	/** Id of the preset to begin with. */
	declare preset: string;
	/** Ids of the runs under the pointer, in whichever figure or table. */
	declare highlight: readonly string[];
	declare lossAxis: LossAxis;
	private session: LabSession | null = null;

	constructor() {
		super();
		this.highlight = [];
		this.lossAxis = "total";
	}

	static override styles = [sharedStyles, appStyles];

	override connectedCallback(): void {
		super.connectedCallback();
		if (!this.session) {
			this.session = new LabSession(this.lab, this.preset, localStorage);
			this.session.addEventListener("change", () => this.requestUpdate());
			void this.session.start();
		}
		addEventListener("dragover", this.allowDrop);
		addEventListener("drop", this.drop);
		addEventListener("beforeunload", this.warnBeforeLeaving);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		removeEventListener("dragover", this.allowDrop);
		removeEventListener("drop", this.drop);
		removeEventListener("beforeunload", this.warnBeforeLeaving);
	}

	override render() {
		const session = this.session!;
		const { state } = session;
		const { progress, analysis, phase, plan } = state;
		const runs = viewRuns(progress.runs);
		const active = phase === "running" || phase === "paused" || phase === "stopping";
		const empty = emptyTexts(state);
		return html`
			<div class="top">
				<isoflop-app-header
					.adapter=${state.adapter}
					.speed=${phase === "running" && progress.tokensPerSecond > 0 ? progress.tokensPerSecond : null}
				></isoflop-app-header>
				<isoflop-run-bar
					role="region"
					aria-label="Training"
					.phase=${phase}
					.runnable=${plan !== null && state.studyError === null && state.adapter !== "" && !state.measuring}
					.complete=${isComplete(state)}
					.progress=${progress.share}
					.status=${statusText(state)}
					.detail=${timeText(state)}
					@isoflop-run=${() => session.run()}
					@isoflop-pause=${() => session.pause()}
					@isoflop-resume=${() => session.resume()}
					@isoflop-stop=${() => session.stop()}
				></isoflop-run-bar>
			</div>
			<main
				@isoflop-highlight=${(event: CustomEvent<readonly string[]>) => {
					this.highlight = event.detail;
				}}
			>
				<isoflop-notice
					?shown=${state.notice !== null}
					.notice=${state.notice}
					@isoflop-dismiss=${() => session.dismissNotice()}
				></isoflop-notice>
				<div class="column setup">
					<section aria-label="Study">
						<isoflop-preset-picker
							.preset=${state.preset}
							?disabled=${active}
							@isoflop-preset=${(event: CustomEvent<string>) => this.pick(event.detail)}
						></isoflop-preset-picker>
					</section>
					<section aria-labelledby="numbers">
						<h2 id="numbers">Before it runs</h2>
						<isoflop-study-numbers
							.plan=${plan}
							.finished=${finishedCount(state)}
							.estimate=${state.estimate}
						></isoflop-study-numbers>
					</section>
					<section aria-label="Change the study">
						<details ?open=${state.studyError !== null || state.preset === null}>
							<summary>Change the study</summary>
							<isoflop-study-editor
								.draft=${state.draft as Draft}
								.error=${state.studyError}
								.corpora=${state.corpora}
								?disabled=${active}
								@isoflop-draft=${(event: CustomEvent<Draft>) => session.edit(event.detail)}
								@isoflop-files=${(event: CustomEvent<File[]>) => session.takeFiles(event.detail)}
							></isoflop-study-editor>
						</details>
					</section>
				</div>
				<div class="column">
					<section aria-labelledby="result">
						<h2 id="result">How fast should a model grow with compute?</h2>
						<isoflop-result-headline .analysis=${analysis} .empty=${"no estimate yet"}></isoflop-result-headline>
						<isoflop-figure
							.figure=${guard([analysis, empty.frontier], () => frontierFigure(analysis, empty.frontier))}
							.highlight=${this.highlight}
						></isoflop-figure>
						<isoflop-coefficient-table .analysis=${analysis}></isoflop-coefficient-table>
					</section>
				</div>
				<section class="wide" aria-label="Loss">
					<isoflop-figure
						level="2"
						.figure=${guard([progress.runs, analysis, this.lossAxis, empty.loss], () =>
							lossFigure(runs, analysis, this.lossAxis, empty.loss),
						)}
						.highlight=${this.highlight}
					>
						<isoflop-loss-axis
							slot="options"
							.axis=${this.lossAxis}
							@isoflop-loss-axis=${(event: CustomEvent<LossAxis>) => {
								this.lossAxis = event.detail;
							}}
						></isoflop-loss-axis>
					</isoflop-figure>
				</section>
				<section class="wide" aria-labelledby="runs">
					<div class="row">
						<h2 id="runs">Runs</h2>
						<isoflop-export-buttons .runs=${runs} .analysis=${analysis} .study=${state.study}></isoflop-export-buttons>
					</div>
					<isoflop-run-table .runs=${runs} .analysis=${analysis} .highlight=${this.highlight}></isoflop-run-table>
				</section>
				<section class="wide kernels" aria-label="Kernels on this GPU">
					<details>
						<summary>
							Kernels on this GPU <span class="quiet">${state.tuning ? "measured" : "not measured yet"}</span>
						</summary>
						<isoflop-kernel-variants
							.tuning=${state.tuning}
							.adapter=${state.adapter}
							?measuring=${state.measuring}
							?busy=${active}
							@isoflop-measure=${() => session.measureKernels()}
							@isoflop-forget=${() => session.forgetKernels()}
						></isoflop-kernel-variants>
					</details>
				</section>
			</main>
			<footer>
				After Pearce &amp; Song, “Reconciling Kaplan and Chinchilla Scaling Laws” (2024). Runs are stored in this browser only.
			</footer>
			<div class="visually-hidden" role="status" aria-live="polite">${state.announcement}</div>
		`;
	}

	/** Picks a preset, as a click on it does. */
	async pickPreset(id: string): Promise<void> {
		await this.session!.pickPreset(id);
	}

	private async pick(id: string): Promise<void> {
		history.replaceState(null, "", `#preset=${id}`);
		await this.pickPreset(id);
	}

	private readonly allowDrop = (event: DragEvent) => {
		if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
	};

	private readonly drop = (event: DragEvent) => {
		const files = [...(event.dataTransfer?.files ?? [])];
		if (files.length === 0) return;
		event.preventDefault();
		void this.session!.takeFiles(files);
	};

	/** Runs under way are lost with the page; the browser asks before it goes. */
	private readonly warnBeforeLeaving = (event: BeforeUnloadEvent) => {
		const { phase } = this.session!.state;
		if (phase === "running" || phase === "paused") event.preventDefault();
	};
}

customElements.define("isoflop-app", IsoflopApp);
