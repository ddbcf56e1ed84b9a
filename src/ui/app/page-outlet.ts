import { css, html, LitElement, type PropertyValues } from "lit";
import { sharedStyles } from "../parts/shared-styles.ts";
import { Selected } from "../state/selected.ts";
import type { Page, Route } from "./route.ts";

type PageElement = HTMLElement & { parameters?: Route["parameters"] };

/** Shows the page that the address names, in place of the one before; it moves the focus to the new page's heading. */
export class PageOutlet extends LitElement {
	static override properties = {
		route: { attribute: false },
		home: {},
		loaded: { state: true },
		failed: { state: true },
	};

	declare route: Route;
	/** The address that an unknown page links to. */
	declare home: string;
	/** The last page that was loaded, and its element. */
	declare loaded: { page: Page; element: PageElement } | null;
	/** The page that could not be loaded. */
	declare failed: Page | null;
	private readonly lab = new Selected(this, ({ device }) => ({ adapter: device.adapter, problem: device.problem }));
	/** The page that the heading names, once there is one. */
	private headed: Page | null | undefined;

	constructor() {
		super();
		this.route = { page: null, parameters: {} };
		this.home = "#/";
		this.loaded = null;
		this.failed = null;
	}

	static override styles = [
		sharedStyles,
		css`
			.message {
				max-width: 46rem;
				margin: 2rem auto;
				padding: 0 var(--gutter);
			}
			.message h2 {
				margin-bottom: 0.5rem;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("route")) void this.load(this.route);
	}

	override render() {
		return html`<h1 class="visually-hidden" tabindex="-1">${this.route.page?.title ?? "Unknown page"}</h1>
			${this.content()}`;
	}

	override updated(): void {
		const { page } = this.route;
		if (page !== this.headed && this.headed !== undefined) this.focusHeading();
		this.headed = page;
	}

	/** Moves the focus to the page's heading. */
	focusHeading(): void {
		this.renderRoot.querySelector("h1")!.focus();
	}

	private content() {
		const { page } = this.route;
		const { adapter, problem } = this.lab.state;
		if (!page)
			return html`<div class="message">
				<h2>There is no page at this address</h2>
				<p><a href=${this.home}>Go to the study</a></p>
			</div>`;
		if (page.needsGpu && problem) {
			// Most visitors have WebGPU.
			void import("./no-webgpu.ts");
			return html`<isoflop-no-webgpu .problem=${problem}></isoflop-no-webgpu>`;
		}
		if (this.failed === page)
			return html`<div class="message" role="alert">
				<h2>This page could not be loaded</h2>
				<p>The server may be gone, or have a newer version of the lab. Reload to try again.</p>
			</div>`;
		const isKnown = !page.needsGpu || adapter !== "";
		return isKnown && this.loaded?.page === page ? this.loaded.element : "";
	}

	private async load({ page, parameters }: Route): Promise<void> {
		document.title = `${page?.title ?? "Unknown page"} · isoflop`;
		if (!page) return;
		try {
			await page.load();
		} catch (error) {
			console.error(`page ${page.path}:`, error);
			this.failed = page;
			return;
		}
		if (this.route.page !== page) return;
		if (this.loaded?.page !== page) this.loaded = { page, element: document.createElement(page.tag) };
		this.loaded.element.parameters = parameters;
	}
}

declare global {
	interface HTMLElementTagNameMap {
		"isoflop-page-outlet": PageOutlet;
	}
}

customElements.define("isoflop-page-outlet", PageOutlet);
