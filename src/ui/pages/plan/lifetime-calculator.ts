import { html, LitElement } from "lit";
import { guard } from "lit/directives/guard.js";
import { formatEstimate, formatScientific } from "../../../figures/format.ts";
import { formatAmount } from "../../../figures/format-amount.ts";
import { adviseFully, type LawAdvice } from "../../../theory/advice.ts";
import { ADVICE_BOUNDS } from "../../../theory/advice-bounds.ts";
import { lifetimeFigure } from "../../../theory/charts/plan-lifetime-figure.ts";
import type { AllocationLaw } from "../../../theory/published-laws.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { lawName, rowClass } from "./law-name.ts";
import { planStyles } from "./plan-styles.ts";
import type { PlanValues } from "./plan-values.ts";
import "../../parts/quantity-field.ts";
import { BEST_L, C, D, D_INF, LOSS_LAW, N } from "./symbols.ts";

/** Sizes other than the best to train, at its loss: the cheapest over a lifetime, and the reader's own. Fires `isoflop-plan`. */
export class LifetimeCalculator extends LitElement {
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
		const { flops, inferenceTokens, parameters } = values;
		const advice = laws.map((law) => adviseFully(law, { flops, inferenceTokens, parameters }));
		return html`
			<section aria-labelledby="title">
				<h2 id="title">When does a smaller model pay?</h2>
				<p class="lead">
					A model that is used much should be smaller than the best to train, and trained for longer to the same loss. The loss is
					the lowest for the budget above, ${formatScientific(flops)} FLOP.
				</p>
				<div class="calculator">
					<div>
						<div class="fields">
							<isoflop-quantity-field
								label="Tokens of use in the model's life"
								dimension="tokens"
								.bounds=${ADVICE_BOUNDS.inferenceTokens}
								.value=${inferenceTokens}
								@isoflop-quantity=${(event: CustomEvent<number>) => this.change({ inferenceTokens: event.detail })}
							></isoflop-quantity-field>
							<isoflop-quantity-field
								label="A size N of your own"
								dimension="parameters"
								.bounds=${ADVICE_BOUNDS.parameters}
								.value=${parameters}
								@isoflop-quantity=${(event: CustomEvent<number>) => this.change({ parameters: event.detail })}
							></isoflop-quantity-field>
						</div>
						<p class="formula">
							min 6${N}${D} + 2${N}${D_INF}<br />
							where ${LOSS_LAW} = ${BEST_L}(${C})<br />
							${D}(${N}) = (<i>B</i>/(${BEST_L} − <i>E</i> − <i>A</i>·<i>N</i><sup>−<i>α</i></sup>))<sup>1/<i>β</i></sup>
						</p>
						<p>
							Sardana et al. 2023, arXiv:2401.00448: a token costs 6${N} FLOP in training and 2${N} in use. The last line, the
							tokens that a size needs, is the first equation of Hoffmann et al. 2022 solved for ${D}.
						</p>
					</div>
					<isoflop-figure .figure=${guard([laws, values], () => lifetimeFigure(laws, values))}></isoflop-figure>
				</div>
				<h3>Cheapest to train and use</h3>
				<div class="scroll" tabindex="0" role="region" aria-label="Cheapest to train and use, by each law">
					<table>
						<thead>
							<tr>
								<th scope="col">Law</th>
								<th scope="col">Best to train, ${N}</th>
								<th scope="col">FLOP in all</th>
								<th scope="col">Best to train and use, ${N}</th>
								<th scope="col">Tokens ${D}</th>
								<th scope="col">${D}/${N}</th>
								<th scope="col">Training, FLOP</th>
								<th scope="col">Use, FLOP</th>
								<th scope="col">FLOP in all</th>
								<th scope="col">Saved</th>
							</tr>
						</thead>
						<tbody>
							${advice.map(lifetimeRow)}
						</tbody>
					</table>
				</div>
				<h3>Your size, trained to the same loss</h3>
				<div class="scroll" tabindex="0" role="region" aria-label="Your size at the same loss, by each law">
					<table>
						<thead>
							<tr>
								<th scope="col">Law</th>
								<th scope="col">Size ${N}</th>
								<th scope="col">Tokens ${D}</th>
								<th scope="col">${D}/${N}</th>
								<th scope="col">Training, FLOP</th>
								<th scope="col">of ${C}</th>
								<th scope="col">More than ${C}</th>
							</tr>
						</thead>
						<tbody>
							${advice.map(overTrainingRow)}
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

function lifetimeRow({ law, inference, reasons }: LawAdvice) {
	if (!inference) return reasonRow(law, 9, reasons.inference);
	const { trainingOptimal, lifetimeOptimal, saved } = inference;
	return html`
		<tr class=${rowClass(law)}>
			${lawName(law)}
			<td>${formatAmount(trainingOptimal.parameters)}</td>
			<td>${formatScientific(trainingOptimal.flops)}</td>
			<td><b>${formatAmount(lifetimeOptimal.parameters)}</b></td>
			<td>${formatAmount(lifetimeOptimal.tokens)}</td>
			<td>${formatEstimate(lifetimeOptimal.tokensPerParameter)}</td>
			<td>${formatScientific(lifetimeOptimal.trainingFlops)}</td>
			<td>${formatScientific(lifetimeOptimal.inferenceFlops)}</td>
			<td>${formatScientific(lifetimeOptimal.flops)}</td>
			<td>${(100 * saved).toFixed(1)} %</td>
		</tr>
	`;
}

function overTrainingRow({ law, overTraining, reasons }: LawAdvice) {
	if (!overTraining) return reasonRow(law, 6, reasons.overTraining);
	const { parameters, tokens, tokensPerParameter, flops, cost } = overTraining;
	return html`
		<tr class=${rowClass(law)}>
			${lawName(law)}
			<td>${formatAmount(parameters)}</td>
			<td>${formatAmount(tokens)}</td>
			<td>${formatEstimate(tokensPerParameter)}</td>
			<td>${formatScientific(flops)}</td>
			<td>${formatEstimate(cost)} ×</td>
			<td>${formatScientific(flops - flops / cost)} FLOP</td>
		</tr>
	`;
}

function reasonRow(law: LawAdvice["law"], columns: number, reason: string | null) {
	return html`<tr class=${rowClass(law)}>${lawName(law)}<td class="reason" colspan=${columns}>${reason}</td></tr>`;
}

customElements.define("isoflop-lifetime-calculator", LifetimeCalculator);
