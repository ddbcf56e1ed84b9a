import { css, html, LitElement, nothing } from "lit";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import type { Convention } from "../../../architecture/flops.ts";
import { CONVENTION_ORDER } from "../../../experiments/figures/conventions.ts";
import { formatFit, formatPercent, plural } from "../../../figures/format.ts";
import { headlineStyles } from "../../parts/headline-styles.ts";
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
		headlineStyles,
		css`
			.reason {
				display: -webkit-box;
				-webkit-box-orient: vertical;
				-webkit-line-clamp: 2;
				min-height: 3em;
				overflow: hidden;
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
