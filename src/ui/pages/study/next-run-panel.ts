import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import { formatCount, formatEstimate, formatPercent, formatScientific, plural } from "../../../figures/format.ts";
import type { RunResult } from "../../../run/run-result.ts";
import type { NextRunParameter, NextRunsTable, SuggestedRun } from "../../../study/next-runs.ts";
import type { Study } from "../../../study/study.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { resultsOf } from "../../state/run-view.ts";
import { Selected } from "../../state/selected.ts";
import { isTraining, phaseOf } from "../../state/selectors.ts";

const PARAMETERS: readonly (readonly [NextRunParameter, string])[] = [
	["a", "a, of N* ∝ C^a"],
	["γ", "γ, of L* − E ∝ C^−γ"],
	["α", "α, of the loss in N"],
	["β", "β, of the loss in D"],
	["E", "E, the loss that remains"],
];

/** Which run would narrow an interval most for its compute; a click adds it to the study. */
export class NextRunPanel extends LitElement {
	static override properties = { parameter: { state: true }, table: { state: true }, isAsking: { state: true } };

	declare private parameter: NextRunParameter;
	declare private table: NextRunsTable | null;
	declare private isAsking: boolean;
	private asked: { study: Study; results: readonly RunResult[]; parameter: NextRunParameter } | null = null;
	private readonly lab = new Selected(this, (state) => ({
		study: state.document.study,
		results: resultsOf(state.work.progress.runs),
		isReady: phaseOf(state) === "ready" && state.document.error === null,
		isTraining: isTraining(state),
	}));

	constructor() {
		super();
		this.parameter = "a";
		this.table = null;
		this.isAsking = false;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			p {
				max-width: 46rem;
			}
			.quiet {
				font-size: 0.9375rem;
			}
			wa-select {
				max-width: 24rem;
				margin-bottom: 0.6rem;
			}
			wa-select::part(form-control-label) {
				font-weight: 600;
			}
			.scroll {
				margin-top: 0.75rem;
			}
			.bar {
				display: inline-block;
				width: 4rem;
				height: 0.35rem;
				margin-inline-end: 0.5rem;
				border-radius: 2px;
				background: var(--line);
				vertical-align: middle;
			}
			/* Where the columns would not fit, the rows are still in the order of their gain. */
			@media (max-width: 40rem) {
				.wide {
					display: none;
				}
			}
			.gain {
				display: inline-block;
				min-width: 3.2em;
			}
			.bar span {
				display: block;
				height: 100%;
				border-radius: 2px;
				background: var(--accent);
			}
		`,
	];

	override updated(): void {
		const { study, results, isReady } = this.lab.state;
		const { asked, parameter } = this;
		if (!isReady || results.length === 0) return;
		if (asked?.study === study && asked.results === results && asked.parameter === parameter) return;
		this.asked = { study, results, parameter };
		void this.ask(this.asked);
	}

	override render() {
		const { results, isTraining } = this.lab.state;
		return html`
			<section aria-labelledby="next">
				<h2 id="next">Next run</h2>
				<wa-select
					label="Narrow the interval of"
					size="s"
					.value=${this.parameter}
					@change=${(event: Event) => {
						this.parameter = (event.target as unknown as { value: NextRunParameter }).value;
					}}
				>
					${PARAMETERS.map(([value, label]) => html`<wa-option value=${value}>${label}</wa-option>`)}
				</wa-select>
				${results.length === 0 ? html`<p class="quiet">Once runs have finished, this lists what to train next.</p>` : this.found(isTraining)}
			</section>
		`;
	}

	private found(isTraining: boolean) {
		const { table, isAsking } = this;
		if (table === null) return html`<p class="quiet" role="status">Fitting Method 3 to the runs.</p>`;
		if (table.reason !== null)
			return html`<p class="quiet" role="status">No run can be suggested: ${table.reason}.</p>`;
		return html`
			<p class="quiet" role="status">
				${
					isAsking
						? "Fitting Method 3 to the runs."
						: html`By Method 3 on the ends of the runs, ${this.parameter} = ${formatEstimate(table.estimate!)} now. ${this.added()}`
				}
			</p>
			<div class="scroll" tabindex="0" role="region" aria-label="Runs by what they narrow per FLOP">
				<table>
					<thead>
						<tr>
							<th scope="col">Size</th>
							<th scope="col" class="wide"><i>N</i></th>
							<th scope="col"><i>D</i></th>
							<th scope="col" class="wide"><i>C</i> (FLOP)</th>
							<th scope="col">Narrower by</th>
							<th scope="col" class="wide">Gain per FLOP</th>
							<th scope="col"><span class="visually-hidden">Add</span></th>
						</tr>
					</thead>
					<tbody>
						${table.runs.map((run) => this.row(run, isTraining))}
					</tbody>
				</table>
			</div>
		`;
	}

	private row(run: SuggestedRun, isTraining: boolean) {
		const { size, parameters, tokens, flops, narrowing, gain } = run;
		const shape = `width ${size.width}, ${plural(size.layers, "layer")}`;
		return html`<tr>
			<th scope="row">${shape}</th>
			<td class="wide">${formatCount(parameters)}</td>
			<td>${formatCount(tokens)}</td>
			<td class="wide">${formatScientific(flops)}</td>
			<td>${formatPercent(narrowing)}</td>
			<td class="wide">
				<span class="bar"><span style="width: ${100 * gain}%"></span></span
				><span class="gain">${formatPercent(gain)}</span>
			</td>
			<td>
				<wa-button
					size="s"
					appearance="outlined"
					aria-label="Add ${shape}, ${formatCount(tokens)} tokens"
					?disabled=${isTraining || this.isAsking}
					@click=${() => this.add(run)}
				>
					Add
				</wa-button>
			</td>
		</tr>`;
	}

	/** What a click adds. */
	private added() {
		const { learningRates, seeds, schedules } = this.lab.state.study;
		const runs = learningRates.length * seeds.length * schedules.length;
		return runs === 1
			? "The estimate is for one run; a click adds it to the study."
			: `The estimate is for one run. A click adds its size and length to the study, which trains them at each of its rates and seeds: ${runs} runs.`;
	}

	private async ask(request: {
		study: Study;
		results: readonly RunResult[];
		parameter: NextRunParameter;
	}): Promise<void> {
		this.isAsking = true;
		let table: NextRunsTable;
		try {
			table = await this.lab.effects.nextRuns({ ...request, results: [...request.results] });
		} catch (error) {
			table = { reason: (error as Error).message, estimate: null, runs: [] };
		}
		// A newer question may have come meanwhile.
		if (this.asked !== request) return;
		this.table = table;
		this.isAsking = false;
	}

	private add({ size }: SuggestedRun): void {
		const { study } = this.lab.state;
		void this.lab.effects.edit({ ...study, sizes: [...study.sizes, size] });
	}
}

customElements.define("isoflop-next-run-panel", NextRunPanel);
