import { css, html, LitElement } from "lit";
import "../../charts/frontier-figure.ts";
import "../../parts/coefficient-table.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import "./result-headline.ts";
import { emptyTexts } from "./texts.ts";

/** The study's result: the two exponents, the frontier they are fitted to, and the table of coefficients. */
export class ResultPanel extends LitElement {
	private readonly lab = new Selected(this, (state) => ({
		analysis: state.result.analysis,
		empty: emptyTexts(state).frontier,
	}));

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			isoflop-frontier-figure {
				margin-top: 0.75rem;
			}
			isoflop-coefficient-table {
				margin-top: 1.25rem;
			}
		`,
	];

	override render() {
		const { analysis, empty } = this.lab.state;
		return html`
			<section aria-labelledby="result">
				<h2 id="result">How fast should a model grow with compute?</h2>
				<isoflop-result-headline .analysis=${analysis} .empty=${"no estimate yet"}></isoflop-result-headline>
				<isoflop-frontier-figure .analysis=${analysis} .empty=${empty}></isoflop-frontier-figure>
				<isoflop-coefficient-table .analysis=${analysis}></isoflop-coefficient-table>
			</section>
		`;
	}
}

customElements.define("isoflop-result-panel", ResultPanel);
