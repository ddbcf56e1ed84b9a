import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { formatBytes } from "../../parts/format-bytes.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

interface StorageState {
	usage: number | null;
	quota: number | null;
	/** Null where the browser does not say. */
	persisted: boolean | null;
}

/** What the lab keeps in this browser, whether the browser promises to keep it, and a button that asks. */
export class StoragePanel extends LitElement {
	static override properties = { runs: { type: Number }, found: { state: true }, isRefused: { state: true } };

	/** How many runs are stored; when that changes, storage is measured again. */
	declare runs: number;
	declare private found: StorageState | null;
	/** Whether the browser was asked, and did not promise. */
	declare private isRefused: boolean;

	constructor() {
		super();
		this.runs = 0;
		this.found = null;
		this.isRefused = false;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			p {
				font-size: 0.875rem;
				min-height: 1.5em;
			}
			p + p {
				margin-top: 0.35rem;
			}
			wa-button {
				margin-top: 0.75rem;
			}
		`,
	];

	override willUpdate(changed: Map<string, unknown>): void {
		if (changed.has("runs")) void this.measure();
	}

	override render() {
		const { found } = this;
		return html`
			<section aria-labelledby="storage">
				<h2 id="storage">Storage</h2>
				<p>${found ? usedText(found) : ""}</p>
				<p role="status">${found ? this.promiseText(found) : ""}</p>
				<wa-button
					size="s"
					appearance="outlined"
					?disabled=${found === null || found.persisted !== false}
					@click=${() => void this.ask()}
					>Ask the browser to keep it</wa-button
				>
			</section>
		`;
	}

	private promiseText({ persisted }: StorageState): string {
		if (persisted === null) return "This browser does not say how long it keeps what a page stores.";
		if (persisted) return "The browser promises to keep it until you delete it.";
		return this.isRefused
			? "The browser did not promise to keep it: it may delete it when disk space runs short. A bookmark, or more visits, can change its mind."
			: "The browser may delete it when disk space runs short.";
	}

	private async ask(): Promise<void> {
		this.isRefused = !(await navigator.storage.persist().catch(() => false));
		await this.measure();
	}

	private async measure(): Promise<void> {
		const { storage } = navigator;
		const { usage = null, quota = null } = (await storage?.estimate?.().catch(() => undefined)) ?? {};
		const persisted = (await storage?.persisted?.().catch(() => undefined)) ?? null;
		this.found = { usage, quota, persisted };
	}
}

function usedText({ usage, quota }: StorageState): string {
	if (usage === null) return "This browser does not say how much is stored.";
	const of = quota === null ? "" : ` of the ${formatBytes(quota)} that this browser allows`;
	return `About ${formatBytes(usage)}${of}, for runs, texts, tokens and checkpoints.`;
}

customElements.define("isoflop-storage-panel", StoragePanel);
