import { html, LitElement, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import { formatEstimate, formatPercent } from "../../../figures/format.ts";
import { formatAmount } from "../../../figures/format-amount.ts";
import { adviseFully, type LawAdvice } from "../../../theory/advice.ts";
import { ADVICE_BOUNDS } from "../../../theory/advice-bounds.ts";
import { allocationFigure, type Quantity } from "../../../theory/charts/plan-allocation-figure.ts";
import { rangeText } from "../../../theory/fitted-range.ts";
import type { AllocationLaw } from "../../../theory/published-laws.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { lawName, rowClass } from "./law-name.ts";
import { planStyles } from "./plan-styles.ts";
import "../../parts/quantity-field.ts";
import { BEST_D, BEST_L, BEST_N, C, LOSS_LAW } from "./symbols.ts";

const QUANTITIES = [
	["parameters", BEST_N],
	["tokens", BEST_D],
	["loss", BEST_L],
] as const;

/** What each law makes of a budget: best size, tokens and loss. Fires `isoflop-plan` with what the reader changes. */
export class AllocationCalculator extends LitElement {
	static override properties = {
		laws: { attribute: false },
		flops: { attribute: false },
		quantity: { state: true },
	};

	declare laws: readonly AllocationLaw[];
	/** C, FLOP. */
	declare flops: number;
	declare private quantity: Quantity;

	constructor() {
		super();
		this.laws = [];
		this.flops = 1;
		this.quantity = "parameters";
	}

	static override styles = [sharedStyles, panelStyles, planStyles];

	override render() {
		const { laws, flops, quantity } = this;
		return html`
			<section aria-labelledby="title">
				<h2 id="title">How large a model, and how much text?</h2>
				<p class="lead">The size and the number of tokens that give the lowest loss for a training budget, by each law.</p>
				<div class="calculator">
					<div>
						<isoflop-quantity-field
							label="Training compute C"
							dimension="flops"
							.bounds=${ADVICE_BOUNDS.flops}
							.value=${flops}
							@isoflop-quantity=${(event: CustomEvent<number>) => this.change(event.detail)}
						></isoflop-quantity-field>
						<p class="formula">
							<i>L</i>(<i>N</i>, <i>D</i>) = ${LOSS_LAW}<br />
							${BEST_N} = <i>G</i>·(<i>C</i>/6)<sup><i>a</i></sup>, ${BEST_D} = <i>C</i>/6${BEST_N}<br />
							<i>a</i> = <i>β</i>/(<i>α</i> + <i>β</i>), <i>G</i> = (<i>αA</i>/<i>βB</i>)<sup>1/(<i>α</i>+<i>β</i>)</sup>
						</p>
						<p>Hoffmann et al. 2022, equations 2 and 4.</p>
						<p class="note">
							Laws without a loss of ${LOSS_LAW} are lines ${BEST_N} ∝ <i>C</i><sup><i>a</i></sup> through a printed point. Each law
							counts parameters and compute ${C} = 6<i>ND</i> in its own way, which stands beside its name.
						</p>
						${
							laws.some((law) => rowClass(law) === "own")
								? nothing
								: html`<p class="note">
									Once <a href="#/study">your study</a> has a fit, its own laws stand here too, one for each method that its runs determine.
								</p>`
						}
					</div>
					<isoflop-figure .figure=${guard([laws, flops, quantity], () => allocationFigure(laws, flops, quantity))}>
						<wa-radio-group
							slot="options"
							size="s"
							orientation="horizontal"
							aria-label="Show against compute"
							.value=${quantity}
							@change=${(event: Event) => {
								this.quantity = (event.target as HTMLInputElement).value as Quantity;
							}}
						>
							${QUANTITIES.map(([value, symbol]) => html`<wa-radio appearance="button" value=${value}>${symbol}</wa-radio>`)}
						</wa-radio-group>
					</isoflop-figure>
				</div>
				${this.table()}
				<details>
					<summary>Where each law is from</summary>
					<dl>
						${laws.map(
							({ label, source, note }) => html`<dt>${label}</dt>
								<dd>${source}. ${note}</dd>`,
						)}
					</dl>
				</details>
			</section>
		`;
	}

	private table() {
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Best size and tokens by each law">
				<table>
					<thead>
						<tr>
							<th scope="col">Law</th>
							<th scope="col">Size ${BEST_N}</th>
							<th scope="col">Tokens ${BEST_D}</th>
							<th scope="col">${BEST_D}/${BEST_N}</th>
							<th scope="col">Loss ${BEST_L}, nats</th>
							<th scope="col"><i>a</i> in ${BEST_N} ∝ <i>C</i><sup><i>a</i></sup></th>
							<th scope="col">Fitted on</th>
							<th scope="col">This budget</th>
						</tr>
					</thead>
					<tbody>
						${this.laws.map((law) => lawRow(adviseFully(law, { flops: this.flops })))}
					</tbody>
				</table>
			</div>
		`;
	}

	private change(flops: number): void {
		this.dispatchEvent(new CustomEvent("isoflop-plan", { detail: { flops }, bubbles: true, composed: true }));
	}
}

function lawRow({ law, parameters, tokens, tokensPerParameter, loss, exponent, interval, beyond, reasons }: LawAdvice) {
	return html`
		<tr class=${rowClass(law)}>
			${lawName(law)}
			<td>${formatAmount(parameters)}</td>
			<td>${formatAmount(tokens)}</td>
			<td>${formatEstimate(tokensPerParameter)}</td>
			${loss === null ? html`<td class="reason end">${reasons.loss}</td>` : html`<td>${loss.toFixed(4)}</td>`}
			<td>
				${exponent.toFixed(3)}
				${
					interval
						? html`<span class="detail">${formatPercent(interval.level)}: ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}</span>`
						: nothing
				}
			</td>
			<td>${
				law.range
					? rangeText(law.range, formatAmount)
							.split(", ")
							.map((part) => html`<span class="line">${part}</span>`)
					: "not known"
			}</td>
			<td>
				${
					law.range === null
						? "–"
						: beyond === null
							? "within its data"
							: html`<span class="beyond">${beyond === "above" ? "▲" : "▼"} ${beyond} its data</span>`
				}
			</td>
		</tr>
	`;
}

customElements.define("isoflop-allocation-calculator", AllocationCalculator);
