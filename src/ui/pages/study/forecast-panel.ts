import { css, html, LitElement, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import "@awesome.me/webawesome/dist/components/spinner/spinner.js";
import { forecastFigure } from "../../../experiments/figures/forecast-figure.ts";
import { plural } from "../../../figures/format.ts";
import { sealedSentence, verdictSentence } from "../../../study/forecast-text.ts";
import { HOLD_OUTS, type HoldOut } from "../../../study/hold-out.ts";
import type { Judgement } from "../../../study/judge-forecast.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { resultsOf } from "../../state/run-view.ts";
import { Selected } from "../../state/selected.ts";
import { finishedCount, isTraining } from "../../state/selectors.ts";
import { type Choice, choicesOf } from "./forecast-choices.ts";
import "../../parts/forecast-table.ts";

/**
 * The sealed forecast of a study: which runs are set aside before it trains, what laws fitted to the others predict of them, and
 * what came.
 */
export class ForecastPanel extends LitElement {
	static override properties = { highlight: { attribute: false } };

	/** Ids of the runs that stand out. */
	declare highlight: readonly string[];
	private readonly lab = new Selected(this, (state) => ({
		...state.forecast,
		plan: state.document.error ? null : state.document.plan,
		isTraining: isTraining(state),
		finished: finishedCount(state),
		results: resultsOf(state.work.progress.runs),
	}));

	constructor() {
		super();
		this.highlight = [];
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			p {
				max-width: 46rem;
			}
			wa-select {
				max-width: 24rem;
				margin-bottom: 0.6rem;
			}
			wa-select::part(form-control-label) {
				font-weight: 600;
			}
			.quiet {
				font-size: 0.9375rem;
			}
			.verdict {
				margin-top: 0.4rem;
				font-size: 1.0625rem;
			}
			.status {
				display: flex;
				gap: 0.6rem;
				align-items: center;
				min-height: 1.6em;
				margin-top: 0.4rem;
			}
			.error {
				margin-top: 0.6rem;
				padding: 0.5rem 0.8rem;
				border-radius: 6px;
				background: var(--danger-surface);
				color: var(--danger-ink);
				font-size: 0.875rem;
			}
			isoflop-figure,
			isoflop-forecast-table {
				margin-top: 0.9rem;
			}
		`,
	];

	override render() {
		const { sealed, error } = this.lab.state;
		return html`
			<section aria-labelledby="forecast">
				<h2 id="forecast">Sealed forecast</h2>
				${sealed ? this.forecast() : this.choice()}
				${error ? html`<p class="error" role="alert">${error}</p>` : nothing}
			</section>
		`;
	}

	private choice() {
		const { plan, by, isTraining, isSealing, finished } = this.lab.state;
		const choices = plan ? choicesOf(plan, this.lab.state.results) : [];
		const chosen = choices.find((choice) => choice.by === by);
		return html`
			<wa-select
				label="Set aside"
				size="s"
				.value=${by ?? "nothing"}
				?disabled=${isTraining || !plan}
				@change=${(event: Event) => {
					const { value } = event.target as unknown as { value: string };
					void this.lab.effects.setAside(HOLD_OUTS.find((each) => each === value) ?? null);
				}}
			>
				<wa-option value="nothing">Nothing</wa-option>
				${choices.map(
					({ by, title, reason }) =>
						html`<wa-option value=${by} ?disabled=${reason !== null && by !== chosen?.by}>The ${title}</wa-option>`,
				)}
			</wa-select>
			${meaning(by, chosen, choices)}
			${
				by && !chosen?.reason
					? html`<p class="status" role="status">
							${
								isSealing
									? html`<wa-spinner></wa-spinner> The kept runs are finished; the laws are being fitted.`
									: isTraining
										? `The kept runs train first: ${keptText(chosen, finished)}.`
										: "Press Run: the kept runs train first, then the forecast is sealed."
							}
						</p>`
					: nothing
			}
		`;
	}

	private forecast() {
		const { sealed, judgement, isTraining } = this.lab.state;
		const forecast = sealed!;
		return html`
			<p>${sealedSentence(forecast)}</p>
			<p class="verdict" role="status">
				${
					judgement === null
						? "Reading the results."
						: judgement.waiting === forecast.heldOut.length && !isTraining
							? "Nothing set aside has trained yet: Run trains it."
							: verdictSentence(forecast, judgement)
				}
			</p>
			<isoflop-figure
				.figure=${guard([forecast, judgement], () => forecastFigure(forecast, judgement ?? NOT_READ))}
				.highlight=${this.highlight}
			></isoflop-figure>
			<isoflop-forecast-table .forecast=${forecast} .judgement=${judgement}></isoflop-forecast-table>
		`;
	}
}

const NOT_READ: Judgement = { kept: [], runs: [], best: null, waiting: 0, laws: [] };

function keptText(choice: Choice | undefined, finished: number): string {
	return choice ? `${finished} of ${plural(choice.kept, "run")} finished` : plural(finished, "run");
}

function meaning(by: HoldOut | null, chosen: Choice | undefined, choices: readonly Choice[]) {
	if (chosen)
		return html`<p class="quiet">
			${
				chosen.reason ??
				`${plural(chosen.aside, "run")} of the ${chosen.title} wait until the other ${chosen.kept} have trained and the laws fitted to those ` +
					"have said what loss they will reach. That forecast is stored with its time and cannot be changed."
			}
		</p>`;
	if (by === null && choices.length > 0 && choices.every(({ reason }) => reason !== null))
		return html`<p class="quiet">Nothing of this study can be set aside: ${choices[0]!.reason}.</p>`;
	return html`<p class="quiet">
		A law that fits is not yet a law that predicts. Set the largest runs aside, and the laws fitted to the rest must say what
		loss they will reach before they train.
	</p>`;
}

customElements.define("isoflop-forecast-panel", ForecastPanel);
