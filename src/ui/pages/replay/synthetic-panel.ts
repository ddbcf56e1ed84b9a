import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import { drawPoints, syntheticCsv } from "../../../analysis/points/synthetic-points.ts";
import { SPECIFICATIONS } from "../../../theory/specifications.ts";
import { download } from "../../parts/download.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import "../../parts/quantity-field.ts";
import { sectionStyles } from "../../parts/section-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import {
	DESIGN_FIELDS,
	type DesignKind,
	FIRST_VALUES,
	LAW_FIELDS,
	lawOf,
	type NumberField,
	noiseFields,
	type SyntheticValues,
	studyOf,
} from "./synthetic-values.ts";

const DESIGNS: readonly (readonly [DesignKind, string])[] = [
	["isoflop", "IsoFLOP"],
	["grid", "Sizes × tokens"],
	["curves", "Curves"],
];

/** The form of a synthetic study. Fires `isoflop-draw` with a `SyntheticStudy`. */
export class SyntheticPanel extends LitElement {
	static override properties = { values: { state: true } };

	declare private values: SyntheticValues;

	constructor() {
		super();
		this.values = FIRST_VALUES;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		sectionStyles,
		css`
			:host {
				display: grid;
			}
			.constants {
				grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr));
			}
			.fields {
				gap: 0.6rem 1rem;
			}
			.fields + .fields {
				margin-top: 0.6rem;
			}
			wa-radio-group {
				margin: 0.75rem 0;
			}
			.formula span {
				white-space: nowrap;
			}
			.formula {
				margin-top: 0.5rem;
				font-family: var(--font-serif);
			}
		`,
	];

	override render() {
		const { values } = this;
		const found = studyOf(values);
		const problem = "problem" in found ? found.problem : "";
		return html`
			<section aria-labelledby="title">
				<h2 id="title">A synthetic study</h2>
				<p class="lead">
					Losses drawn from a known law with noise, to learn what each method makes of a truth that stands beside it.
				</p>
				<wa-select
					size="s"
					label="Law"
					.value=${values.lawId}
					@change=${(event: Event) => this.change({ lawId: (event.target as unknown as { value: string }).value })}
				>
					${SPECIFICATIONS.map(({ id, label }) => html`<wa-option value=${id}>${label}</wa-option>`)}
					<wa-option value="own">Your own constants</wa-option>
				</wa-select>
				${values.lawId === "own" ? this.constants() : this.formula()}
				<wa-radio-group
					size="s"
					orientation="horizontal"
					label="Design"
					.value=${values.design}
					@change=${(event: Event) => this.change({ design: (event.target as HTMLInputElement).value as DesignKind })}
				>
					${DESIGNS.map(([kind, label]) => html`<wa-radio appearance="button" value=${kind}>${label}</wa-radio>`)}
				</wa-radio-group>
				<div class="fields">${DESIGN_FIELDS[values.design].map((field) => this.field(field))}</div>
				<div class="fields">${noiseFields(values.design).map((field) => this.field(field))}</div>
				${problem ? html`<p class="error" role="alert">${problem}</p>` : nothing}
				<div class="buttons">
					<wa-button size="s" variant="brand" ?disabled=${problem !== ""} @click=${() => this.draw()}>Draw and fit</wa-button>
					<wa-button size="s" appearance="outlined" ?disabled=${problem !== ""} @click=${() => this.draw(1)}
						>Again with other noise</wa-button
					>
					<wa-button size="s" appearance="outlined" ?disabled=${problem !== ""} @click=${() => this.save()}
						>Save its points as CSV</wa-button
					>
				</div>
			</section>
		`;
	}

	private formula() {
		const { E, A, B, alpha, beta } = lawOf(this.values);
		const { source } = SPECIFICATIONS.find(({ id }) => id === this.values.lawId)!;
		return html`
			<p class="formula">
				<i>L</i> = ${E} + <span>${A}·<i>N</i><sup> −${alpha}</sup></span> + <span>${B}·<i>D</i><sup> −${beta}</sup></span>
			</p>
			<p class="note">${source}</p>
		`;
	}

	private constants() {
		const { own } = this.values;
		return html`
			<p class="formula">
				<i>L</i> = <i>E</i> + <i>A</i>·<i>N</i><sup> −<i>α</i></sup> + <i>B</i>·<i>D</i><sup> −<i>β</i></sup>
			</p>
			<div class="fields constants">
				${LAW_FIELDS.map(
					({ name, label, bounds }) => html`<isoflop-quantity-field
			plain
						label=${label}
						dimension="count"
						.bounds=${bounds}
						.value=${own[name]}
						@isoflop-quantity=${(event: CustomEvent<number>) => this.change({ own: { ...own, [name]: event.detail } })}
					></isoflop-quantity-field>`,
				)}
			</div>
		`;
	}

	private field({ name, label, dimension, bounds, whole }: NumberField) {
		const { numbers } = this.values;
		return html`<isoflop-quantity-field
			plain
			label=${label}
			dimension=${dimension}
			.bounds=${bounds}
			?whole=${whole}
			.value=${numbers[name]}
			@isoflop-quantity=${(event: CustomEvent<number>) =>
				this.change({ numbers: { ...numbers, [name]: event.detail } })}
		></isoflop-quantity-field>`;
	}

	private change(changes: Partial<SyntheticValues>): void {
		this.values = { ...this.values, ...changes };
	}

	/** Asks for the study, with so many seeds further. */
	private draw(further = 0): void {
		const { numbers } = this.values;
		if (further) this.change({ numbers: { ...numbers, seed: (numbers.seed + further) % 2 ** 32 } });
		const found = studyOf(this.values);
		if ("study" in found)
			this.dispatchEvent(new CustomEvent("isoflop-draw", { detail: found.study, bubbles: true, composed: true }));
	}

	private save(): void {
		const found = studyOf(this.values);
		if ("study" in found) download("synthetic-points.csv", syntheticCsv(drawPoints(found.study)), "text/csv");
	}
}

customElements.define("isoflop-replay-synthetic", SyntheticPanel);
