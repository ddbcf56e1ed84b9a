import { ContextProvider } from "@lit/context";
import { css, html, LitElement } from "lit";
import "./app-header.ts";
import "./live-region.ts";
import "./notice-bar.ts";
import "./page-outlet.ts";
import { presetNamed } from "../../experiments/experiments.ts";
import { localMemory } from "../parts/local-memory.ts";
import { sharedStyles } from "../parts/shared-styles.ts";
import type { Lab } from "../state/lab.ts";
import { labContext, type ProvidedLab } from "../state/lab-context.ts";
import type { LabEffects } from "../state/lab-effects.ts";
import { memoized } from "../state/memoized.ts";
import { openLab } from "../state/open-lab.ts";
import { phaseOf, unsavedCount } from "../state/selectors.ts";
import { notifyOfEnd } from "./end-notification.ts";
import { LeaveGuard } from "./leave-guard.ts";
import { Navigation } from "./navigation.ts";
import { formatRoute, type Page, type RouteParameters } from "./route.ts";
import { WakeLock } from "./wake-lock.ts";
import { watchEnd } from "./watch-end.ts";

/** Few visitors' browsers refuse to store anything. */
const loadStorageBar = memoized(() => import("./storage-bar.ts"));

/** What a first visit shows until the adapter is known, and where there is none. */
const FIRST_PRESET = "minute";

/**
 * The shell: what is around the pages and outlives them, the lab with its training included. Needs `lab` and `pages`
 * before it is attached.
 */
export class IsoflopApp extends LitElement {
	declare lab: Lab;
	declare pages: readonly [Page, ...Page[]];
	private opened: ProvidedLab | null = null;
	private readonly navigation = new Navigation(this);
	private readonly wakeLock: WakeLock;

	constructor() {
		super();
		new LeaveGuard(this, () => {
			const hasUnsaved = unsavedCount(this.opened!.store.state) > 0;
			return ["running", "paused"].includes(this.training) || this.guestTrains || hasUnsaved;
		});
		this.wakeLock = new WakeLock(this, () => this.training === "running" || this.guestTrains);
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				--page-width: 100rem;
				--gutter: clamp(1rem, 2.2vw, 2rem);
				--header-height: 3.5rem;
			}
			.skip {
				position: absolute;
				left: var(--gutter);
				top: 0;
				z-index: 11;
				padding: 0.5rem 1rem;
				border: 1px solid var(--line-strong);
				border-radius: 0 0 6px 6px;
				background: var(--surface);
				color: var(--accent);
				font: inherit;
				translate: 0 -110%;
			}
			.skip:focus {
				translate: none;
			}
			footer {
				max-width: var(--page-width);
				margin: 0 auto;
				padding: 0 var(--gutter) 2rem;
				font-size: 0.8125rem;
				color: var(--quiet);
			}
		`,
	];

	/** Where stored runs are deleted; empty if there is no such page. */
	private get runsAddress(): string {
		const page = this.pages.find(({ path }) => path === "runs");
		return page ? formatRoute(page) : "";
	}

	private get training(): string {
		return phaseOf(this.opened!.store.state);
	}

	/** Whether a page trains something else than the study. */
	private get guestTrains(): boolean {
		return this.opened!.store.state.device.guest !== null;
	}

	override connectedCallback(): void {
		if (!this.opened) {
			const { study } = presetNamed(FIRST_PRESET)!;
			this.opened = openLab(this.lab, study, localMemory);
			new ContextProvider(this, { context: labContext, initialValue: this.opened });
			this.opened.store.subscribe(() => this.wakeLock.update());
			this.opened.store.subscribe(() => {
				if (this.opened!.store.state.storage.trouble) void loadStorageBar();
			});
			watchEnd(this.opened.store, notifyOfEnd);
			this.navigation.start(this.pages);
			void this.begin(this.opened.effects);
		}
		super.connectedCallback();
	}

	/** Opens the lab, and then looks for a study that suits the adapter, unless the visitor has chosen or begun something. */
	private async begin(effects: LabEffects): Promise<void> {
		let isUntouched = true;
		const touch = () => {
			isUntouched = false;
		};
		for (const event of ["pointerdown", "keydown", "input", "drop"])
			addEventListener(event, touch, { capture: true, once: true });
		await effects.start();
		await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
		const asked = () => ["preset", "study"].some((name) => this.navigation.route.parameters[name] !== undefined);
		await effects.chooseFirst(() => isUntouched && !asked());
	}

	override render() {
		const { route } = this.navigation;
		return html`
			<button type="button" class="skip" @click=${() => this.renderRoot.querySelector("isoflop-page-outlet")!.focusHeading()}>
				Skip to the page
			</button>
			<isoflop-app-header .pages=${this.pages} .current=${route.page}></isoflop-app-header>
			<main>
				<isoflop-page-outlet
					.route=${route}
					.home=${formatRoute(this.pages[0])}
					@isoflop-parameters=${(event: CustomEvent<RouteParameters>) => this.navigation.replaceParameters(event.detail)}
				></isoflop-page-outlet>
			</main>
			<footer>
				After Pearce &amp; Song, “Reconciling Kaplan and Chinchilla Scaling Laws” (2024). Runs are stored in this browser only.
			</footer>
			<isoflop-notice></isoflop-notice>
			<isoflop-storage-bar .runs=${this.runsAddress}></isoflop-storage-bar>
			<isoflop-live-region></isoflop-live-region>
		`;
	}
}

customElements.define("isoflop-app", IsoflopApp);
