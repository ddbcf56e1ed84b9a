import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/tab/tab.js";
import "@awesome.me/webawesome/dist/components/tab-group/tab-group.js";
import { formatPercent, plural } from "../../../figures/format.ts";
import type { FitsAnswer } from "../../../worker/protocol.ts";
import "../../charts/figure-view.ts";
import "../../parts/exponent-table.ts";
import "../../parts/fit-details.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import { Selected } from "../../state/selected.ts";
import "./counting-switch.ts";
import { type Shown, TABS } from "./method-figures.ts";

/** The finished runs by every method, in one way of counting: figures in tabs, and the exponents beside them. */
export class MethodsPanel extends LitElement {
	static override properties = { highlight: { attribute: false }, tab: { state: true } };

	/** Ids of the runs that stand out. */
	declare highlight: readonly string[];
	/** Id of the tab that is shown. */
	declare private tab: string;
	private readonly lab = new Selected(this, ({ result, work }) => ({
		...result,
		total: work.progress.runs.length,
	}));
	private readonly figure = memoized(
		(tab: string, fits: Shown["fits"], analysis: Shown["analysis"], all: Shown["all"]) =>
			TABS.find(({ id }) => id === tab)!.figure({ fits, analysis, all }),
	);

	constructor() {
		super();
		this.highlight = [];
		this.tab = TABS[0]!.id;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			.lead {
				margin: 0.3rem 0 0.75rem;
				color: var(--quiet);
				font-size: 0.9375rem;
			}
			.both {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 44rem);
				gap: 1rem 1.5rem;
				margin-top: 1rem;
				align-items: start;
			}
			/* As high before there is anything to read. */
			.readings {
				height: 46rem;
				overflow: auto;
			}
			.figures {
				min-height: 46rem;
			}
			wa-tab-group {
				--track-width: 2px;
				--indicator-color: var(--accent);
				margin-bottom: 0.75rem;
			}
			wa-tab::part(base) {
				padding: 0.45rem;
				font-size: 0.875rem;
			}
			isoflop-fit-details {
				margin-top: 1.25rem;
			}
			@media (max-width: 84rem) {
				.both {
					grid-template-columns: minmax(0, 1fr);
				}
				.figures {
					min-height: 0;
				}
			}
		`,
	];

	override render() {
		const { fits: all, counting, analysis, total } = this.lab.state;
		const answer = all[counting];
		const fits = answer?.fits ?? null;
		return html`
			<section aria-labelledby="methods">
				<h2 id="methods">The same runs by every method</h2>
				<p class="lead">${leadOf(answer, total)}</p>
				<isoflop-counting-switch></isoflop-counting-switch>
				<div class="both">
					<div class="figures">
						<wa-tab-group
							active=${this.tab}
							@wa-tab-show=${(event: CustomEvent<{ name: string }>) => {
								this.tab = event.detail.name;
							}}
						>
							${TABS.map(({ id, label }) => html`<wa-tab panel=${id}>${label}</wa-tab>`)}
						</wa-tab-group>
						<isoflop-figure
							.figure=${this.figure(this.tab, fits, analysis, all)}
							.highlight=${this.highlight}
						></isoflop-figure>
					</div>
					<div class="readings" tabindex="0" role="region" aria-label="What every method finds">
						<isoflop-exponent-table .readings=${fits?.readings ?? []}></isoflop-exponent-table>
						<isoflop-fit-details .fit=${fits}></isoflop-fit-details>
					</div>
				</div>
			</section>
		`;
	}
}

function leadOf(answer: FitsAnswer | undefined, total: number): string {
	if (!answer)
		return "As soon as runs are finished, every method reads them: exponents with their intervals, and the figures behind them.";
	if (!answer.fits) return `Not fitted: ${answer.reason}.`;
	const { runs, resamples, analysis } = answer.fits;
	const { sizes, budgets } = analysis.points;
	return (
		`From ${runs} of ${plural(total, "run")}: ${plural(sizes, "size")}, ${plural(budgets, "budget")} of compute. ` +
		`${formatPercent(0.9)} intervals from ${resamples.toLocaleString("en-US")} resamples.`
	);
}

customElements.define("isoflop-methods-panel", MethodsPanel);
