import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { COUNTINGS, type Counting } from "../../../architecture/counting.ts";
import { COUNTING_TEXTS } from "../../../experiments/figures/countings.ts";
import { richHtml } from "../../parts/rich-html.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";

/** The one switch of how parameters and compute are counted, for every figure and table of the study. */
export class CountingSwitch extends LitElement {
	private readonly lab = new Selected(this, ({ result }) => ({ counting: result.counting }));

	static override styles = [
		sharedStyles,
		css`
			:host {
				display: flex;
				flex-wrap: wrap;
				gap: 0.4rem 1rem;
				align-items: center;
			}
			.rule {
				flex: 1 1 16rem;
				min-height: 2.6em;
				color: var(--quiet);
				font-size: 0.875rem;
			}
			wa-radio-group::part(form-control-label) {
				font-weight: 600;
			}
		`,
	];

	override render() {
		const { counting } = this.lab.state;
		return html`
			<wa-radio-group
				label="What counts as parameters and compute"
				size="s"
				orientation="horizontal"
				.value=${counting}
				@change=${(event: Event) =>
					this.lab.effects.chooseCounting((event.target as unknown as { value: Counting }).value)}
			>
				${COUNTINGS.map((each) => html`<wa-radio appearance="button" value=${each}>${COUNTING_TEXTS[each].label}</wa-radio>`)}
			</wa-radio-group>
			<p class="rule" role="status">Everything below counts ${richHtml(COUNTING_TEXTS[counting].rule)}.</p>
		`;
	}
}

customElements.define("isoflop-counting-switch", CountingSwitch);
