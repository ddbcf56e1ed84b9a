import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import type { Experiment, Preset } from "../../../experiments/experiment.ts";
import { experimentOf, experiments, presetNamed } from "../../../experiments/experiments.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/**
 * The experiments, the sizes of the one that is picked, and what it asks, with what its source found. Fires
 * `isoflop-preset` with the id of a preset.
 */
export class PresetPicker extends LitElement {
	static override properties = { preset: {}, why: {}, disabled: { type: Boolean } };

	/** Id of the picked preset; null for a custom study. */
	declare preset: string | null;
	/** Why the page picked it; empty where somebody did. */
	declare why: string;
	declare disabled: boolean;
	/** The experiment of the last preset: a custom study began as one of its sizes. */
	private experiment: Experiment;

	constructor() {
		super();
		this.preset = null;
		this.why = "";
		this.disabled = false;
		this.experiment = experiments[0]!;
	}

	static override styles = [
		sharedStyles,
		css`
			wa-radio-group::part(form-control-label) {
				font-weight: 600;
			}
			wa-select::part(form-control-label) {
				font-weight: 600;
			}
			wa-select {
				margin-bottom: 0.75rem;
			}
			wa-radio {
				--wa-form-control-height: auto;
			}
			p {
				margin-top: 0.75rem;
				font-size: 0.9375rem;
				color: var(--quiet);
			}
			.question {
				color: inherit;
				font-weight: 600;
			}
		`,
	];

	override render() {
		const picked = this.preset === null ? undefined : presetNamed(this.preset);
		if (picked) this.experiment = experimentOf(picked);
		return html`${this.experimentSelect()}${this.sizes()}${this.texts(picked)}`;
	}

	private experimentSelect() {
		return html`
			<wa-select
				label="Experiment"
				size="s"
				.value=${this.experiment.id}
				?disabled=${this.disabled}
				@change=${(event: Event) => {
					const { value } = event.target as unknown as { value: string };
					this.pick(experiments.find(({ id }) => id === value)!.presets[0]!.id);
				}}
			>
				${experiments.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
			</wa-select>
		`;
	}

	private sizes() {
		return html`
			<wa-radio-group
				label="Study"
				size="s"
				.value=${this.preset ?? "custom"}
				?disabled=${this.disabled}
				@change=${(event: Event) => this.pick((event.target as HTMLInputElement).value)}
			>
				${this.experiment.presets.map(({ id, title }) => html`<wa-radio value=${id}>${title}</wa-radio>`)}
				<wa-radio value="custom" ?disabled=${this.preset !== null}>Custom (change anything below)</wa-radio>
			</wa-radio-group>
		`;
	}

	private texts(picked: Preset | undefined) {
		const { id, question, source, found, limits } = this.experiment;
		// The others' questions stand above their answers.
		const isHeadline = id === "reconcile";
		return html`
			${isHeadline ? html`<p class="question">${question}</p><p>${source}: ${found}</p>` : nothing}
			${this.why ? html`<p class="why">${this.why}</p>` : nothing}
			<p>${picked?.description ?? "A custom study. Pick a size to return to it; finished runs are kept."}</p>
			${picked ? html`<p>${limits}</p>` : nothing}
		`;
	}

	private pick(detail: string): void {
		this.dispatchEvent(new CustomEvent("isoflop-preset", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-preset-picker", PresetPicker);
