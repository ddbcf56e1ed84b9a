import { css, html, LitElement } from "lit";
import "../../charts/figure-view.ts";
import type { Figure } from "../../../figures/figure.ts";
import type { StudyOverlay } from "../../../theory/charts/overlay.ts";
import { THEORY_CHARTS } from "../../../theory/charts/theory-charts.ts";
import type { TheoryFigures as Numbers } from "../../../theory/figures.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

type Name = keyof typeof THEORY_CHARTS;

/** Each figure's number in the paper, and what to see in it. */
const TEXTS: Record<Name, { readonly number: string; readonly sentence: string }> = {
	embedding: {
		number: "Figure 2",
		sentence:
			"Small models are nearly all embedding: the curve bends away from the dashed line of models that have none.",
	},
	frontier: {
		number: "Figure 3",
		sentence:
			"Counted without embeddings, the best size follows one steep line for tiny models and a flatter one for huge ones.",
	},
	exponent: {
		number: "Figure 3",
		sentence: "The exponent that a study finds depends on where it looks: between its limits it rises to a peak first.",
	},
	curves: {
		number: "Figure 4",
		sentence: "Each curve is one model; the lower edge of all of them is what Kaplan’s study would have seen.",
	},
	allocation: {
		number: "Figure 5",
		sentence:
			"With the paper’s constants a straight line through the stairs comes near Kaplan’s 0.73; the dotted one is where large models go.",
	},
	loss: {
		number: "Figure 6",
		sentence: "Over these budgets the lowest loss looks like a straight line, although it levels off at E in the end.",
	},
	totalCurves: {
		number: "Figure 7",
		sentence: "The same models and losses, with every parameter counted in N and in C.",
	},
	totalAllocation: {
		number: "Figure 7",
		sentence: "With the paper’s constants the line has nearly Chinchilla’s slope, 0.50: only the counting has changed.",
	},
};

const NAMES = Object.keys(TEXTS) as Name[];

/**
 * The paper's figures. While `busy`, only those on the screen follow the numbers; the others do when that is over, or when
 * they come into view.
 */
export class TheoryFigures extends LitElement {
	static override properties = {
		numbers: { attribute: false },
		overlay: { attribute: false },
		busy: { type: Boolean },
	};

	declare numbers: Numbers | null;
	declare overlay: StudyOverlay | null;
	declare busy: boolean;

	private readonly visible = new Set<string>();
	private readonly made = new Map<Name, { numbers: Numbers | null; overlay: StudyOverlay | null; figure: Figure }>();
	private readonly observer = new IntersectionObserver((entries) => {
		for (const { target, isIntersecting } of entries) {
			if (isIntersecting) this.visible.add(target.id);
			else this.visible.delete(target.id);
		}
		if (this.busy) this.requestUpdate();
	});

	constructor() {
		super();
		this.numbers = null;
		this.overlay = null;
		this.busy = false;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			:host {
				--chart-height: 19rem;
				container-type: inline-size;
			}
			.grid {
				display: grid;
				grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				gap: 1rem;
			}
			.number {
				font-size: 0.8125rem;
			}
			section > p {
				margin-top: 0.5rem;
				padding-top: 0.5rem;
				border-top: 1px solid var(--line);
				font-size: 0.9375rem;
				text-wrap: pretty;
			}
			section {
				display: flex;
				flex-direction: column;
			}
			isoflop-figure {
				flex: 1;
			}
			@container (max-width: 44rem) {
				.grid {
					grid-template-columns: minmax(0, 1fr);
				}
			}
		`,
	];

	override connectedCallback(): void {
		super.connectedCallback();
		void this.updateComplete.then(() => {
			for (const section of this.renderRoot.querySelectorAll("section")) this.observer.observe(section);
		});
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.observer.disconnect();
		this.visible.clear();
	}

	override render() {
		return html`<div class="grid">
			${NAMES.map((name) => {
				const { number, sentence } = TEXTS[name];
				return html`
					<section id=${name}>
						<isoflop-figure .figure=${this.figureOf(name)}>
							<span slot="options" class="number quiet">${number}</span>
						</isoflop-figure>
						<p>${sentence}</p>
					</section>
				`;
			})}
		</div>`;
	}

	/** The figure as it is now, or as it was while nobody can see it. */
	private figureOf(name: Name): Figure {
		const { numbers, overlay } = this;
		const last = this.made.get(name);
		const isCurrent = last?.numbers === numbers && last.overlay === overlay;
		if (last && (isCurrent || (this.busy && !this.visible.has(name)))) return last.figure;
		const figure = THEORY_CHARTS[name](numbers, overlay);
		this.made.set(name, { numbers, overlay, figure });
		return figure;
	}
}

customElements.define("isoflop-theory-figures", TheoryFigures);
