import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { guard } from "lit/directives/guard.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import type { RunRow } from "../../../run/run-note.ts";
import type { LossCurve } from "../../../run/run-result.ts";
import "../../charts/figure-view.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { C_NON_EMBEDDING, C_TOTAL, TOKENS } from "../../parts/symbols.ts";
import { type OverlaidRun, type OverlayAxis, overlayFigure } from "./overlay-figure.ts";
import { fieldNamed } from "./run-fields.ts";
import { cellText } from "./run-items.ts";
import { specDifferences } from "./spec-differences.ts";

/** Most runs that are compared at once: more lines and columns are not told apart. */
const MOST_COMPARED = 24;

const RESULTS = ["loss", "training", "n", "tokens", "flops", "seconds"].map((id) => fieldNamed(id)!);

/** The selected runs beside each other: the settings that differ, and their loss curves in one figure. */
export class ComparePanel extends LitElement {
	static override properties = {
		rows: { attribute: false },
		curvesOf: { attribute: false },
		axis: { state: true },
		curves: { state: true },
	};

	declare rows: readonly RunRow[];
	/** Reads the curves of runs. */
	declare curvesOf: (ids: string[]) => Promise<{ id: string; curve: LossCurve }[]>;
	declare private axis: OverlayAxis;
	declare private curves: ReadonlyMap<string, LossCurve>;

	constructor() {
		super();
		this.rows = [];
		this.curvesOf = async () => [];
		this.axis = "tokens";
		this.curves = new Map();
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			.panels {
				display: grid;
				grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
				gap: 1rem;
			}
			isoflop-figure {
				--chart-height: clamp(17rem, 40vh, 24rem);
			}
			wa-radio-group::part(form-control-label) {
				display: none;
			}
			.scroll {
				max-height: 26rem;
				overflow: auto;
			}
			.note {
				color: var(--quiet);
				font-size: 0.875rem;
			}
			tbody th {
				text-align: start;
				font-weight: 400;
				color: var(--quiet);
			}
			@media (max-width: 64rem) {
				.panels {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("rows")) void this.readCurves();
	}

	override render() {
		const { axis, curves } = this;
		const shown = this.rows.slice(0, MOST_COMPARED);
		const labels = runLabels(shown);
		return html`
			<div class="panels">
				<section aria-label="Loss curves">
					<isoflop-figure
						level="2"
						.figure=${guard([this.rows, curves, axis], () => overlayFigure(overlaid(shown, labels, curves), axis, EMPTY))}
					>
						<wa-radio-group
							slot="options"
							label="Horizontal axis"
							size="s"
							orientation="horizontal"
							.value=${axis}
							@change=${(event: Event) => {
								this.axis = (event.target as HTMLInputElement).value as OverlayAxis;
							}}
						>
							<wa-radio appearance="button" value="total">${C_TOTAL}</wa-radio>
							<wa-radio appearance="button" value="nonEmbedding">${C_NON_EMBEDDING}</wa-radio>
							<wa-radio appearance="button" value="tokens">${TOKENS}</wa-radio>
						</wa-radio-group>
					</isoflop-figure>
				</section>
				<section aria-labelledby="compared">
					<h2 id="compared">What differs</h2>
					${shown.length < 2 ? html`<p class="note">${shown.length === 0 ? EMPTY : ONE}</p>` : this.differences(shown, labels)}
					${
						this.rows.length > MOST_COMPARED
							? html`<p class="note">The first ${MOST_COMPARED} of the ${this.rows.length} selected runs.</p>`
							: nothing
					}
				</section>
			</div>
		`;
	}

	private differences(rows: readonly RunRow[], labels: readonly string[]) {
		const differences = specDifferences(rows.map(({ spec }) => spec));
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Settings that differ">
				<table>
					<thead>
						<tr>
							<th scope="col">Setting</th>
							${labels.map((label) => html`<th scope="col">${label}</th>`)}
						</tr>
					</thead>
					<tbody>
						${differences.map(
							({ label, values }) => html`
								<tr>
									<th scope="row">${label}</th>
									${values.map((value) => html`<td>${value}</td>`)}
								</tr>
							`,
						)}
						${RESULTS.map(
							(field) => html`
								<tr class="result">
									<th scope="row">${field.title}</th>
									${rows.map((row) => html`<td>${cellText(field, { key: row.id, rows: [row] })}</td>`)}
								</tr>
							`,
						)}
					</tbody>
				</table>
			</div>
		`;
	}

	private async readCurves(): Promise<void> {
		const wanted = this.rows.slice(0, MOST_COMPARED).map(({ id }) => id);
		const missing = wanted.filter((id) => !this.curves.has(id));
		const read = missing.length > 0 ? await this.curvesOf(missing) : [];
		const known = new Map([...this.curves, ...read.map(({ id, curve }) => [id, curve] as const)]);
		// Of runs that are not selected any more, none is kept.
		const still = new Set(this.rows.slice(0, MOST_COMPARED).map(({ id }) => id));
		this.curves = new Map([...known].filter(([id]) => still.has(id)));
	}
}

const EMPTY = "Select runs in the table to compare them: of one study or of several.";
const ONE = "Select another run to see what differs.";

function overlaid(
	rows: readonly RunRow[],
	labels: readonly string[],
	curves: ReadonlyMap<string, LossCurve>,
): OverlaidRun[] {
	return rows.flatMap((row, i) => {
		const curve = curves.get(row.id);
		return curve && curve.loss.length > 0 ? [{ row, label: labels[i]!, curve }] : [];
	});
}

/** Names that tell the runs apart: their own, or their ids. */
function runLabels(rows: readonly RunRow[]): string[] {
	return rows.map((row) => {
		if (row.name === undefined) return row.id.slice(0, 8);
		const isShared = rows.some((other) => other !== row && other.name === row.name);
		return isShared ? `${row.name}, seed ${row.spec.seed}` : row.name;
	});
}

customElements.define("isoflop-compare-panel", ComparePanel);
