import { css, html, LitElement, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import "@awesome.me/webawesome/dist/components/checkbox/checkbox.js";
import "@awesome.me/webawesome/dist/components/radio-group/radio-group.js";
import "@awesome.me/webawesome/dist/components/radio/radio.js";
import type { StudyAnalysis } from "../../../analysis/method1/study-analysis.ts";
import { CONVENTION_ORDER } from "../../../experiments/figures/conventions.ts";
import { formatFit } from "../../../figures/format.ts";
import { PREDICTION_CAVEAT } from "../../../study/prediction.ts";
import type { LossLaw } from "../../../theory/loss-law.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { CONVENTIONS } from "../../parts/symbols.ts";
import { numberText } from "./number-control.ts";
import { expectationOf, type StudyReading } from "./study-reading.ts";
import { PAPER_INPUTS } from "./theory-inputs.ts";

/** Whose embeddings and ranges are set: the paper's, the study's, or others. */
export type EmbeddingSource = "paper" | "study" | "own";

/**
 * The reader's own study beside the theory: what its embeddings and ranges are, what the theory expects of it, what it found.
 * Fires `isoflop-source` with the embeddings that are picked, and `isoflop-overlay` with whether its points are wanted.
 */
export class StudyPanel extends LitElement {
	static override properties = {
		reading: { attribute: false },
		problem: {},
		law: { attribute: false },
		analysis: { attribute: false },
		source: {},
		overlaid: { type: Boolean },
		noOverlay: {},
	};

	/** Null where the study cannot be read; `problem` says why. */
	declare reading: StudyReading | null;
	declare problem: string;
	declare law: LossLaw;
	declare analysis: StudyAnalysis | null;
	declare source: EmbeddingSource;
	/** Whether the study's points lie over the figures. */
	declare overlaid: boolean;
	/** Why they cannot; empty if they can. */
	declare noOverlay: string;

	constructor() {
		super();
		this.reading = null;
		this.problem = "";
		this.law = PAPER_INPUTS.law;
		this.analysis = null;
		this.source = "paper";
		this.overlaid = false;
		this.noOverlay = "";
	}

	static override styles = [
		sharedStyles,
		css`
			p {
				margin-top: 0.6rem;
				font-size: 0.875rem;
			}
			wa-radio-group::part(form-control-label) {
				font-weight: 600;
			}
			wa-radio {
				--wa-form-control-height: auto;
			}
			wa-checkbox {
				margin-top: 0.9rem;
			}
			table {
				margin-top: 0.6rem;
				font-size: 0.8125rem;
			}
			th,
			td {
				padding: 0.3rem;
				white-space: normal;
			}
			thead th {
				font-size: 0.75rem;
				vertical-align: bottom;
			}
			.hint {
				margin-top: 0.2rem;
				font-size: 0.8125rem;
				min-height: 1.5em;
			}
		`,
	];

	override render() {
		const { reading, source } = this;
		return html`
			<wa-radio-group
				label="Embeddings of"
				size="s"
				.value=${source}
				@change=${(event: Event) => this.tell("isoflop-source", (event.target as HTMLInputElement).value)}
			>
				<wa-radio value="paper">the paper (Chinchilla’s 50 models)</wa-radio>
				<wa-radio value="study" ?disabled=${!reading}>this study${reading ? ` (${reading.name})` : ""}, and its ranges</wa-radio>
				<wa-radio value="own" ?disabled=${source !== "own"}>others, set above</wa-radio>
			</wa-radio-group>
			${
				reading
					? html`<p class="quiet">${embeddingText(reading)}</p>
							${guard([this.law, reading, this.analysis], () => this.table(this.law, reading))}
							<p class="quiet">${PREDICTION_CAVEAT}</p>`
					: html`<p class="quiet">${this.problem}</p>`
			}
			<wa-checkbox
				size="s"
				.checked=${this.overlaid}
				?disabled=${this.noOverlay !== ""}
				@change=${(event: Event) => this.tell("isoflop-overlay", (event.target as HTMLInputElement).checked)}
			>
				Lay this study’s points over the figures
			</wa-checkbox>
			<p class="hint quiet">${this.noOverlay || nothing}</p>
		`;
	}

	private table(law: LossLaw, reading: StudyReading) {
		const expected = expectationOf(law, reading);
		const text = (value: number | null) => (value === null ? "–" : value.toFixed(3).replace("-", "−"));
		return html`
			<table aria-label="Exponents of this study">
				<thead>
					<tr>
						<th scope="col">Exponent <i>a</i></th>
						<th scope="col">theory, its budgets</th>
						<th scope="col">theory, all budgets</th>
						<th scope="col">this study found</th>
					</tr>
				</thead>
				<tbody>
					${CONVENTION_ORDER.map((convention) => {
						const { simulated, unlimited } = expected[convention];
						const { label, parameters } = CONVENTIONS[convention];
						return html`
							<tr>
								<td>${label} (${parameters})</td>
								<td>${text(simulated)}</td>
								<td>${text(unlimited)}</td>
								<td>${foundText(this.analysis?.conventions[convention].allocation)}</td>
							</tr>
						`;
					})}
				</tbody>
			</table>
		`;
	}

	private tell(name: string, detail: unknown): void {
		this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
	}
}

/** How ω and δ of a study were had. */
function embeddingText({ vocabulary, context, sizes, embedding }: StudyReading): string {
	const { omega, delta, fixedDelta } = embedding;
	const method = fixedDelta
		? `ω fitted with δ = 1/3, since these sizes do not tell δ`
		: "both fitted to ln N_T of its sizes";
	return (
		`Vocabulary ${vocabulary.toLocaleString("en-US")}, context ${context}, ${sizes.length} sizes: ` +
		`ω = ${numberText(omega)} and δ = ${delta.toFixed(3)}, ${method}.`
	);
}

function foundText(fit: StudyAnalysis["conventions"]["total"]["allocation"] | undefined): string {
	if (!fit) return "nothing yet";
	if (fit.estimate === null) return "no estimate";
	const { estimate, interval } = formatFit(fit.estimate, fit.low, fit.high);
	return interval ? `${estimate} (${interval})` : estimate;
}

customElements.define("isoflop-theory-study", StudyPanel);
