import { css, html, LitElement } from "lit";
import { FIGURES_OF_POINTS } from "../../../experiments/figures/figures-of-points.ts";
import { plural } from "../../../figures/format.ts";
import type { ReplayFit, ReplaySource } from "../../../worker/replay-protocol.ts";
import "../../charts/figure-view.ts";
import { FileDrop } from "../../parts/file-drop.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import { connectReplay } from "./connect-replay.ts";
import "../../parts/exponent-table.ts";
import "./file-panel.ts";
import "./fit-bar.ts";
import "./held-out-panel.ts";
import "./next-run-list.ts";
import "../../parts/fit-details.ts";
import { sectionStyles } from "../../parts/section-styles.ts";
import { COUNT_TEXTS, FLOPS_TEXTS } from "./convention-texts.ts";
import { ReplaySession } from "./replay-session.ts";
import "./synthetic-panel.ts";

/** Outlives the page's element: who comes back from another page finds the fits again. */
const session = new ReplaySession(connectReplay);

/** Other people's measurements, or a synthetic study's, in the lab's figures and tables. */
export class ReplayPage extends LitElement {
	private unsubscribe = () => {};
	private readonly figures = memoized(figuresOf);

	constructor() {
		super();
		new FileDrop(this, (files) => this.take(files));
	}

	static override styles = [
		sharedStyles,
		pageStyles,
		panelStyles,
		sectionStyles,
		css`
			.content {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				gap: 1rem;
			}
			.wide {
				grid-column: 1 / -1;
			}
			.wide .lead {
				max-width: none;
			}
			isoflop-figure {
				--chart-height: clamp(17rem, 40vh, 26rem);
			}
			@media (max-width: 64rem) {
				.content {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override connectedCallback(): void {
		super.connectedCallback();
		this.unsubscribe = session.subscribe(() => this.requestUpdate());
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.unsubscribe();
	}

	override render() {
		const { state } = session;
		const { shown, stage } = state;
		const fit = shown?.fit ?? null;
		const truth = truthOf(shown?.request.source);
		const before = stage !== null ? "The fit before: " : "";
		return html`
			<div
				class="content"
				@isoflop-files=${(event: CustomEvent<File[]>) => this.take(event.detail)}
				@isoflop-draw=${(event: CustomEvent) => void session.begin({ kind: "synthetic", study: event.detail })}
				@isoflop-change=${(event: CustomEvent) => void session.change(event.detail)}
				@isoflop-retry=${(event: CustomEvent) => void session.retry(event.detail)}
				@isoflop-dismiss=${() => session.dismiss()}
				@isoflop-cancel=${() => session.cancel()}
			>
				<isoflop-replay-file .replay=${state}></isoflop-replay-file>
				<isoflop-replay-synthetic></isoflop-replay-synthetic>
				<isoflop-replay-bar class="wide" .replay=${state}></isoflop-replay-bar>
				<section class="wide" aria-labelledby="exponents">
					<h2 id="exponents">Exponents by every method</h2>
					<p class="lead">${fit ? before + summaryOf(fit, shown!.request.resamples) : EMPTY}</p>
					<isoflop-exponent-table .readings=${fit?.readings ?? []} .truth=${truth}></isoflop-exponent-table>
				</section>
				${this.figures(fit, shown?.request.source).map(
					(figure) => html`<section><isoflop-figure .figure=${figure} level="2"></isoflop-figure></section>`,
				)}
				<isoflop-replay-next-runs .runs=${fit?.analysis.nextRuns ?? null}></isoflop-replay-next-runs>
				<isoflop-replay-held-out class="wide" .replay=${state}></isoflop-replay-held-out>
				<section><isoflop-fit-details .fit=${fit} .truth=${truth}></isoflop-fit-details></section>
			</div>
		`;
	}

	private take(files: readonly File[]): void {
		if (files.length === 0) return;
		void session.begin({ kind: "files", files: files.map((file) => ({ name: file.name, file })) });
	}
}

const EMPTY =
	"Choose files, or draw a study: how the best size, the tokens and the loss grow with compute, by each of several ways to read the same points.";

function truthOf(source: ReplaySource | undefined) {
	return source?.kind === "synthetic" ? source.study.law : null;
}

function figuresOf(fit: ReplayFit | null, source: ReplaySource | undefined) {
	return FIGURES_OF_POINTS.map(({ figure }) => figure(fit, truthOf(source)));
}

function summaryOf({ analysis, conventions }: ReplayFit, resamples: number): string {
	const { total, runs, sizes, budgets } = analysis.points;
	const intervals =
		resamples === 0 ? "Without intervals." : `90 % intervals from ${resamples.toLocaleString("en-US")} resamples.`;
	return (
		`${plural(total, "point")}, ${plural(runs, "run")}, ${plural(sizes, "size")}, ${plural(budgets, "budget")}; ` +
		`N: ${lower(COUNT_TEXTS[conventions.count])}, C: ${lower(FLOPS_TEXTS[conventions.flops])}. ${intervals}`
	);
}

function lower(text: string): string {
	return text.replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

customElements.define("isoflop-replay-page", ReplayPage);
