import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/progress-bar/progress-bar.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import type { Conventions, FlopsRule } from "../../../analysis/points/conventions.ts";
import type { ReplayRequest, ReplayStage } from "../../../worker/replay-protocol.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sectionStyles } from "../../parts/section-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { COUNT_TEXTS, FLOPS_TEXTS } from "./convention-texts.ts";
import type { ReplayState } from "./replay-session.ts";

const RESAMPLES = [0, 200, 1000, 5000] as const;

type Options = readonly (readonly [value: string, label: string])[];

/** How points are counted and fitted, and how far a fit is. Fires `isoflop-change` and `isoflop-cancel`. */
export class FitBar extends LitElement {
	static override properties = { replay: { attribute: false } };

	declare replay: ReplayState;

	static override styles = [
		sharedStyles,
		panelStyles,
		sectionStyles,
		css`
			.bar {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 19rem);
				gap: 0.75rem 1.5rem;
				align-items: end;
			}
			.fields {
				grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
			}
			/* As high while nothing is under way. */
			.progress {
				display: flex;
				gap: 0.75rem;
				align-items: center;
				min-height: 3.4rem;
			}
			.progress > div {
				flex: 1;
				min-width: 0;
				color: var(--quiet);
				font-size: 0.8125rem;
			}
			wa-progress-bar {
				--track-height: 0.4rem;
				margin-top: 0.3rem;
			}
			@media (max-width: 56rem) {
				.bar {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override render() {
		const { request, shown, problem, stage } = this.replay;
		const fit = shown?.fit;
		const conventions = { ...fit?.conventions, ...request?.conventions };
		const experiments = fit?.experiments ?? [];
		return html`
			<section aria-label="How it is fitted">
				<div class="bar">
					<div class="fields">
						${
							experiments.length > 1
								? this.select(
										"Experiment",
										String(Math.max(0, experiments.indexOf(request?.experiment ?? fit!.experiment))),
										experiments.map((name, i) => [String(i), name || "(no name)"] as const),
										(i) => ({ experiment: experiments[Number(i)]! }),
									)
								: nothing
						}
						${this.select(
							"Count N as",
							conventions.count ?? "total",
							labels(COUNT_TEXTS, fit?.possible.counts ?? ["total"]),
							(count) => ({ conventions: { count: count as Conventions["count"] } }),
						)}
						${this.select(
							"Count C as",
							conventions.flops ?? "6nd",
							labels(FLOPS_TEXTS, fit?.possible.flops ?? ["6nd"]),
							(flops) => ({ conventions: { ...request?.conventions, flops: flops as FlopsRule } }),
						)}
						${this.select(
							"Resamples for intervals",
							String(request?.resamples ?? 1000),
							RESAMPLES.map((count) => [String(count), count === 0 ? "none: no intervals" : String(count)] as const),
							(count) => ({ resamples: Number(count) }),
						)}
					</div>
					<div class="progress">
						<div role="status">${stage ? progress(stage) : fit ? "Fitted." : "Nothing is fitted yet."}</div>
						${
							stage
								? html`<wa-button size="s" appearance="outlined" @click=${() => this.tell("isoflop-cancel")}>Cancel</wa-button>`
								: nothing
						}
					</div>
				</div>
				${
					problem
						? html`<p class="error" role="alert"><b>Not fitted.</b> ${problem} What is shown below is the fit before.</p>`
						: nothing
				}
			</section>
		`;
	}

	private select(label: string, value: string, options: Options, change: (value: string) => Partial<ReplayRequest>) {
		return html`<wa-select
			size="s"
			label=${label}
			.value=${value}
			?disabled=${this.replay.request === null}
			@change=${(event: Event) =>
				this.tell("isoflop-change", change((event.target as unknown as { value: string }).value))}
		>
			${options.map(([each, text]) => html`<wa-option value=${each}>${text}</wa-option>`)}
		</wa-select>`;
	}

	private tell(name: string, detail?: unknown): void {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}
}

function labels<Value extends string>(texts: Record<Value, string>, values: readonly Value[]): Options {
	return values.map((value) => [value, texts[value]]);
}

function progress(stage: ReplayStage) {
	if (stage.kind === "reading")
		return html`Reading … <wa-progress-bar indeterminate label="Reading"></wa-progress-bar>`;
	if (stage.kind === "predicting")
		return html`Predicting what is set aside … <wa-progress-bar indeterminate label="Predicting"></wa-progress-bar>`;
	const { title, done, of } = stage;
	return html`${title.split(":")[0]}, ${done + 1} of ${of} …
		<wa-progress-bar value=${(100 * done) / of} label="Methods fitted"></wa-progress-bar>`;
}

customElements.define("isoflop-replay-bar", FitBar);
