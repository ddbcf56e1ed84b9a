import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import { CHINCHILLA, EPOCH } from "../../../theory/specifications.ts";
import { richHtml } from "../../parts/rich-html.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { EXPONENT_CONTROLS, type NumberControl, SECTIONS } from "./number-control.ts";
import "./number-slider.ts";
import { PAPER_INPUTS, type TheoryInputs, withLaw } from "./theory-inputs.ts";
import type { LawChoice } from "./theory-parameters.ts";

const LAW_LABELS: Record<LawChoice, string> = { epoch: "Epoch", chinchilla: "Chinchilla", own: "Own" };
const LAW_SOURCES: Record<LawChoice, string> = {
	epoch: EPOCH.source,
	chinchilla: CHINCHILLA.source,
	own: "your own constants",
};

/** A change of the inputs, to be applied to the latest ones. */
export type InputsChange = (inputs: TheoryInputs) => TheoryInputs;

/** Everything that the figures follow from. Fires `isoflop-inputs` with an `InputsChange`. */
export class TheoryControls extends LitElement {
	static override properties = { inputs: { attribute: false } };

	declare inputs: TheoryInputs;

	constructor() {
		super();
		this.inputs = PAPER_INPUTS;
	}

	static override styles = [
		sharedStyles,
		css`
			wa-radio-group::part(form-control-label) {
				font-weight: 600;
			}
			.groups {
				display: grid;
				grid-template-columns: repeat(auto-fit, minmax(min(21rem, 100%), 1fr));
				gap: 0.9rem 2.5rem;
			}
			h3 {
				margin: 0.9rem 0 0.4rem;
			}
			h3:first-child {
				margin-top: 0;
			}
			h3 .quiet {
				font-family: var(--font-sans);
				font-size: 0.8125rem;
				font-weight: 400;
			}
			.formula {
				font-family: var(--font-serif);
				font-size: 1.0625rem;
			}
			.source {
				margin: 0.15rem 0 0.4rem;
				font-size: 0.8125rem;
				color: var(--quiet);
			}
			isoflop-number-slider + isoflop-number-slider {
				margin-top: 0.25rem;
			}
			.powers {
				--symbol-width: 3.9rem;
			}
			.law {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				justify-content: space-between;
				gap: 0.25rem 0.5rem;
				margin-top: 0.6rem;
			}
		`,
	];

	override render() {
		const { choice } = this.inputs;
		return html`
			<wa-radio-group
				label="Constants of the law"
				size="s"
				orientation="horizontal"
				.value=${choice}
				@change=${(event: Event) => {
					const { value } = event.target as unknown as { value: LawChoice };
					this.tell((inputs) => withLaw(inputs, value));
				}}
			>
				${Object.entries(LAW_LABELS).map(
					([value, label]) => html`<wa-radio appearance="button" value=${value}>${label}</wa-radio>`,
				)}
			</wa-radio-group>
			<div class="groups">
				<div>
					<div class="law">
						<p class="formula">
							<i>L</i> = <i>E</i> + <i>A</i> · <i>N</i><sub>T</sub><sup>−<i>α</i></sup> + <i>B</i> · <i>D</i><sup>−<i>β</i></sup>
						</p>
						<wa-button size="s" appearance="outlined" @click=${() => this.tell(() => PAPER_INPUTS)}>
							Reset to the paper’s
						</wa-button>
					</div>
					<p class="source">${LAW_SOURCES[choice]}</p>
					${EXPONENT_CONTROLS.map((control) => this.slider(control))}
				</div>
				<div>
					${SECTIONS.map(
						({ title, note, controls }) => html`
							<h3>${title} <span class="quiet">${richHtml(note(this.inputs))}</span></h3>
							<div class=${controls[0]!.meaning ? "powers" : ""}>${controls.map((control) => this.slider(control))}</div>
						`,
					)}
				</div>
			</div>
		`;
	}

	private slider(control: NumberControl) {
		return html`<isoflop-number-slider
			.control=${control}
			.value=${control.read(this.inputs)}
			@isoflop-number=${({ detail }: CustomEvent<number>) => this.tell((inputs) => control.write(inputs, detail))}
		></isoflop-number-slider>`;
	}

	private tell(detail: InputsChange): void {
		this.dispatchEvent(new CustomEvent("isoflop-inputs", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-theory-controls", TheoryControls);
