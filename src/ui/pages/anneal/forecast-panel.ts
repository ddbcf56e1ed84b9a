import { css, html, LitElement, nothing } from "lit";
import type { Fit } from "../../../analysis/fitting/fit.ts";
import { formatDifference } from "../../../experiments/anneal/difference-text.ts";
import { whyNotExpected } from "../../../experiments/anneal/expected-loss.ts";
import { formatEstimate, formatLoss, plural } from "../../../figures/format.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import type { ShownCard } from "./anneal-views.ts";

/** The law of loss under annealing: what it was fitted to, and how good its forecasts were. */
export class ForecastPanel extends LitElement {
	static override properties = { law: { attribute: false }, cards: { attribute: false } };

	declare law: Fit | null;
	declare cards: readonly ShownCard[];

	static override styles = [
		sharedStyles,
		css`
			h2 {
				margin-bottom: 0.25rem;
			}
			p {
				color: var(--quiet);
				font-size: 0.9375rem;
			}
			.formula {
				margin: 0.6rem 0;
				padding: 0.5rem 0.8rem;
				border-radius: 6px;
				background: var(--sunken);
				color: var(--ink);
				font-family: var(--font-serif);
			}
			.formula span {
				margin-right: 0.4em;
				white-space: nowrap;
			}
			/* Two lines, so that nothing moves when the values come. */
			@media (max-width: 40rem) {
				.formula {
					min-height: 3.1em;
				}
			}
			sup {
				font-size: 0.72em;
				line-height: 0;
			}
			.scroll {
				margin-top: 0.6rem;
			}
		`,
	];

	override render() {
		const { law, cards } = this;
		const why = whyNotExpected(law);
		return html`
			<h2 id="forecast">Forecast</h2>
			<p>
				The law of loss under annealing (Tissue et al. 2024): <i>S</i><sub>1</sub> sums the learning rate, <i>S</i><sub>2</sub> its
				decay.
			</p>
			<p class="formula">
				<span><i>L</i> = <i>L</i><sub>0</sub> + <i>A</i>·<i>S</i><sub>1</sub><sup>−<i>α</i></sup> − <i>C</i>·<i>S</i><sub>2</sub>${why === null ? "," : ""}</span>
				${why === null ? values(law!) : nothing}
			</p>
			<p>
				${
					why === null
						? `Fitted to ${plural(law!.runs.length, "schedule")}, without the beginning, to ${(100 * (law!.residual ?? 0)).toFixed(1)} % of the loss. Dashed in the figure of the loss: what it expects of schedules that are not trained yet, while they are dragged too.`
						: `No forecast yet: ${why}. Once a schedule with a constant and one with a falling rate have ended, the expected loss of others is drawn, dashed, while they are dragged.`
				}
			</p>
			${this.judged(cards.filter(({ forecast }) => forecast !== null))}
		`;
	}

	private judged(cards: readonly ShownCard[]) {
		if (cards.length === 0) return nothing;
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Forecasts and results">
				<table>
					<thead>
						<tr>
							<th scope="col">Schedule</th>
							<th scope="col">Expected before training</th>
							<th scope="col">Trained to</th>
							<th scope="col">Missed by</th>
						</tr>
					</thead>
					<tbody>
						${cards.map(
							({ name, forecast }) => html`
								<tr>
									<td>${name}</td>
									<td>${formatLoss(forecast!.expected)}</td>
									<td>${formatLoss(forecast!.trained)}</td>
									<td>${formatDifference(forecast!.expected - forecast!.trained)}</td>
								</tr>
							`,
						)}
					</tbody>
				</table>
			</div>
		`;
	}
}

function values({ parameters }: Fit) {
	const of = (name: string) => formatEstimate(parameters[name]!.estimate);
	return html`<span><i>L</i><sub>0</sub> = ${of("L0")},</span> <span><i>A</i> = ${of("A")},</span>
		<span><i>α</i> = ${of("α")},</span> <span><i>C</i> = ${of("C")}</span>`;
}

customElements.define("isoflop-anneal-forecast", ForecastPanel);
