import { css, html, LitElement } from "lit";
import { sharedStyles } from "../parts/shared-styles.ts";

/** Why there is no WebGPU: the page is not served securely, the browser has none, or it finds no usable adapter. */
export type WebGpuProblem = "insecure" | "missing" | "no-adapter";

/** What is missing before anything can be trained, or null. `adapter` asks the training worker for its adapter's name. */
export async function findWebGpuProblem(adapter: () => Promise<string>): Promise<WebGpuProblem | null> {
	if (!isSecureContext) return "insecure";
	if (!navigator.gpu) return "missing";
	return adapter().then(
		() => null,
		() => "no-adapter",
	);
}

const TITLES: Record<WebGpuProblem, string> = {
	insecure: "This page must be opened over https or from localhost",
	missing: "This browser does not offer WebGPU",
	"no-adapter": "This browser finds no GPU it can use",
};

const REASONS: Record<WebGpuProblem, unknown> = {
	insecure: html`Browsers offer WebGPU only to pages that come over <code>https:</code> or from this computer. Open the
		lab at <code>https://…</code>, or run it here with <code>npm start</code> and open
		<code>http://localhost:5173</code>.`,
	missing: html`isoflop trains its models on your GPU through WebGPU. Use a browser from the list below, or update
		yours.`,
	"no-adapter": html`WebGPU is there, but the browser gives it no graphics adapter. Usually hardware acceleration is
		switched off, the driver is too old, or the machine is a virtual one. Check the line of your browser below, then
		reload.`,
};

/** Says what to do, per browser, when nothing can be trained here. */
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
			h1 {
				margin: 0 0 1rem;
				font-family: var(--font-serif);
				font-size: 1.5rem;
				line-height: 1;
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
			<main>
			<h1>isoflop</h1>
			<section aria-labelledby="title">
				<h2 id="title">${TITLES[this.problem]}</h2>
				<p>${REASONS[this.problem]}</p>
				<dl>
					<dt>Chrome, Edge</dt>
					<dd>
						Version 113 or newer on Windows, macOS and ChromeOS, 121 on Android. Switch on “Use graphics acceleration
						when available” in the settings under System. <code>chrome://gpu</code> must not call WebGPU disabled. On
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
			</main>
		`;
	}
}

customElements.define("isoflop-no-webgpu", NoWebGpu);
