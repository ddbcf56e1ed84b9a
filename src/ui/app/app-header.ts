import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { formatCount } from "../parts/format.ts";
import { MOON, SUN } from "../parts/icons.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import { chooseTheme, ThemeController } from "./theme.ts";

/** Name, adapter, live speed and theme switch. */
export class AppHeader extends LitElement {
	static override properties = { adapter: {}, speed: { type: Number } };

	declare adapter: string;
	/** Training tokens per second; null while nothing trains. */
	declare speed: number | null;
	private readonly theme = new ThemeController(this);

	constructor() {
		super();
		this.adapter = "";
		this.speed = null;
	}

	static override styles = [
		sharedStyles,
		css`
			header {
				display: flex;
				align-items: center;
				gap: 0.5rem 1.5rem;
				max-width: var(--page-width);
				min-height: 3.5rem;
				margin: 0 auto;
				padding: 0.35rem var(--gutter);
			}
			h1 {
				margin: 0;
				font-family: var(--font-serif);
				font-size: 1.5rem;
				font-weight: 650;
				letter-spacing: -0.01em;
				line-height: 1;
			}
			.tagline {
				font-family: var(--font-serif);
				color: var(--quiet);
			}
			.machine {
				margin-inline-start: auto;
				min-width: 0;
				font-size: 0.8125rem;
				line-height: 1.35;
				text-align: end;
				font-variant-numeric: tabular-nums;
			}
			.adapter {
				overflow: hidden;
				text-overflow: ellipsis;
				white-space: nowrap;
				max-width: 26rem;
				color: var(--quiet);
			}
			@media (max-width: 60rem) {
				.tagline {
					display: none;
				}
				.adapter {
					max-width: 45vw;
				}
			}
		`,
	];

	override render() {
		const { dark } = this.theme;
		return html`
			<header>
				<h1>isoflop</h1>
				<span class="tagline">A scaling-law lab in a browser tab</span>
				<div class="machine">
					<div class="adapter" title=${this.adapter}>${this.adapter}</div>
					<div>${this.speed === null ? html`<span class="quiet">idle</span>` : `${formatCount(this.speed)} tokens/s`}</div>
				</div>
				<wa-button
					size="s"
					appearance="outlined"
					@click=${() => chooseTheme(dark ? "light" : "dark")}
				>
					${dark ? SUN : MOON} ${dark ? "Light" : "Dark"}
				</wa-button>
			</header>
		`;
	}
}

customElements.define("isoflop-app-header", AppHeader);
