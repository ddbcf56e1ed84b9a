import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { sharedStyles } from "../parts/shared-styles.ts";
import { Selected } from "../state/selected.ts";
import { storageTexts } from "./storage-texts.ts";

/** Along the lower edge of the window for as long as finished runs cannot be stored: what that means, and what can be done. */
export class StorageBar extends LitElement {
	static override properties = {
		runs: {},
		isShort: { state: true },
		isBusy: { state: true },
		outcome: { state: true },
	};

	/** Address of the page where stored runs are deleted. */
	declare runs: string;
	declare private isShort: boolean;
	declare private isBusy: boolean;
	/** What came of the last attempt. */
	declare private outcome: string;
	private readonly lab = new Selected(this, ({ storage }) => ({ trouble: storage.trouble }));
	/** Other messages at the lower edge stand above the bar. */
	private readonly observer = new ResizeObserver(() => {
		document.documentElement.style.setProperty("--foot", `${this.offsetHeight}px`);
	});

	constructor() {
		super();
		this.runs = "";
		// It would cover much of a phone.
		this.isShort = matchMedia("(max-width: 40rem)").matches;
		this.isBusy = false;
		this.outcome = "";
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				position: sticky;
				bottom: 0;
				z-index: 19;
				display: block;
			}
			section {
				border-top: 1px solid var(--line-strong);
				background: var(--warning-surface);
				color: var(--warning-ink);
				font-size: 0.875rem;
			}
			.content {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 0.5rem 1.5rem;
				max-width: var(--page-width);
				margin: 0 auto;
				padding: 0.6rem var(--gutter);
			}
			.texts {
				flex: 1 1 24rem;
				overflow-wrap: anywhere;
			}
			h2 {
				display: inline;
				font: inherit;
				font-weight: 650;
			}
			.buttons {
				display: flex;
				flex-wrap: wrap;
				align-items: center;
				gap: 0.5rem 0.75rem;
			}
			a {
				color: inherit;
			}
			@media print {
				:host {
					display: none;
				}
			}
		`,
	];

	override connectedCallback(): void {
		super.connectedCallback();
		this.observer.observe(this);
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.observer.disconnect();
	}

	override render() {
		const { trouble } = this.lab.state;
		if (!trouble) return nothing;
		const { title, standing, advice } = storageTexts(trouble);
		const full = trouble.problem === "full";
		return html`
			<section aria-labelledby="title">
				<div class="content">
					<div class="texts">
						<div role="status"><h2 id="title">${title}.</h2> ${standing}</div>
						${this.isShort ? nothing : html`<p>${advice}</p>`}
						<div role="status">${this.isShort ? "" : this.outcome}</div>
					</div>
					<div class="buttons">
						${
							this.isShort
								? nothing
								: html`
										${full ? html`<a href=${this.runs}>Delete stored runs</a>` : nothing}
										${full ? this.button("Ask for more", () => this.askForMore()) : nothing}
										${this.button("Store again", () => this.storeAgain())}
									`
						}
						<wa-button
							size="s"
							appearance="plain"
							aria-expanded=${!this.isShort}
							@click=${() => {
								this.isShort = !this.isShort;
							}}
							>${this.isShort ? "More" : "Less"}</wa-button
						>
					</div>
				</div>
			</section>
		`;
	}

	private button(text: string, act: () => Promise<string>) {
		const click = async () => {
			this.isBusy = true;
			this.outcome = "";
			const outcome = await act().catch((error: Error) => error.message);
			this.isBusy = false;
			this.outcome = outcome;
		};
		return html`<wa-button size="s" appearance="outlined" ?disabled=${this.isBusy} @click=${click}>${text}</wa-button>`;
	}

	private async storeAgain(): Promise<string> {
		await this.lab.effects.storeAgain();
		return "Tried again; not everything could be stored.";
	}

	private async askForMore(): Promise<string> {
		const isPromised = await navigator.storage.persist();
		await this.lab.effects.storeAgain();
		return isPromised
			? "The browser promises to keep what is stored, but there is still no room for everything."
			: "The browser gave no more room.";
	}
}

customElements.define("isoflop-storage-bar", StorageBar);
