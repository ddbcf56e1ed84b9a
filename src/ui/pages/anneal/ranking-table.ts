import { css, html, LitElement, nothing } from "lit";
import type { Outcome, Standing } from "../../../analysis/schedules/compare-schedules.ts";
import { formatDifference } from "../../../experiments/anneal/difference-text.ts";
import { scheduleColor } from "../../../experiments/anneal/schedule-view.ts";
import { cssColor } from "../../../figures/palette.ts";
import { ThemeController } from "../../app/theme.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import type { Ranking, ShownCard } from "./anneal-views.ts";

/** Final losses of the schedules, ranked, for each budget. Fires `isoflop-reference` with the id of a card. */
export class RankingTable extends LitElement {
	static override properties = {
		rankings: { attribute: false },
		cards: { attribute: false },
		reference: { type: Number },
	};

	declare rankings: readonly Ranking[];
	declare cards: readonly ShownCard[];
	/** The card that is compared with. */
	declare reference: number;
	private readonly themes = new ThemeController(this);

	static override styles = [
		sharedStyles,
		css`
			th[scope="row"] {
				max-width: 15rem;
				font-weight: 400;
				white-space: normal;
			}
			/* On a phone the names wrap, so that ranks and losses fit beside them. */
			@media (max-width: 40rem) {
				th:first-child {
					max-width: 9rem;
					white-space: normal;
				}
			}
			label {
				display: flex;
				gap: 0.5rem;
				align-items: baseline;
				cursor: pointer;
			}
			label input {
				flex: none;
				margin: 0;
				accent-color: var(--accent);
				translate: 0 0.1em;
			}
			.swatch {
				flex: none;
				width: 0.9rem;
				height: 0.25rem;
				border-radius: 2px;
				translate: 0 -0.25em;
			}
			.best {
				font-weight: 650;
			}
			.range {
				display: block;
				color: var(--quiet);
				font-size: 0.75rem;
			}
			.budget th {
				padding-top: 0.9rem;
				color: var(--quiet);
				text-align: start;
			}
		`,
	];

	override render() {
		const hasAverage = this.rankings.some(({ comparison }) => comparison.standings.some(({ averaged }) => averaged));
		const level = Math.round(100 * (this.rankings[0]?.comparison.level ?? 0.9));
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Table of the ranking">
				<table>
					<thead>
						<tr>
							<th scope="col">Schedule, and which is the reference</th>
							<th scope="col">Rank</th>
							<th scope="col">Validation loss</th>
							<th scope="col">Minus the reference, ${level} %</th>
							<th scope="col">Rank, averaged weights</th>
							<th scope="col">Loss</th>
							<th scope="col">Minus the reference</th>
							<th scope="col">Seeds</th>
						</tr>
					</thead>
					${this.rankings.map(
						({ comparison, title }) => html`
							<tbody>
								${this.rankings.length > 1 ? html`<tr class="budget"><th scope="rowgroup" colspan="8">${title}</th></tr>` : nothing}
								${comparison.standings.map((standing) => this.row(standing, comparison.reference, hasAverage))}
							</tbody>
						`,
					)}
				</table>
			</div>
		`;
	}

	private row({ name, seeds, raw, averaged, problem }: Standing, reference: string, hasAverage: boolean) {
		const shown = this.cards.find((each) => each.name === name);
		const id = shown?.card.id ?? 0;
		const color = cssColor(scheduleColor(id), this.themes.dark ? "dark" : "light");
		const isBase = name === reference;
		return html`
			<tr>
				<th scope="row">
					<label>
						<input
							type="radio"
							name="reference"
							aria-label=${`Compare with ${name}`}
							.checked=${id === this.reference}
							@change=${() => this.dispatchEvent(new CustomEvent("isoflop-reference", { detail: id, bubbles: true, composed: true }))}
						/>
						<span class="swatch" style="background:${color}"></span>
						<span>${name}</span>
					</label>
				</th>
				${outcome(raw, isBase, problem)} ${hasAverage ? outcome(averaged, isBase, problem) : outcome(null, false, "")}
				<td>${seeds || "–"}</td>
			</tr>
		`;
	}
}

/** Three cells: rank, loss, and how much it is above the reference's. */
function outcome(found: Outcome | null, isBase: boolean, problem: string | null) {
	const { rank = null, loss = null, difference = null } = found ?? {};
	return html`
		<td class=${rank === 1 ? "best" : ""}>${rank ?? "–"}</td>
		<td class=${rank === 1 ? "best" : ""}>${loss === null ? "–" : loss.toFixed(4)}</td>
		<td>${isBase && problem === null ? html`<span class="quiet">reference</span><span class="range">&nbsp;</span>` : differenceCell(difference, problem)}</td>
	`;
}

function differenceCell(difference: Outcome["difference"] | null, problem: string | null) {
	if (problem) return html`<span class="quiet">${problem}</span><span class="range">&nbsp;</span>`;
	if (!difference || difference.estimate === null) return html`–<span class="range">&nbsp;</span>`;
	const { estimate, low, high, reason } = difference;
	return html`${formatDifference(estimate)}
		<span class="range">${low === null || high === null ? reason : `${formatDifference(low)} to ${formatDifference(high)}`}</span>`;
}

customElements.define("isoflop-schedule-ranking", RankingTable);
