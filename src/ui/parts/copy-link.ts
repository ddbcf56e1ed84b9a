import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { LINK } from "./icons.ts";
import { sharedStyles } from "./shared-styles.ts";

/** How long the button says that the link was copied, milliseconds. */
const SAID = 4000;

/** Copies a link to what a page shows; where the browser does not let it, the link is shown to be copied by hand. */
export class CopyLink extends LitElement {
	static override properties = {
		address: { attribute: false },
		subject: {},
		said: { state: true },
		link: { state: true },
	};

	/** The address within the lab, such as `#/study?study=…`. May reject with the reason why there is none. */
	declare address: () => Promise<string>;
	/** What the link leads to: "study". */
	declare subject: string;
	/** What came of the last click. */
	declare private said: string;
	/** To be copied by hand; empty if it was copied. */
	declare private link: string;

	constructor() {
		super();
		this.subject = "";
		this.said = "";
		this.link = "";
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				display: flex;
				flex-wrap: wrap;
				gap: 0.4rem;
				align-items: center;
			}
			span {
				font-size: 0.8125rem;
			}
			input {
				width: 12rem;
				min-width: 0;
				height: 2rem;
				padding: 0 0.4rem;
				border: 1px solid var(--line-strong);
				border-radius: 4px;
				background: var(--surface);
				color: var(--ink);
				font: inherit;
				font-size: 0.8125rem;
			}
		`,
	];

	override render() {
		return html`
			<wa-button size="s" appearance="outlined" @click=${() => void this.copy()}>${LINK} Copy link</wa-button>
			${
				this.link
					? html`<input
							readonly
							aria-label=${`Link to this ${this.subject}`}
							.value=${this.link}
							@focus=${(event: Event) => (event.target as HTMLInputElement).select()}
						/>`
					: nothing
			}
			<span role="status">${this.said}</span>
		`;
	}

	private async copy(): Promise<void> {
		this.link = "";
		let link: string;
		try {
			link = `${location.origin}${location.pathname}${await this.address()}`;
		} catch (error) {
			this.said = (error as Error).message;
			return;
		}
		try {
			await navigator.clipboard.writeText(link);
			this.say("Copied.");
		} catch {
			this.link = link;
			this.said = "Copy it from here.";
		}
	}

	private say(text: string): void {
		this.said = text;
		setTimeout(() => {
			if (this.said === text) this.said = "";
		}, SAID);
	}
}

customElements.define("isoflop-copy-link", CopyLink);
