import { css, html, LitElement } from "lit";
import { sharedStyles } from "../parts/shared-styles.ts";
import type { WebGpuProblem } from "../state/lab.ts";

const TITLES: Record<WebGpuProblem, string> = {
	insecure: "This page must be opened over https or from localhost",
	missing: "This browser does not offer WebGPU",
	"no-adapter": "This browser finds no GPU it can use",
};

const REASONS: Record<WebGpuProblem, unknown> = {
	insecure: html`Browsers offer WebGPU only to pages that are served over <code>https:</code> or from this computer.
		Open the lab at its <code>https://…</code> address, or run it here with <code>npm start</code> and open
		<code>http://localhost:5173</code>.`,
	missing: html`isoflop trains its models on your GPU through WebGPU. Update your browser, or use
		one of those below.`,
	"no-adapter": html`The browser has WebGPU but finds no graphics adapter for it. Usually hardware acceleration is
		switched off, the driver is too old, or this is a virtual machine. Follow the advice for your browser below, then
		reload.`,
};

/** What to do, per browser, when nothing can be trained here; shown in place of a page that trains. */
export class NoWebGpu extends LitElement {
	static override properties = { problem: {} };

	declare problem: WebGpuProblem;

	constructor() {
		super();
		this.problem = "missing";
	}

	static override styles = [
		sharedStyles,
		css`
			:host {
				max-width: 46rem;
				margin: 2rem auto;
				padding: 0 1rem;
			}
			section {
				padding: 2rem;
				border: 1px solid var(--line);
				border-radius: 8px;
				background: var(--surface);
			}
			h2 {
				margin-bottom: 0.75rem;
				font-size: 1.625rem;
			}
			dl {
				display: grid;
				grid-template-columns: auto 1fr;
				gap: 0.75rem 1.5rem;
				margin: 1.5rem 0;
			}
			dt {
				font-weight: 600;
			}
			dd {
				margin: 0;
			}
			code {
				font-family: var(--wa-font-family-code);
				font-size: 0.9em;
				overflow-wrap: anywhere;
			}
			@media (max-width: 36rem) {
				dl {
					grid-template-columns: 1fr;
					gap: 0.15rem;
				}
				dd {
					margin-bottom: 0.75rem;
				}
			}
		`,
	];

	override render() {
		return html`
			<section aria-labelledby="title">
				<h2 id="title">${TITLES[this.problem]}</h2>
				<p>${REASONS[this.problem]}</p>
				<dl>
					<dt>Chrome, Edge</dt>
					<dd>
						Version 113 or newer on Windows, macOS and ChromeOS, 121 on Android. Switch on “Use graphics acceleration
						when available” in the settings under System. <code>chrome://gpu</code> must not list WebGPU as disabled. On
						Linux, also enable <code>chrome://flags/#enable-unsafe-webgpu</code>.
					</dd>
					<dt>Safari</dt>
					<dd>Version 26 or newer: macOS Tahoe, iOS 26, iPadOS 26, visionOS 26.</dd>
					<dt>Firefox</dt>
					<dd>
						Version 141 or newer on Windows, 145 on macOS with Apple silicon. Elsewhere, use Firefox Nightly with
						<code>dom.webgpu.enabled</code> set in <code>about:config</code>.
					</dd>
					<dt>No GPU at all</dt>
					<dd>
						The same studies run on the command line with a software driver: <code>npx isoflop run smoke</code>.
					</dd>
				</dl>
				<p class="quiet">Nothing was started and nothing was stored.</p>
			</section>
		`;
	}
}

customElements.define("isoflop-no-webgpu", NoWebGpu);
