import { css, html, LitElement, type PropertyValues } from "lit";
import { studyLaws } from "../../../analysis/method1/allocation-laws.ts";
import { ownLaws } from "../../../study/own-laws.ts";
import { PUBLISHED_LAWS } from "../../../theory/published-laws.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import { Selected } from "../../state/selected.ts";
import "./allocation-calculator.ts";
import "./batch-calculator.ts";
import "./flops-calculator.ts";
import "./lifetime-calculator.ts";
import { type PlanValues, parametersOf, valuesOf } from "./plan-values.ts";

/**
 * Calculators for a training budget, by the published laws and those of the current study. The link's parameters are the numbers they
 * begin with; fires `isoflop-parameters` when the reader changes them.
 */
export class PlanPage extends LitElement {
	static override properties = { parameters: { attribute: false }, values: { state: true } };

	declare parameters: Parameters<typeof valuesOf>[0];
	declare private values: PlanValues;
	private readonly lab = new Selected(this, ({ result }) => ({
		analysis: result.analysis,
		// The planner's C is 6·N·D, which exact FLOPs are not.
		fits: result.fits[result.counting === "exact" ? "total" : result.counting]?.fits ?? null,
	}));
	private readonly laws = memoized((analysis: typeof this.lab.state.analysis, fits: typeof this.lab.state.fits) => [
		...PUBLISHED_LAWS,
		...(analysis ? studyLaws(analysis) : []),
		...(fits ? ownLaws(fits) : []),
	]);

	constructor() {
		super();
		this.parameters = {};
		this.values = valuesOf({});
	}

	static override styles = [
		sharedStyles,
		pageStyles,
		css`
			.content {
				display: grid;
				grid-template-columns: minmax(0, 1fr);
				gap: 1rem;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("parameters")) this.values = valuesOf(this.parameters);
	}

	override render() {
		const laws = this.laws(this.lab.state.analysis, this.lab.state.fits);
		const { values } = this;
		return html`
			<div class="content" @isoflop-plan=${(event: CustomEvent<Partial<PlanValues>>) => this.change(event.detail)}>
				<isoflop-allocation-calculator .laws=${laws} .flops=${values.flops}></isoflop-allocation-calculator>
				<isoflop-lifetime-calculator .laws=${laws} .values=${values}></isoflop-lifetime-calculator>
				<isoflop-batch-calculator .laws=${laws} .values=${values}></isoflop-batch-calculator>
				<isoflop-flops-calculator></isoflop-flops-calculator>
			</div>
		`;
	}

	/** The address follows what the reader has entered, without entries in the history. */
	private change(changes: Partial<PlanValues>): void {
		this.values = { ...this.values, ...changes };
		const detail = parametersOf(this.values);
		this.dispatchEvent(new CustomEvent("isoflop-parameters", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-plan-page", PlanPage);
