import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import "@awesome.me/webawesome/dist/components/switch/switch.js";
import { modelConfig } from "../../../architecture/config.ts";
import { parameterCounts } from "../../../architecture/size.ts";
import type { CorpusInfo } from "../../../data/corpus.ts";
import { CONTEXT, type Comparison, MAX_SEEDS } from "../../../experiments/anneal/comparison.ts";
import { sizesOfWidths } from "../../../experiments/definitions/common.ts";
import { formatCount } from "../../../figures/format.ts";
import "../../parts/quantity-field.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

const SIZES = sizesOfWidths([8, 16, 24, 32, 48, 64]);
const VOCABULARIES = [256, 512, 1024, 2048, 4096];
const BATCHES = [4, 8, 16, 32, 64];

/** What all schedules of a comparison share: model, text, budget and seeds. Fires `isoflop-setting` with the changes. */
export class ComparisonForm extends LitElement {
	static override properties = {
		comparison: { attribute: false },
		corpora: { attribute: false },
		disabled: { type: Boolean },
	};

	declare comparison: Comparison;
	declare corpora: readonly CorpusInfo[];
	declare disabled: boolean;

	static override styles = [
		sharedStyles,
		css`
			.fields {
				display: grid;
				grid-template-columns: repeat(auto-fill, minmax(min(9.5rem, 44%), 1fr));
				gap: 0.6rem 1rem;
				align-items: start;
			}
			.text {
				grid-column: span 2;
			}
			wa-switch {
				align-self: center;
				padding-top: 1.2rem;
				font-size: 0.875rem;
			}
		`,
	];

	override render() {
		const { comparison, corpora, disabled } = this;
		const { size, vocabulary } = comparison;
		const known = SIZES.some((each) => sizeKey(each) === sizeKey(size)) ? SIZES : [...SIZES, size];
		const texts = corpora.length > 0 ? corpora : [{ id: comparison.corpus, title: comparison.corpus }];
		return html`
			<div class="fields">
				${this.select(
					"Model",
					sizeKey(size),
					known.map((each) => [sizeKey(each), sizeText(each, vocabulary)]),
					(key) => ({ size: known.find((each) => sizeKey(each) === key)! }),
				)}
				${this.select(
					"Text",
					comparison.corpus,
					texts.map(({ id, title }) => [id, title]),
					(corpus) => ({ corpus }),
				)}
				${this.select("Vocabulary", String(vocabulary), numbers(VOCABULARIES, vocabulary), (value) => ({ vocabulary: Number(value) }))}
				<isoflop-quantity-field
					plain
					label="Training tokens"
					dimension="tokens"
					whole
					.bounds=${{ min: 1000, max: 1e9 }}
					.value=${comparison.tokens}
					?inert=${disabled}
					@isoflop-quantity=${(event: CustomEvent<number>) => this.tell({ tokens: event.detail })}
				></isoflop-quantity-field>
				${this.select(
					"Tokens per step",
					String(comparison.batch),
					numbers(BATCHES, comparison.batch).map(([value]) => [value, `${Number(value) * CONTEXT}`]),
					(value) => ({ batch: Number(value) }),
				)}
				${this.select(
					"Seeds",
					String(comparison.seeds),
					Array.from({ length: MAX_SEEDS }, (_, i) => [String(i + 1), i === 0 ? "1: no intervals" : String(i + 1)]),
					(value) => ({ seeds: Number(value) }),
				)}
				<wa-switch
					size="s"
					?checked=${comparison.average}
					?disabled=${disabled}
					@change=${(event: Event) => this.tell({ average: (event.target as HTMLInputElement).checked })}
				>
					Average the weights
				</wa-switch>
			</div>
		`;
	}

	private select(
		label: string,
		value: string,
		options: readonly (readonly [value: string, text: string])[],
		change: (value: string) => Partial<Comparison>,
	) {
		return html`
			<wa-select
				class=${label === "Text" ? "text" : ""}
				size="s"
				label=${label}
				value=${value}
				?disabled=${this.disabled}
				@change=${(event: Event) => this.tell(change((event.target as HTMLSelectElement).value))}
			>
				${options.map(([option, text]) => html`<wa-option value=${option}>${text}</wa-option>`)}
			</wa-select>
		`;
	}

	private tell(detail: Partial<Comparison>): void {
		this.dispatchEvent(new CustomEvent("isoflop-setting", { detail, bubbles: true, composed: true }));
	}
}

type Size = Comparison["size"];

const sizeKey = ({ width, layers, heads }: Size) => `${width}-${layers}-${heads}`;

function sizeText(size: Size, vocabulary: number): string {
	const { width, layers } = size;
	const { total } = parameterCounts(modelConfig({ ...size, vocabulary, context: CONTEXT, tied: true }));
	return `${formatCount(total)}: ${width} × ${layers}`;
}

function numbers(values: readonly number[], own: number): [string, string][] {
	return [...new Set([...values, own])].sort((a, b) => a - b).map((value) => [String(value), String(value)]);
}

customElements.define("isoflop-comparison-form", ComparisonForm);
