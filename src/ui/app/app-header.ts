import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { formatCount } from "../../figures/format.ts";
import { MOON, SUN } from "../parts/icons.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import type { LabState } from "../state/lab-state.ts";
import { Selected } from "../state/selected.ts";
import { phaseOf } from "../state/selectors.ts";
import { formatRoute, type Page } from "./route.ts";
import { chooseTheme, ThemeController } from "./theme.ts";

/** Name, navigation, adapter, training speed and theme switch. The navigation is shown when there is a choice. */
export class AppHeader extends LitElement {
	static override properties = { pages: { attribute: false }, current: { attribute: false } };

	declare pages: readonly Page[];
	/** The page that is shown; null when it is an unknown one. */
	declare current: Page | null;
	private readonly theme = new ThemeController(this);
	private readonly lab = new Selected(this, (state) => ({
		adapter: state.device.adapter,
		speed: trainingSpeed(state),
		guest: state.device.guest?.page ?? null,
	}));

	constructor() {
		super();
		this.pages = [];
		this.current = null;
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				position: sticky;
				top: 0;
				z-index: 10;
				border-bottom: 1px solid var(--line);
				background: var(--surface);
			}
			header {
				display: flex;
				align-items: center;
				gap: 0.5rem 1.5rem;
				max-width: var(--page-width);
				min-height: var(--header-height);
				margin: 0 auto;
				padding: 0.35rem var(--gutter);
			}
			.name {
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
			nav {
				display: flex;
				gap: 0.25rem 1.1rem;
				min-width: 0;
				overflow-x: auto;
			}
			nav a {
				padding: 0.25rem 0;
				border-bottom: 2px solid transparent;
				color: var(--quiet);
				text-decoration: none;
			}
			nav a:hover {
				color: var(--ink);
			}
			nav a[aria-current="page"] {
				border-bottom-color: var(--accent);
				color: var(--ink);
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
				header.has-pages {
					flex-wrap: wrap;
				}
				nav {
					order: 1;
					flex-basis: 100%;
				}
			}
			@media (max-width: 40rem) {
				:host {
					position: static;
				}
				/* All pages in the width of a phone. */
				nav {
					justify-content: space-between;
					gap: 0.25rem;
					font-size: 0.9375rem;
				}
			}
			@media print {
				:host {
					position: static;
				}
			}
		`,
	];

	override render() {
		const { dark } = this.theme;
		const { adapter, speed, guest } = this.lab.state;
		const hasPages = this.pages.length > 1;
		return html`
			<header class=${hasPages ? "has-pages" : ""}>
				<span class="name">isoflop</span>
				${hasPages ? this.navigation() : html`<span class="tagline">A scaling-law lab in a browser tab</span>`}
				<div class="machine">
					<div class="adapter" title=${adapter}>${adapter}</div>
					<div>
						${guest === null ? "" : html`<span class="quiet">${guest}:</span> `}${
							speed === null
								? html`<span class="quiet">${guest === null ? "idle" : "starting"}</span>`
								: `${formatCount(speed)} tokens/s`
						}
					</div>
				</div>
				<wa-button size="s" appearance="outlined" @click=${() => chooseTheme(dark ? "light" : "dark")}>
					${dark ? SUN : MOON} ${dark ? "Light" : "Dark"}
				</wa-button>
			</header>
		`;
	}

	private navigation() {
		return html`
			<nav aria-label="Pages">
				${this.pages.map(
					(page) =>
						html`<a href=${formatRoute(page)} aria-current=${page === this.current ? "page" : nothing}>${page.title}</a>`,
				)}
			</nav>
		`;
	}
}

/** Training tokens per second; null while nothing trains. */
function trainingSpeed(state: LabState): number | null {
	const { guest } = state.device;
	if (guest) return guest.tokensPerSecond > 0 ? guest.tokensPerSecond : null;
	const { tokensPerSecond } = state.work.progress;
	return phaseOf(state) === "running" && tokensPerSecond > 0 ? tokensPerSecond : null;
}

customElements.define("isoflop-app-header", AppHeader);
