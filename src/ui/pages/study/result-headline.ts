import { css, html, LitElement, nothing } from "lit";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import type { Convention } from "../../../architecture/flops.ts";
import { CONVENTION_ORDER } from "../../../experiments/figures/conventions.ts";
import { formatFit, formatPercent, plural } from "../../../figures/format.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { CONVENTIONS } from "../../parts/symbols.ts";

/** The result in two numbers: how fast the best model size grows with compute, counted both ways. */
export class ResultHeadline extends LitElement {
	static override properties = { analysis: { attribute: false }, empty: {} };

	declare analysis: StudyAnalysis | null;
	/** What to say before there is a result. */
	declare empty: string;

	constructor() {
		super();
		this.analysis = null;
		this.empty = "";
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				container-type: inline-size;
			}
			.cards {
				display: grid;
				grid-template-columns: 1fr 1fr;
				gap: 1rem;
			}
			.card {
				display: grid;
				grid-template-columns: auto 1fr;
				column-gap: 1rem;
				align-items: center;
				min-height: 5.5rem;
				padding-inline-start: 0.9rem;
				border-inline-start: 4px solid var(--color);
			}
			.total {
				--color: var(--total);
			}
			.nonEmbedding {
				--color: var(--non-embedding);
			}
			.law {
				font-family: var(--font-serif);
				font-size: 2.75rem;
				font-variant-numeric: lining-nums tabular-nums;
				font-weight: 600;
				line-height: 1.1;
				min-width: 2.1em;
				color: var(--color);
			}
			.law.none {
				color: var(--line-strong);
			}
			.words {
				font-weight: 600;
			}
			.detail {
				font-size: 0.875rem;
				line-height: 1.5;
				color: var(--quiet);
				font-variant-numeric: tabular-nums;
			}
			.reason {
				display: -webkit-box;
				-webkit-box-orient: vertical;
				-webkit-line-clamp: 2;
				min-height: 3em;
				overflow: hidden;
			}
			@container (max-width: 34rem) {
				.cards {
					grid-template-columns: 1fr;
				}
			}
		`,
	];

	override render() {
		return html`<div class="cards">${CONVENTION_ORDER.map((convention) => this.card(convention))}</div>`;
	}

	private card(convention: Convention) {
		const { label, parameters, compute, reference, source } = CONVENTIONS[convention];
		const fit = this.analysis?.conventions[convention].allocation;
		const known = fit && fit.estimate !== null ? formatFit(fit.estimate, fit.low, fit.high) : null;
		return html`
			<div class="card ${convention}">
				<div class="law ${known ? "" : "none"}">${known?.estimate ?? "–"}</div>
				<div>
					<div class="words">${label} (${parameters})</div>
					<div class="detail">
						<i>N</i>* ∝ <i>C</i><sup><i>a</i></sup>, counting ${parameters} and ${compute}
					</div>
					${
						known && fit
							? html`
									<div class="detail">
										${known.interval ? `${formatPercent(fit.level)} interval ${known.interval}` : "no interval yet"}
									</div>
									<div class="detail">${plural(fit.runs.length, "run")}; ${source} found ${reference.toFixed(2)}</div>
								`
							: html`<div class="detail reason" title=${fit?.reason ?? nothing}>${fit?.reason ?? this.empty}</div>`
					}
				</div>
			</div>
		`;
	}
}

customElements.define("isoflop-result-headline", ResultHeadline);
