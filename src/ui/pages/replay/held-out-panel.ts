import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import { forecastFigure } from "../../../experiments/figures/forecast-figure.ts";
import { plural } from "../../../figures/format.ts";
import { closestSentence } from "../../../study/forecast-text.ts";
import { HOLD_OUT_WORDS, HOLD_OUTS, type HoldOut } from "../../../study/hold-out.ts";
import type { HeldOutPoints } from "../../../study/hold-out-points.ts";
import "../../charts/figure-view.ts";
import "../../parts/forecast-table.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sectionStyles } from "../../parts/section-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import type { ReplayState } from "./replay-session.ts";

const CHOICES: readonly (readonly [HoldOut | "none", string])[] = [
	["none", "Nothing"],
	...HOLD_OUTS.map((by) => [by, `The ${HOLD_OUT_WORDS[by]}`] as const),
];

/**
 * Sets the largest runs aside, and shows what laws fitted to the rest say of them beside what was measured. Fires `isoflop-change`
 * with the choice.
 */
export class HeldOutPanel extends LitElement {
	static override properties = { replay: { attribute: false } };

	declare replay: ReplayState;
	private readonly figure = memoized((found: HeldOutPoints) => forecastFigure(found, found.judgement));

	static override styles = [
		sharedStyles,
		panelStyles,
		sectionStyles,
		css`
			wa-radio-group {
				margin-bottom: 0.75rem;
			}
			.found {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				gap: 1rem 1.5rem;
			}
			isoflop-figure {
				--chart-height: 18rem;
			}
			@media (max-width: 64rem) {
				.found {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override render() {
		const { request, shown } = this.replay;
		const found = shown?.fit.heldOut ?? null;
		return html`
			<section aria-labelledby="held-out">
				<h2 id="held-out">Predict the largest runs</h2>
				<p class="lead">
					The laws are fitted once more without some of the runs, and say what those should come to, with an interval. A law that
					misses what was measured should not be trusted further out.
				</p>
				<wa-radio-group
					size="s"
					orientation="horizontal"
					label="Set aside"
					.value=${request?.holdOut ?? "none"}
					?disabled=${request === null}
					@change=${(event: Event) => this.choose((event.target as HTMLInputElement).value as HoldOut | "none")}
				>
					${CHOICES.map(
						([value, label]) =>
							html`<wa-radio appearance="button" value=${value} ?disabled=${request === null}>${label}</wa-radio>`,
					)}
				</wa-radio-group>
				${found === null ? nothing : "reason" in found ? html`<p role="status">Nothing can be predicted: ${found.reason}.</p>` : this.found(found)}
			</section>
		`;
	}

	private found(found: HeldOutPoints) {
		const { by, laws, judgement } = found;
		return html`
			<p role="status">
				${plural(judgement.runs.length, "run")} of the ${HOLD_OUT_WORDS[by]}, predicted from ${plural(judgement.kept.length, "run")}.
				${closestSentence({ laws }, judgement)}
			</p>
			<div class="found">
				<isoflop-forecast-table .forecast=${found} .judgement=${judgement}></isoflop-forecast-table>
				<isoflop-figure .figure=${this.figure(found)} level="3"></isoflop-figure>
			</div>
		`;
	}

	private choose(choice: HoldOut | "none"): void {
		const detail = { holdOut: choice === "none" ? null : choice };
		this.dispatchEvent(new CustomEvent("isoflop-change", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-replay-held-out", HeldOutPanel);
