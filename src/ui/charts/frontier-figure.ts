import { html, LitElement, nothing } from "lit";
import "./log-chart.ts";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { ThemeController } from "../app/theme.ts";
import { formatCount, formatScientific } from "../parts/format.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import { CONVENTION_ORDER, CONVENTIONS } from "../parts/symbols.ts";
import { figureStyles } from "./figure-styles.ts";
import { describeFrontier, frontierScene } from "./frontier-scene.ts";
import { conventionColour } from "./palette.ts";

/** The hero: best model size N* against compute C in both conventions, with fitted lines and reference slopes. */
export class FrontierFigure extends LitElement {
	static override properties = { analysis: { attribute: false }, empty: {} };
	static override styles = [sharedStyles, figureStyles];

	declare analysis: StudyAnalysis | null;
	/** What to say while there is nothing to draw. */
	declare empty: string;
	private readonly theme = new ThemeController(this);

	constructor() {
		super();
		this.analysis = null;
		this.empty = "";
	}

	override render() {
		const scene = frontierScene(this.analysis, this.theme.dark);
		return html`
			<figure>
				<div class="axis y">Best model size <i>N</i>* (parameters)</div>
				<div class="canvas">
					<isoflop-log-chart .scene=${scene} .label=${describeFrontier(this.analysis)}></isoflop-log-chart>
					${scene ? nothing : html`<div class="empty">${this.empty}</div>`}
				</div>
				<div class="axis x">Compute <i>C</i> = 6<i>ND</i> (FLOP), with <i>N</i> counted the same way</div>
				${this.legend()} ${this.table()}
			</figure>
		`;
	}

	private legend() {
		const mark = (index: number, colour: string) =>
			index === 0
				? html`<svg width="34" height="12" aria-hidden="true">
						<path d="M0 6H34" stroke=${colour} stroke-width="2.25" />
						<circle cx="17" cy="6" r="4" fill=${colour} />
					</svg>`
				: html`<svg width="34" height="12" aria-hidden="true">
						<path d="M0 6H34" stroke=${colour} stroke-width="2.25" stroke-dasharray="9 4" />
						<path d="M17 1l5 5-5 5-5-5z" fill=${colour} />
					</svg>`;
		return html`
			<ul class="legend" aria-label="Legend">
				${CONVENTION_ORDER.map((convention, index) => {
					const { words, parameters } = CONVENTIONS[convention];
					return html`<li>${mark(index, conventionColour(convention, this.theme.dark))} <span>${words} (${parameters})</span></li>`;
				})}
				<li>
					<svg width="34" height="12" aria-hidden="true">
						<path d="M0 6H34" stroke="currentColor" stroke-dasharray="2 4" />
					</svg>
					published slopes 0.50 and 0.73
				</li>
				<li class="quiet">stairs: best size at each compute; marks: where a size overtakes the next smaller one; band: interval of the slope</li>
			</ul>
		`;
	}

	private table() {
		const { analysis } = this;
		return html`
			<details>
				<summary>Show the fitted points as a table</summary>
				<div class="scroll" tabindex="0" role="region" aria-label="Fitted points">
					<table>
						<thead>
							<tr>
								<th scope="col">Counted</th>
								<th scope="col">Compute <i>C</i> (FLOP)</th>
								<th scope="col">Best size <i>N</i>*</th>
								<th scope="col">Tokens <i>D</i>*</th>
							</tr>
						</thead>
						<tbody>
							${CONVENTION_ORDER.flatMap((convention) =>
								(analysis?.conventions[convention].allocation.points ?? []).map(
									({ x, y }) => html`
										<tr>
											<td>${CONVENTIONS[convention].words} (${CONVENTIONS[convention].parameters})</td>
											<td>${formatScientific(x)}</td>
											<td>${formatCount(y)}</td>
											<td>${formatCount(x / (6 * y))}</td>
										</tr>
									`,
								),
							)}
						</tbody>
					</table>
				</div>
			</details>
		`;
	}
}

customElements.define("isoflop-frontier-figure", FrontierFigure);
