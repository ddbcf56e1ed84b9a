import { html, LitElement } from "lit";
import { guard } from "lit/directives/guard.js";
import { formatEstimate, formatScientific } from "../../../figures/format.ts";
import { formatAmount } from "../../../figures/format-amount.ts";
import { adviseFully, type LawAdvice } from "../../../theory/advice.ts";
import { ADVICE_BOUNDS } from "../../../theory/advice-bounds.ts";
import { batchFigure } from "../../../theory/charts/plan-batch-figure.ts";
import type { AllocationLaw } from "../../../theory/published-laws.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { lawName, rowClass } from "./law-name.ts";
import { planStyles } from "./plan-styles.ts";
import type { PlanValues } from "./plan-values.ts";
import "../../parts/quantity-field.ts";
import { B_CRIT, BEST_D, BEST_N, E_MIN, S_MIN } from "./symbols.ts";

/** Steps, tokens and compute at a batch size, against the critical batch. Fires `isoflop-plan`. */
export class BatchCalculator extends LitElement {
	static override properties = { laws: { attribute: false }, values: { attribute: false } };

	declare laws: readonly AllocationLaw[];
	declare values: PlanValues;

	constructor() {
		super();
		this.laws = [];
	}

	static override styles = [sharedStyles, panelStyles, planStyles];

	override render() {
		const { laws, values } = this;
		const { flops, batch, criticalBatch } = values;
		const advice = laws.map((law) => adviseFully(law, { flops, batch, criticalBatch: criticalBatch ?? undefined }));
		return html`
			<section aria-labelledby="title">
				<h2 id="title">How large a batch?</h2>
				<p class="lead">
					Larger batches take fewer steps but more tokens to the same loss, that of ${BEST_N} and ${BEST_D} at the budget above,
					${formatScientific(flops)} FLOP.
				</p>
				<div class="calculator">
					<div>
						<div class="fields">
							<isoflop-quantity-field
								label="Batch size B"
								dimension="tokens"
								.bounds=${ADVICE_BOUNDS.batch}
								.value=${batch}
								@isoflop-quantity=${(event: CustomEvent<number>) => this.change({ batch: event.detail })}
							></isoflop-quantity-field>
							<isoflop-quantity-field
								label="Critical batch size, if you know it"
								dimension="tokens"
								open="Kaplan's at each law's loss"
								.bounds=${ADVICE_BOUNDS.criticalBatch}
								.value=${criticalBatch}
								@isoflop-quantity=${(event: CustomEvent<number | null>) => this.change({ criticalBatch: event.detail })}
							></isoflop-quantity-field>
						</div>
						<p class="formula">
							<i>S</i> = ${S_MIN}·(1 + ${B_CRIT}/<i>B</i>)<br />
							<i>E</i> = ${E_MIN}·(1 + <i>B</i>/${B_CRIT}), ${B_CRIT} = ${E_MIN}/${S_MIN}<br />
							${B_CRIT}(<i>L</i>) = 2·10<sup>8</sup> tokens/<i>L</i><sup> 1/0.21</sup>
						</p>
						<p>
							McCandlish et al. 2018, arXiv:1812.06162; Kaplan et al. 2020, equations 5.1 and 5.3. ${BEST_D} is taken as ${E_MIN},
							the tokens at batches far below ${B_CRIT}; compute is 6${BEST_N}<i>E</i>.
						</p>
					</div>
					<isoflop-figure .figure=${guard([laws, values], () => batchFigure(advice))}></isoflop-figure>
				</div>
				<div class="scroll" tabindex="0" role="region" aria-label="Steps and tokens at this batch, by each law">
					<table>
						<thead>
							<tr>
								<th scope="col">Law</th>
								<th scope="col">${B_CRIT}, tokens</th>
								<th scope="col"><i>B</i>/${B_CRIT}</th>
								<th scope="col">Steps <i>S</i></th>
								<th scope="col">${S_MIN}</th>
								<th scope="col">Tokens <i>E</i></th>
								<th scope="col">${E_MIN}</th>
								<th scope="col">FLOP</th>
								<th scope="col">of the least</th>
							</tr>
						</thead>
						<tbody>
							${advice.map(batchRow)}
						</tbody>
					</table>
				</div>
			</section>
		`;
	}

	private change(detail: Partial<PlanValues>): void {
		this.dispatchEvent(new CustomEvent("isoflop-plan", { detail, bubbles: true, composed: true }));
	}
}

function batchRow({ law, batch: plan, reasons }: LawAdvice) {
	if (!plan)
		return html`<tr class=${rowClass(law)}>
			${lawName(law)}
			<td class="reason" colspan="8">${reasons.batch}</td>
		</tr>`;
	const { batch, criticalBatch, steps, leastSteps, tokens, leastTokens, flops, leastFlops } = plan;
	return html`
		<tr class=${rowClass(law)}>
			${lawName(law)}
			<td>${formatAmount(criticalBatch)}</td>
			<td>${formatEstimate(batch / criticalBatch)}</td>
			<td><b>${formatAmount(steps)}</b></td>
			<td>${formatAmount(leastSteps)}</td>
			<td>${formatAmount(tokens)}</td>
			<td>${formatAmount(leastTokens)}</td>
			<td>${formatScientific(flops)}</td>
			<td>${formatEstimate(flops / leastFlops)} ×</td>
		</tr>
	`;
}

customElements.define("isoflop-batch-calculator", BatchCalculator);
