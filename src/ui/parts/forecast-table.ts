import { css, html, LitElement, nothing } from "lit";
import { formatCount, formatLoss, plural } from "../../figures/format.ts";
import type { Forecast } from "../../study/forecast.ts";
import type { LawForecast, Predicted, Target } from "../../study/forecast-laws.ts";
import { scoreText } from "../../study/forecast-text.ts";
import type { Judgement, Verdict } from "../../study/judge-forecast.ts";
import { sharedStyles } from "./shared-styles.ts";

/** What each law predicts, what came, and whether that lies in the interval; the runs that are not judged are folded away. */
export class ForecastTable extends LitElement {
	static override properties = { forecast: { attribute: false }, judgement: { attribute: false } };

	declare forecast: Pick<Forecast, "targets" | "laws" | "interval">;
	declare judgement: Judgement | null;

	constructor() {
		super();
		this.judgement = null;
	}

	static override styles = [
		sharedStyles,
		css`
			small {
				display: block;
				min-height: 1.5em;
				font-size: 0.8125rem;
				color: var(--quiet);
			}
			.inside {
				color: var(--good-ink);
			}
			.outside {
				color: var(--danger-ink);
			}
			@media (max-width: 40rem) {
				th:first-child {
					min-width: 6.5rem;
					white-space: normal;
				}
				.interval {
					display: block;
				}
			}
			.reasons {
				margin-top: 0.6rem;
				font-size: 0.875rem;
				color: var(--quiet);
			}
			details {
				margin-top: 0.6rem;
				font-size: 0.875rem;
			}
			summary {
				cursor: pointer;
			}
			ul {
				margin: 0.4rem 0 0;
				padding-inline-start: 1.2rem;
			}
		`,
	];

	override render() {
		const { forecast, judgement } = this;
		const laws = forecast.laws.filter(({ reason }) => reason === null);
		const interval = `${Number((100 * forecast.interval).toPrecision(3))} %`;
		const judged = judgement?.runs.some(({ reason }) => reason === null) ? judgement : null;
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Predicted losses by law">
				<table>
					<thead>
						<tr>
							<th scope="col">Final loss, ${interval} interval</th>
							${laws.map(({ title }) => html`<th scope="col">${title}</th>`)}
							<th scope="col">Came out</th>
						</tr>
					</thead>
					<tbody>
						${forecast.targets.map((target, t) => this.row(target, t, laws))}
						${this.bestRow(laws)}
						<tr>
							<th scope="row">All judged runs</th>
							${laws.map((law) => html`<td>${score(judged, law)}</td>`)}
							<td></td>
						</tr>
					</tbody>
				</table>
			</div>
			${forecast.laws.map(({ title, reason }) =>
				reason === null ? nothing : html`<p class="reasons">${title} predicts nothing: ${reason}.</p>`,
			)}
			${this.notJudged()}
		`;
	}

	private row({ parameters, tokens }: Target, t: number, laws: readonly LawForecast[]) {
		const judged = (this.judgement?.runs ?? []).flatMap((run, i) =>
			run.target === t && run.reason === null ? [{ ...run, i }] : [],
		);
		const verdictsOf = ({ law }: LawForecast) => {
			const found = this.judgement?.laws.find((each) => each.law === law);
			return judged.flatMap(({ i }) => found?.runs[i] ?? []);
		};
		return html`<tr>
			<th scope="row">
				<i>N</i> ${formatCount(parameters)}, <i>D</i> ${formatCount(tokens)}
			</th>
			${laws.map((law) => html`<td>${predicted(law.targets[t]!)}<small>${outcome(verdictsOf(law))}</small></td>`)}
			<td>${judged.length === 0 ? "–" : judged.map(({ came }) => html`<div>${formatLoss(came!)}</div>`)}</td>
		</tr>`;
	}

	private bestRow(laws: readonly LawForecast[]) {
		const { judgement } = this;
		const verdictsOf = ({ law }: LawForecast) => judgement?.laws.find((each) => each.law === law)?.best ?? null;
		const best = judgement?.waiting === 0 ? judgement.runs.find(({ run }) => run === judgement.best) : undefined;
		return html`<tr>
			<th scope="row">Lowest of all runs</th>
			${laws.map((law) => {
				const verdict = verdictsOf(law);
				return html`<td>${predicted(law.best)}<small>${outcome(verdict ? [verdict] : [])}</small></td>`;
			})}
			<td>${best ? formatLoss(best.came!) : "–"}</td>
		</tr>`;
	}

	private notJudged() {
		const runs = (this.judgement?.runs ?? []).filter(({ reason, waits }) => reason !== null && !waits);
		if (runs.length === 0) return nothing;
		const reasons = new Map<string, number>();
		for (const { reason } of runs) reasons.set(reason!, (reasons.get(reason!) ?? 0) + 1);
		return html`<details>
			<summary>${plural(runs.length, "run")} not judged</summary>
			<ul>
				${[...reasons].map(([reason, count]) => html`<li>${plural(count, "run")}: ${reason}.</li>`)}
			</ul>
		</details>`;
	}
}

function score(judged: Judgement | null, law: LawForecast) {
	const text = judged && scoreText(judged, law);
	return text === null ? "–" : text.split(", ").map((part) => html`<small>${part}</small>`);
}

function predicted(prediction: Predicted | null) {
	if (!prediction) return "does not apply";
	const { loss, low, high } = prediction;
	const interval = low === null || high === null ? "no interval" : `${formatLoss(low)} to ${formatLoss(high)}`;
	return html`<b>${formatLoss(loss)}</b> <span class="interval quiet">${interval}</span>`;
}

/** "✓ inside, +0.42 %"; of several runs "✓ 2 of 3 inside, +0.42 %". */
function outcome(verdicts: readonly Verdict[]) {
	if (verdicts.length === 0) return nothing;
	const mean = verdicts.reduce((sum, { percent }) => sum + percent, 0) / verdicts.length;
	const error = `${mean < 0 ? "−" : "+"}${Math.abs(mean).toFixed(2)} %`;
	if (verdicts.some(({ inside }) => inside === null)) return error;
	const inside = verdicts.filter((verdict) => verdict.inside).length;
	const all = inside === verdicts.length;
	const text = verdicts.length === 1 ? (all ? "inside" : "outside") : `${inside} of ${verdicts.length} inside`;
	return html`<span class=${all ? "inside" : "outside"}>${all ? "✓" : "✗"} ${text}</span>, ${error}`;
}

customElements.define("isoflop-forecast-table", ForecastTable);
