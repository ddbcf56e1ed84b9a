import { css, html, LitElement } from "lit";
import { guard } from "lit/directives/guard.js";
import "../../charts/figure-view.ts";
import { frontierFigure } from "../../../experiments/figures/frontier-figure.ts";
import "../../parts/coefficient-table.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import { triesSeveralRates } from "../../state/selectors.ts";
import "./result-headline.ts";
import { emptyTexts } from "./texts.ts";

/** The study's result: the two exponents, the frontier they are fitted to, and the table of coefficients. */
export class ResultPanel extends LitElement {
	static override properties = { highlight: { attribute: false } };

	/** Ids of the runs that stand out. */
	declare highlight: readonly string[];
	private readonly lab = new Selected(this, (state) => ({
		analysis: state.result.analysis,
		empty: emptyTexts(state).frontier,
		severalRates: triesSeveralRates(state),
	}));

	constructor() {
		super();
		this.highlight = [];
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			isoflop-figure {
				margin-top: 0.75rem;
			}
			isoflop-coefficient-table {
				margin-top: 1.25rem;
			}
		`,
	];

	override render() {
		const { analysis, empty, severalRates } = this.lab.state;
		return html`
			<section aria-labelledby="result">
				<h2 id="result">How fast should a model grow with compute?</h2>
				<isoflop-result-headline .analysis=${analysis} .empty=${"no estimate yet"}></isoflop-result-headline>
				<isoflop-figure
					.figure=${guard([analysis, empty], () => frontierFigure(analysis, empty))}
					.highlight=${this.highlight}
				></isoflop-figure>
				<isoflop-coefficient-table .analysis=${analysis} .severalRates=${severalRates}></isoflop-coefficient-table>
			</section>
		`;
	}
}

customElements.define("isoflop-result-panel", ResultPanel);
