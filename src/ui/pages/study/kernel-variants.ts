import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js";
import type { Trial, Tuning } from "../../../worker/protocol.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** The kernel variants that this adapter uses, and how all of them were measured. Fires `isoflop-measure` and `isoflop-forget`. */
export class KernelVariants extends LitElement {
	static override properties = {
		tuning: { attribute: false },
		adapter: {},
		measuring: { type: Boolean },
		measured: { attribute: false },
		busy: { type: Boolean },
	};

	/** Null before anything was measured. */
	declare tuning: Tuning | null;
	declare adapter: string;
	declare measuring: boolean;
	/** How many are measured so far, while they are. */
	declare measured: { done: number; total: number } | null;
	/** Whether a study has the GPU. */
	declare busy: boolean;

	constructor() {
		super();
		this.tuning = null;
		this.adapter = "";
		this.measuring = false;
		this.measured = null;
		this.busy = false;
	}

	static override styles = [
		sharedStyles,
		css`
			p {
				max-width: 60rem;
				font-size: 0.9375rem;
			}
			.scroll {
				margin-top: 0.75rem;
			}
			table {
				width: auto;
				min-width: min(100%, 30rem);
			}
			th:last-child,
			td:last-child {
				text-align: start;
			}
			tbody th[scope="row"] {
				padding-inline-start: 1rem;
				font-weight: 400;
			}
			td.reason {
				min-width: 10rem;
				max-width: 40rem;
				white-space: normal;
				overflow-wrap: anywhere;
			}
			.chosen {
				padding: 0 0.35em;
				border: 1px solid currentColor;
				border-radius: 3px;
				font-size: 0.75rem;
				color: var(--good-ink);
			}
			.buttons {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 0.4rem;
				margin: 0.9rem 0 0.5rem;
			}
			wa-progress-bar {
				--track-height: 0.4rem;
				--track-color: var(--line);
				--indicator-color: var(--accent);
				width: 9rem;
				margin-inline-start: 0.4rem;
			}
			.buttons p {
				margin-inline-start: 0.4rem;
				font-size: 0.875rem;
			}
		`,
	];

	override render() {
		const { tuning, measuring, measured, busy } = this;
		return html`
			<p>
				Some kernels have several variants. The fastest on ${this.adapter || "this GPU"} is measured once and remembered
				in this browser; the first variant is used unless another is clearly faster.
				${tuning ? nothing : html`<strong>Not measured yet: the first Run does it.</strong>`}
			</p>
			${tuning ? this.table(tuning) : nothing}
			<div class="buttons" role="group" aria-label="Kernel measurement">
				<wa-button size="s" appearance="outlined" class="measure" ?disabled=${busy} @click=${() => this.fire("measure")}>
					${measuring ? "Measuring …" : tuning ? "Measure again" : "Measure now"}
				</wa-button>
				<wa-button size="s" appearance="outlined" ?disabled=${busy || measuring || !tuning} @click=${() => this.forget()}>Forget</wa-button>
				${
					measured
						? html`
							<wa-progress-bar
								label="Kernels measured"
								value=${Math.round((100 * measured.done) / measured.total)}
							></wa-progress-bar>
							<p>${measured.done} of ${measured.total} measured</p>
						`
						: nothing
				}
				${busy ? html`<p>A study is using the GPU, which would distort the timings. Measure when it has ended.</p>` : nothing}
			</div>
			<p class="quiet">A new choice applies to runs that start afterwards; unfinished runs keep the one they have.</p>
		`;
	}

	private table({ trials, variants }: Tuning) {
		const operations = [...new Set(trials.map(({ operation }) => operation))];
		return html`
			<div class="scroll" tabindex="0" role="region" aria-label="Table of kernels">
				<table>
					<thead>
						<tr>
							${["Variant", "Time", "Choice"].map((title) => html`<th scope="col">${title}</th>`)}
						</tr>
					</thead>
					${operations.map((operation) => {
						const its = trials.filter((trial) => trial.operation === operation);
						return html`
							<tbody>
								<tr>
									<th scope="rowgroup" colspan="3">${operation}</th>
								</tr>
								${its.map((trial) => this.row(trial, trial.variant === variants[operation]))}
							</tbody>
						`;
					})}
				</table>
			</div>
		`;
	}

	private row({ variant, milliseconds, rejected }: Trial, chosen: boolean) {
		return html`
			<tr>
				<th scope="row">${variant}</th>
				<td>${milliseconds === undefined ? "–" : `${milliseconds.toFixed(3)} ms`}</td>
				${
					rejected === undefined
						? html`<td>${chosen ? html`<span class="chosen">chosen</span>` : ""}</td>`
						: html`<td class="reason">rejected: ${rejected}</td>`
				}
			</tr>
		`;
	}

	/** Disables the button that was pressed, so the focus moves to the one beside it. */
	private forget(): void {
		this.renderRoot.querySelector<HTMLElement>(".measure")!.focus();
		this.fire("forget");
	}

	private fire(action: "measure" | "forget"): void {
		this.dispatchEvent(new CustomEvent(`isoflop-${action}`, { bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-kernel-variants", KernelVariants);
