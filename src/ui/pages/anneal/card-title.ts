import { css, html, LitElement, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import { typedName } from "../../../experiments/anneal/card-names.ts";
import { MAX_NAME } from "../../../experiments/anneal/comparison.ts";
import { PENCIL } from "../../parts/icons.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/**
 * The name of a schedule, which is edited in place: Enter takes what was typed, Escape does not, and an empty name is what the schedule
 * does. Fires `isoflop-name` with the name, or null for none.
 */
export class CardTitle extends LitElement {
	static override properties = {
		name: {},
		own: {},
		disabled: { type: Boolean },
		editing: { state: true },
	};

	/** As it is shown. */
	declare name: string;
	/** The name that the reader gave; empty without one. */
	declare own: string;
	declare disabled: boolean;
	declare private editing: boolean;

	constructor() {
		super();
		this.name = "";
		this.own = "";
		this.disabled = false;
		this.editing = false;
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				display: grid;
				grid-template-columns: minmax(0, 1fr) auto;
				gap: 0.3rem;
				align-items: center;
				height: 1.875rem;
			}
			h3 {
				font-size: 0.9375rem;
				overflow: hidden;
				text-overflow: ellipsis;
				white-space: nowrap;
			}
			wa-button::part(base) {
				width: 1.75rem;
				padding: 0;
			}
			wa-button::part(start) {
				margin: 0;
			}
			wa-input {
				grid-column: 1 / -1;
			}
			wa-input::part(form-control-label) {
				position: absolute;
				width: 1px;
				height: 1px;
				overflow: hidden;
				clip-path: inset(50%);
			}
		`,
	];

	override render() {
		const { name, own } = this;
		if (this.editing)
			return html`
				<wa-input
					size="xs"
					label=${`Name of ${name}`}
					placeholder=${own ? "What it does" : name}
					autocomplete="off"
					maxlength=${MAX_NAME}
					.value=${own || name}
					@keydown=${(event: KeyboardEvent) => this.key(event)}
					@blur=${(event: FocusEvent) => this.finish((event.target as HTMLInputElement).value)}
				></wa-input>
			`;
		return html`
			<h3 title=${name}>${name}</h3>
			<wa-button
				size="xs"
				appearance="plain"
				title=${`Rename ${name}`}
				?disabled=${this.disabled}
				@click=${() => {
					this.editing = true;
				}}
			>
				${PENCIL}<span class="visually-hidden">Rename ${name}</span>
			</wa-button>
		`;
	}

	override updated(changed: PropertyValues<{ editing: boolean }>): void {
		if (!this.editing || !changed.has("editing")) return;
		const input = this.renderRoot.querySelector("wa-input")!;
		void input.updateComplete.then(() => {
			input.focus();
			input.select();
		});
	}

	private key(event: KeyboardEvent): void {
		if (event.key !== "Enter" && event.key !== "Escape") return;
		event.preventDefault();
		const { value } = event.target as HTMLInputElement;
		if (event.key === "Enter") this.finish(value);
		this.editing = false;
		void this.updateComplete.then(() => this.renderRoot.querySelector("wa-button")!.focus());
	}

	/** Takes what was typed; what the schedule does is no name of its own. */
	private finish(text: string): void {
		if (!this.editing) return;
		this.editing = false;
		const typed = typedName(text);
		const detail = typed === undefined || (typed === this.name && this.own === "") ? null : typed;
		if (detail !== (this.own || null))
			this.dispatchEvent(new CustomEvent("isoflop-name", { detail, bubbles: true, composed: true }));
	}
}

customElements.define("isoflop-card-title", CardTitle);
