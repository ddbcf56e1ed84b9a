import { css, html, LitElement } from "lit";
import type { Convention } from "../../../architecture/flops.ts";
import { CONVENTION_ORDER } from "../../../experiments/figures/conventions.ts";
import { headlineStyles } from "../../parts/headline-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { CONVENTIONS } from "../../parts/symbols.ts";
import type { TheoryValues } from "./theory-values.ts";

/** The theory in two numbers: the exponent of the simulated study by each way of counting. */
export class TheoryHeadline extends LitElement {
	static override properties = { values: { attribute: false } };

	declare values: TheoryValues | null;

	constructor() {
		super();
		this.values = null;
	}

	static override styles = [
		sharedStyles,
		headlineStyles,
		css`
			.law {
				min-width: 2.6em;
			}
			@container (max-width: 26rem) {
				.card {
					grid-template-columns: auto minmax(0, 1fr);
				}
				.texts {
					display: contents;
				}
				.detail {
					grid-column: 1 / -1;
				}
			}
		`,
	];

	override render() {
		return html`<div class="cards">${[...CONVENTION_ORDER].reverse().map((convention) => this.card(convention))}</div>`;
	}

	private card(convention: Convention) {
		const { label, parameters, reference, source } = CONVENTIONS[convention];
		const found = this.values?.exponents[convention];
		return html`
			<div class="card ${convention}">
				<div class="law ${found ? "" : "none"}" data-exponent=${convention}>
					${found ? found.exponent.toFixed(3).replace("-", "−") : "–"}
				</div>
				<div class="texts">
					<div class="words">${label} (${parameters})</div>
					<div class="detail">
						<i>N</i>* ∝ <i>C</i><sup><i>a</i></sup>, simulated; ${source} found ${reference.toFixed(2)}
					</div>
					<div class="detail">${this.limits(convention)}</div>
					<div class="detail">${found ? endsText(found) : "no numbers for these constants"}</div>
				</div>
			</div>
		`;
	}

	private limits(convention: Convention) {
		if (!this.values) return "–";
		const { gSmall, gLarge } = this.values.limits;
		const large = html`<i>β</i>/(<i>α</i> + <i>β</i>) = ${gLarge.toFixed(3)}`;
		if (convention === "total") return html`theory: ${large} at any size`;
		return html`theory: <i>β</i>/(<i>αδ</i> + <i>β</i>) = ${gSmall.toFixed(3)} for tiny models, ${large} for huge ones`;
	}
}

/** At how many budgets the range of sizes limits the choice. */
function endsText({ budgets, atSmallest, atLargest }: TheoryValues["exponents"][Convention]): string {
	return `the sizes run out at ${atSmallest + atLargest} of ${budgets} budgets`;
}

customElements.define("isoflop-theory-headline", TheoryHeadline);
