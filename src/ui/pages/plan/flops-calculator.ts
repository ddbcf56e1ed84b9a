import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/checkbox/checkbox.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import { exactFlops } from "../../../theory/exact-flops.ts";
import { type Blocks, configOf, type DescribedModel, KNOWN_MODELS } from "../../../theory/known-models.ts";
import type { Bounds, Dimension } from "../../../theory/quantities.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { flopsTable } from "./flops-table.ts";
import { planStyles } from "./plan-styles.ts";
import "../../parts/quantity-field.ts";
import { D, N } from "./symbols.ts";

interface Field {
	readonly name: "width" | "layers" | "heads" | "headSize" | "hidden" | "vocabulary" | "context" | "tokens";
	readonly label: string;
	readonly dimension: Dimension;
	readonly bounds: Bounds;
	/** What an empty field stands for. */
	readonly open?: string;
}

const count = (name: Field["name"], label: string, max: number, open?: string): Field => ({
	...{ name, label, dimension: "count", bounds: { min: 1, max }, open },
});

const FIELDS: readonly Field[] = [
	count("width", "Width", 1e6),
	count("layers", "Layers", 1e5),
	count("heads", "Heads", 1e5),
	count("headSize", "Head size", 1e6, "width / heads"),
	count("hidden", "Feed-forward width", 1e7, "4 · width"),
	count("vocabulary", "Vocabulary", 1e8),
	count("context", "Context, tokens", 1e8),
	{ name: "tokens", label: "Training tokens D", dimension: "tokens", bounds: { min: 1, max: 1e30 } },
];

const BLOCK_LABELS: Record<Blocks, string> = {
	gpt2: "GPT-2: two matrices, biases",
	llama: "Llama: gated, no biases",
};

const OWN = "own";

/** One model's compute by every way of counting it. */
export class FlopsCalculator extends LitElement {
	static override properties = { picked: { state: true }, model: { state: true }, problem: { state: true } };

	/** The known model that is shown, or "own". */
	declare private picked: string;
	/** What is in the fields. */
	declare private model: DescribedModel;
	/** Why the table is still that of the model before. */
	declare private problem: string;
	/** The last that is a model. */
	private counted: { model: DescribedModel; found: ReturnType<typeof exactFlops> };

	constructor() {
		super();
		const first = KNOWN_MODELS.find(({ id }) => id === "chinchilla")!;
		this.picked = first.id;
		this.model = first.model;
		this.problem = "";
		this.counted = { model: first.model, found: exactFlops(configOf(first.model), first.model.tokens) };
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		planStyles,
		css`
			.shape {
				display: grid;
				grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr));
				gap: 0.5rem 1rem;
				align-items: start;
			}
			.wide {
				grid-column: span 2;
			}
			wa-checkbox {
				align-self: center;
			}
			.counts {
				margin-top: 0.9rem;
			}
			.error {
				margin-top: 0.5rem;
				color: var(--danger-ink);
				font-size: 0.875rem;
			}
			@media (max-width: 30rem) {
				.shape {
					grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
				}
			}
		`,
	];

	override render() {
		const { model, problem } = this;
		const known = KNOWN_MODELS.find(({ id }) => id === this.picked);
		return html`
			<section aria-labelledby="title">
				<h2 id="title">What does 6<i>ND</i> leave out?</h2>
				<p class="lead">
					One model's training compute with every count of its parameters, beside its exact arithmetic: what attention and the
					head take is not in 6${N}${D}, and looking up an embedding is.
				</p>
				<div class="shape">
					<wa-select
						class="wide"
						size="s"
						label="Begin with"
						hint=${known?.source ?? "\u00a0"}
						.value=${this.picked}
						@change=${(event: Event) => this.pick((event.target as unknown as { value: string }).value)}
					>
						${KNOWN_MODELS.map(({ id, title }) => html`<wa-option value=${id}>${title}</wa-option>`)}
						<wa-option value=${OWN}>Your own</wa-option>
					</wa-select>
					<wa-select
						class="wide"
						size="s"
						label="Blocks"
						.value=${model.blocks}
						@change=${(event: Event) => this.change({ blocks: (event.target as unknown as { value: Blocks }).value })}
					>
						${Object.entries(BLOCK_LABELS).map(([value, label]) => html`<wa-option value=${value}>${label}</wa-option>`)}
					</wa-select>
					${FIELDS.map((field) => this.field(field))}
					<wa-checkbox
						class="wide"
						size="s"
						.checked=${model.tied}
						@change=${(event: Event) => this.change({ tied: (event.target as HTMLInputElement).checked })}
					>
						The head shares the embedding's matrix
					</wa-checkbox>
				</div>
				${problem ? html`<div class="error" role="alert">${problem} The table is still that of the model before.</div>` : nothing}
				${flopsTable(this.counted.found, this.counted.model)}
				<p class="formula">
					exact per token = 6·weights of the layers' matrices + 6·layers·heads·head size·(context + 1) + 6·width·vocabulary
				</p>
				<p class="source">
					A multiply–add is 2 FLOP, and the backward pass takes twice the forward pass (Kaplan et al. 2020, section 2.1). Under the
					causal mask a token sees (context + 1)/2 positions on average. Norms, biases, activations and the optimizer are not
					counted. Hoffmann et al. 2022, appendix F, counts attention over all positions and its softmax, and their table A4 leaves
					out embedding and head; the ratio there is to 6${N}${D} with the parameters of their table A9, which has matrices for
					relative positions.
				</p>
			</section>
		`;
	}

	private field({ name, label, dimension, bounds, open }: Field) {
		return html`
			<isoflop-quantity-field
				label=${label}
				dimension=${dimension}
				open=${open ?? ""}
				?whole=${dimension === "count"}
				.bounds=${bounds}
				.value=${this.model[name]}
				@isoflop-quantity=${(event: CustomEvent<number | null>) => this.change({ [name]: event.detail })}
			></isoflop-quantity-field>
		`;
	}

	private pick(id: string): void {
		this.picked = id;
		const known = KNOWN_MODELS.find((each) => each.id === id);
		if (known) this.show(known.model);
	}

	private change(changes: Partial<DescribedModel>): void {
		this.picked = OWN;
		this.show({ ...this.model, ...changes });
	}

	private show(model: DescribedModel): void {
		this.model = model;
		try {
			this.counted = { model, found: exactFlops(configOf(model), model.tokens) };
			this.problem = "";
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
			this.problem = error.message;
		}
	}
}

customElements.define("isoflop-flops-calculator", FlopsCalculator);
