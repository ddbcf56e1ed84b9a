import { html, LitElement, nothing } from "lit";
import type { NextRun } from "../../../analysis/parametric-laws/next-run.ts";
import { formatCount, formatPercent, formatScientific } from "../../../figures/format.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sectionStyles } from "../../parts/section-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** The runs that would narrow Method 3's interval of a most for their compute, as `isoflop fit` lists them. */
export class NextRunList extends LitElement {
	static override properties = { runs: { attribute: false } };

	/** Null while nothing is fitted. */
	declare runs: readonly NextRun[] | null;

	constructor() {
		super();
		this.runs = null;
	}

	static override styles = [sharedStyles, panelStyles, sectionStyles];

	override render() {
		const { runs } = this;
		return html`
			<section aria-labelledby="next">
				<h2 id="next">What to run next</h2>
				<p class="lead">
					${
						runs === null
							? "Once points are fitted, this lists which runs would narrow the interval of a most for their compute."
							: runs.length === 0
								? "No run can be suggested: Method 3 does not determine a from these points."
								: html`By Method 3, these runs would narrow the interval of <i>a</i> most per FLOP.`
					}
				</p>
				${runs === null || runs.length === 0 ? nothing : table(runs)}
			</section>
		`;
	}
}

function table(runs: readonly NextRun[]) {
	return html`<div class="scroll" tabindex="0" role="region" aria-label="Runs by what they narrow per FLOP">
		<table>
			<thead>
				<tr>
					<th scope="col"><i>N</i></th>
					<th scope="col"><i>D</i></th>
					<th scope="col"><i>C</i> (FLOP)</th>
					<th scope="col">Narrower by</th>
				</tr>
			</thead>
			<tbody>
				${runs.map(
					({ parameters, tokens, flops, narrowing }) => html`<tr>
						<th scope="row">${formatCount(parameters)}</th>
						<td>${formatCount(tokens)}</td>
						<td>${formatScientific(flops)}</td>
						<td>${formatPercent(narrowing)}</td>
					</tr>`,
				)}
			</tbody>
		</table>
	</div>`;
}

customElements.define("isoflop-replay-next-runs", NextRunList);
