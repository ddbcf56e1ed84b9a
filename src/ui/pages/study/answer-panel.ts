import { css, html, LitElement, nothing } from "lit";
import type { Answer } from "../../../experiments/answer.ts";
import { experiments } from "../../../experiments/experiments.ts";
import type { RunResult } from "../../../run/run-result.ts";
import type { Plan } from "../../../study/plan.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { resultsOf } from "../../state/run-view.ts";
import { Selected } from "../../state/selected.ts";

/** The question of the study's experiment, and what the runs that are finished say about it. */
export class AnswerPanel extends LitElement {
	static override properties = { highlight: { attribute: false }, answer: { state: true } };

	/** Ids of the runs that stand out. */
	declare highlight: readonly string[];
	declare private answer: Answer | null;
	private readonly lab = new Selected(this, ({ document, work }) => ({
		plan: document.plan,
		experiment: document.study.experiment,
		results: resultsOf(work.progress.runs),
		runs: work.progress.runs.length,
	}));
	private answered: { plan: Plan; results: readonly RunResult[] } | null = null;

	constructor() {
		super();
		this.highlight = [];
		this.answer = null;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			isoflop-figure {
				margin-top: 0.75rem;
			}
			.sentence {
				margin-top: 0.6rem;
				font-size: 1.0625rem;
				max-width: 46rem;
			}
			.quiet {
				font-size: 0.875rem;
			}
			.warning {
				margin-top: 0.6rem;
				padding: 0.5rem 0.8rem;
				border-radius: 6px;
				background: var(--warning-surface);
				color: var(--warning-ink);
				font-size: 0.875rem;
			}
		`,
	];

	override updated(): void {
		const { plan, results } = this.lab.state;
		if (!plan || (this.answered?.plan === plan && this.answered.results === results)) return;
		this.answered = { plan, results };
		void this.ask(plan, results);
	}

	override render() {
		const { experiment, results, runs } = this.lab.state;
		const { question, source, found } = experiments.find(({ id }) => id === experiment)!;
		const { answer } = this;
		return html`
			<section aria-labelledby="question">
				<h2 id="question">${question}</h2>
				<p class="sentence">${answer?.sentence ?? "Reading the runs."}</p>
				${answer ? html`<isoflop-figure .figure=${answer.figure} .highlight=${this.highlight}></isoflop-figure>` : nothing}
				${answer?.warnings.map((warning) => html`<p class="warning">${warning}</p>`)}
				<p class="quiet">From ${results.length} of ${runs} runs. ${source}: ${found}</p>
			</section>
		`;
	}

	/** The code that answers is large, and only experiments need it. */
	private async ask(plan: Plan, results: readonly RunResult[]): Promise<void> {
		const { answer } = await import("../../../experiments/answers.ts");
		// A newer question, or a study of another experiment, may have come while the code was loading.
		if (this.answered?.results === results && this.answered.plan === plan) this.answer = answer(plan, results);
	}
}

customElements.define("isoflop-answer-panel", AnswerPanel);
