import { html, LitElement } from "lit";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { Selected } from "../../state/selected.ts";
import { isTraining } from "../../state/selectors.ts";
import "./kernel-variants.ts";

/** Which kernel variants this GPU uses, folded away. */
export class KernelPanel extends LitElement {
	private readonly lab = new Selected(this, (state) => ({
		adapter: state.device.adapter,
		tuning: state.device.tuning,
		measuring: state.device.measuring,
		measured: state.device.measured,
		isTraining: isTraining(state),
	}));

	static override styles = [sharedStyles, panelStyles];

	override render() {
		const { adapter, tuning, measuring, measured, isTraining } = this.lab.state;
		return html`
			<section aria-label="Kernels on this GPU">
				<details>
					<summary>
						Kernels on this GPU <span class="quiet">${tuning ? "measured" : "not measured yet"}</span>
					</summary>
					<isoflop-kernel-variants
						.tuning=${tuning}
						.adapter=${adapter}
						?measuring=${measuring}
						.measured=${measured}
						?busy=${isTraining}
						@isoflop-measure=${() => this.lab.effects.measureKernels()}
						@isoflop-forget=${() => this.lab.effects.forgetKernels()}
					></isoflop-kernel-variants>
				</details>
			</section>
		`;
	}
}

customElements.define("isoflop-kernel-panel", KernelPanel);
