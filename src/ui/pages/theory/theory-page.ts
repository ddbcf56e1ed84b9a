import { html, LitElement, type PropertyValues } from "lit";
import type { RouteParameters } from "../../app/route.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { N_NON_EMBEDDING, N_TOTAL } from "../../parts/symbols.ts";
import { memoized } from "../../state/memoized.ts";
import { Selected } from "../../state/selected.ts";
import { readingOrProblem, valuesOrProblem } from "./attempt.ts";
import type { EmbeddingSource, StudyPanel } from "./study-panel.ts";
import { overlayOf, type StudyReading } from "./study-reading.ts";
import type { InputsChange } from "./theory-controls.ts";
import "./study-panel.ts";
import "./theory-controls.ts";
import "./theory-figures.ts";
import "./theory-headline.ts";
import { inputsOf, PAPER_INPUTS, parametersOf, type TheoryInputs } from "./theory-inputs.ts";
import { theoryStyles } from "./theory-styles.ts";
import type { TheoryValues } from "./theory-values.ts";

/** Milliseconds without a change after which the address, and what is off the screen, follow. */
const REST = 200;

/** What was set when the page was last shown. */
let remembered = PAPER_INPUTS;

/**
 * Pearce & Song's theory, live: figures 2 to 7 for constants, embeddings and ranges that the reader sets. Fires
 * `isoflop-parameters` once the inputs have come to rest.
 */
export class TheoryPage extends LitElement {
	static override properties = {
		parameters: { attribute: false },
		inputs: { state: true },
		rested: { state: true },
		overlaid: { state: true },
	};

	declare parameters: RouteParameters;
	/** What is shown. */
	declare private inputs: TheoryInputs;
	/** The same, once it has not changed for a moment. */
	declare private rested: TheoryInputs;
	declare private overlaid: boolean;
	private readonly lab = new Selected(this, ({ document, result }) => ({
		plan: document.plan,
		analysis: result.analysis,
	}));
	/** What the next frame will show. */
	private next: TheoryInputs | null = null;
	private rest: ReturnType<typeof setTimeout> | undefined;
	/** The last inputs that there are figures for. */
	private last: TheoryValues | null = null;
	private readonly valuesOf = memoized(valuesOrProblem);
	private readonly studyOf = memoized(readingOrProblem);
	private readonly overlayOf = memoized(overlayOf);

	constructor() {
		super();
		this.parameters = {};
		this.inputs = remembered;
		this.rested = remembered;
		this.overlaid = false;
	}

	static override styles = [sharedStyles, pageStyles, panelStyles, theoryStyles];

	override connectedCallback(): void {
		super.connectedCallback();
		void this.lab.effects.planStudy();
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		clearTimeout(this.rest);
	}

	override willUpdate(changed: PropertyValues<this>): void {
		// A link without parameters leaves what there is, as does the page's own address.
		const isLink = changed.has("parameters") && Object.keys(this.parameters).length > 0;
		if (isLink && !isSame(this.parameters, parametersOf(this.inputs))) this.inputs = inputsOf(this.parameters);
		remembered = this.inputs;
	}

	override updated(changed: PropertyValues<this>): void {
		if (changed.has("parameters")) this.settle();
	}

	override render() {
		const { plan, analysis } = this.lab.state;
		const study = this.studyOf(plan);
		const overlay = plan && analysis ? this.overlayOf(plan, analysis) : null;
		const shown = this.overlaid ? overlay : null;
		const { value, problem } = this.valuesOf(this.inputs, shown);
		this.last = value ?? this.last;
		return html`
			<div class="content">
				<section class="lead" aria-labelledby="lead">
					<div>
						<h2 id="lead">Kaplan and Chinchilla agree; they count differently</h2>
						<p>
							Small models are mostly embedding, so counting ${N_NON_EMBEDDING} instead of ${N_TOTAL} changes the smallest ones
							most. One and the same law of loss then gives Kaplan’s exponent by one count, and Chinchilla’s by the other.
						</p>
					</div>
					<isoflop-theory-headline .values=${this.last}></isoflop-theory-headline>
				</section>
				<section class="side" aria-label="What the figures follow from">
					<isoflop-theory-controls
						.inputs=${this.inputs}
						@isoflop-inputs=${({ detail }: CustomEvent<InputsChange>) => this.change(detail)}
					></isoflop-theory-controls>
					<details
						class="study"
						@toggle=${({ target }: Event) => (target as HTMLDetailsElement).open && (target as HTMLElement).scrollIntoView({ block: "nearest" })}
					>
						<summary>Your own study <span class="quiet">${plan?.study.name ?? ""}</span></summary>
						<isoflop-theory-study
							.reading=${study.value}
							.problem=${study.problem}
							.law=${this.rested.law}
							.analysis=${analysis}
							.source=${sourceOf(this.inputs, study.value)}
							.overlaid=${shown !== null}
							.noOverlay=${overlay ? "" : "No result of this study yet: train it on the Study page first."}
							@isoflop-source=${({ detail }: CustomEvent<EmbeddingSource>) => this.take(detail, study.value)}
							@isoflop-overlay=${({ detail }: CustomEvent<boolean>) => {
								this.overlaid = detail;
							}}
						></isoflop-theory-study>
					</details>
					${problem ? html`<p class="problem" role="alert">${problem}</p>` : html`<div class="end"></div>`}
				</section>
				<isoflop-theory-figures
					.numbers=${this.last?.figures ?? null}
					.overlay=${shown}
					.busy=${this.inputs !== this.rested}
				></isoflop-theory-figures>
			</div>
		`;
	}

	/** Sets the embeddings and the ranges of the paper or of the study. */
	private take(source: EmbeddingSource, reading: StudyReading | null): void {
		const from = source === "study" ? reading : PAPER_INPUTS;
		if (source === "own" || !from) return;
		const { omega, delta } = from.embedding;
		this.change((inputs) => ({ ...inputs, embedding: { omega, delta }, ranges: from.ranges }));
	}

	/** Applies changes together, once a frame. */
	private change(apply: InputsChange): void {
		if (!this.next)
			requestAnimationFrame(() => {
				this.inputs = this.next!;
				this.next = null;
				this.settle();
			});
		this.next = apply(this.next ?? this.inputs);
	}

	/** Waits for the last change, and then has the address follow. */
	private settle(): void {
		clearTimeout(this.rest);
		this.rest = setTimeout(() => {
			this.rested = this.inputs;
			const detail = parametersOf(this.inputs);
			this.dispatchEvent(new CustomEvent("isoflop-parameters", { detail, bubbles: true, composed: true }));
		}, REST);
	}
}

function isSame(one: RouteParameters, other: RouteParameters): boolean {
	const names = new Set([...Object.keys(one), ...Object.keys(other)]);
	return [...names].every((name) => one[name] === other[name]);
}

/** Whose embeddings and ranges the inputs have. */
function sourceOf({ embedding, ranges }: TheoryInputs, reading: StudyReading | null): StudyPanel["source"] {
	const isOf = (other: Pick<TheoryInputs, "embedding" | "ranges">) =>
		embedding.omega === other.embedding.omega && embedding.delta === other.embedding.delta && ranges === other.ranges;
	if (isOf(PAPER_INPUTS)) return "paper";
	return reading && isOf(reading) ? "study" : "own";
}

customElements.define("isoflop-theory-page", TheoryPage);
