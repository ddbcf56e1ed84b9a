import { css, html, LitElement, nothing } from "lit";
import { sharedStyles } from "../parts/shared-styles.ts";
import type { WebGpuProblem } from "../state/lab.ts";
import { browserOf, type Visitor } from "./visitor.ts";
import { webGpuAdvice } from "./webgpu-advice.ts";

const TITLES: Record<WebGpuProblem, string> = {
	insecure: "This page must be opened over https or from localhost",
	missing: "This browser does not offer WebGPU",
	"no-adapter": "This browser finds no GPU it can use",
};

const REASONS: Record<WebGpuProblem, unknown> = {
	insecure: html`Browsers offer WebGPU only to pages that are served over <code>https:</code> or from this computer.
		Open the lab at its <code>https://…</code> address, or run it here with <code>npm start</code> and open
		<code>http://localhost:5173</code>.`,
	missing: html`isoflop trains its models on your GPU through WebGPU, which this browser does not offer here.`,
	"no-adapter": html`The browser has WebGPU but finds no graphics adapter for it. Usually hardware acceleration is
		switched off, the driver is too old, or this is a virtual machine.`,
};

/** What the visitor can do when nothing can be trained here, and which browsers could; shown in place of a page that trains. */
export class NoWebGpu extends LitElement {
	static override properties = { problem: {}, visitor: { attribute: false } };

	declare problem: WebGpuProblem;
	/** Whose browser it is. */
	declare visitor: Visitor;

	constructor() {
		super();
		this.problem = "missing";
		this.visitor = thisVisitor();
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
			h3 {
				margin-top: 1.5rem;
			}
			ul {
				margin: 0.5rem 0 0;
				padding-inline-start: 1.25rem;
			}
			li + li {
				margin-top: 0.4rem;
			}
			dl {
				display: grid;
				grid-template-columns: auto 1fr;
				gap: 0.75rem 1.5rem;
				margin: 0.75rem 0 1.5rem;
				font-size: 0.9375rem;
			}
			section > p + p {
				margin-top: 1.5rem;
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
		const { problem } = this;
		return html`
			<section aria-labelledby="title">
				<h2 id="title">${TITLES[problem]}</h2>
				<p>${REASONS[problem]}</p>
				${problem === "insecure" ? nothing : html`${this.own(problem)} ${ELSEWHERE}`}
				<p class="quiet">Nothing was started and nothing was stored.</p>
			</section>
		`;
	}

	private own(problem: Exclude<WebGpuProblem, "insecure">) {
		const { browser, steps } = webGpuAdvice(problem, browserOf(this.visitor));
		return html`
			<h3>${browser}</h3>
			<ul>
				${steps.map((step) => html`<li>${step.map((part) => (typeof part === "string" ? part : html`<code>${part.code}</code>`))}</li>`)}
			</ul>
		`;
	}
}

const ELSEWHERE = html`
	<h3>Browsers that have WebGPU</h3>
	<dl>
		<dt>Chrome, Edge</dt>
		<dd>
			113 or newer on Windows, macOS and ChromeOS; 121 on Android 12 or newer. On Linux 144 with Intel graphics of generation 12 or
			newer, 147 with NVIDIA’s driver 535 or newer.
		</dd>
		<dt>Safari</dt>
		<dd>26 or newer: macOS Tahoe, iOS 26, iPadOS 26, visionOS 26.</dd>
		<dt>Firefox</dt>
		<dd>
			141 or newer on Windows; on Macs with Apple silicon 147, or 145 with macOS Tahoe; on Linux behind
			<code>dom.webgpu.enabled</code>.
		</dd>
		<dt>No GPU at all</dt>
		<dd>The same studies run on the command line with a software driver: <code>npx isoflop run smoke</code>.</dd>
	</dl>
`;

/** What the browser says of itself. */
function thisVisitor(): Visitor {
	const {
		userAgent,
		maxTouchPoints,
		userAgentData: data,
	} = navigator as Navigator & {
		userAgentData?: { brands: Visitor["brands"]; platform: string };
	};
	return { userAgent, touchPoints: maxTouchPoints, ...(data && { brands: data.brands, platform: data.platform }) };
}

customElements.define("isoflop-no-webgpu", NoWebGpu);
