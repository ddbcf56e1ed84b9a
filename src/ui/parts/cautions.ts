import { css, html, LitElement } from "lit";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import type { Convention } from "../../architecture/flops.ts";
import { CONVENTION_ORDER } from "../../experiments/figures/conventions.ts";
import { plural } from "../../figures/format.ts";
import { SCALING_LAWS } from "./scaling-laws.ts";
import { sharedStyles } from "./shared-styles.ts";
import { CONVENTIONS } from "./symbols.ts";

/** What to know about the coefficients: which are missing and why, warnings, and the runs they leave out. */
export class Cautions extends LitElement {
	static override properties = { analysis: { attribute: false } };

	declare analysis: StudyAnalysis | null;

	constructor() {
		super();
		this.analysis = null;
	}

	static override styles = [
		sharedStyles,
		css`
			h4 {
				margin: 0.9rem 0 0.3rem;
				font-size: 0.875rem;
			}
			.cautions {
				height: 7.5rem;
				margin: 0;
				padding: 0.6rem 0.8rem 0.6rem 1.7rem;
				border-radius: 6px;
				background: var(--sunken);
				color: var(--quiet);
				font-size: 0.875rem;
				overflow: auto;
				overflow-wrap: anywhere;
			}
			.cautions.some {
				background: var(--warning-surface);
				color: var(--warning-ink);
			}
			.cautions li + li {
				margin-top: 0.3rem;
			}
			details {
				margin-top: 0.6rem;
				font-size: 0.875rem;
			}
			summary {
				width: fit-content;
				color: var(--accent);
				cursor: pointer;
			}
			details ul {
				max-height: 14rem;
				margin: 0.4rem 0 0;
				padding-inline-start: 1.2rem;
				overflow: auto;
			}
			code {
				font-family: var(--wa-font-family-code);
				font-size: 0.9em;
			}
		`,
	];

	override render() {
		return html`${this.warnings()} ${this.leftOut()}`;
	}

	private warnings() {
		const texts = this.analysis ? cautions(this.analysis) : [];
		return html`
			<h4 id="cautions">Cautions</h4>
			<ul class="cautions ${texts.length > 0 ? "some" : ""}" tabindex="0" aria-labelledby="cautions">
				${texts.length > 0 ? texts.map((text) => html`<li>${text}</li>`) : html`<li>None so far.</li>`}
			</ul>
		`;
	}

	private leftOut() {
		const runs = this.analysis?.leftOut ?? [];
		return html`
			<details>
				<summary>${plural(runs.length, "run")} left out of the fits${runs.length > 0 ? ", and why" : ""}</summary>
				<ul tabindex="0" aria-label="Runs left out">
					${runs.map(({ run, reason }) => html`<li><code>${run}</code> ${reason}</li>`)}
				</ul>
			</details>
		`;
	}
}

/** Missing fits and warnings; each text once, with the fits it concerns. */
function cautions(analysis: StudyAnalysis): string[] {
	const concerned = new Map<string, { convention: Convention; law: string }[]>();
	for (const convention of CONVENTION_ORDER) {
		for (const { plain, law } of SCALING_LAWS) {
			const { reason, warnings } = analysis.conventions[convention][law];
			for (const text of [...(reason === null ? [] : [`not known yet: ${reason}`]), ...warnings]) {
				concerned.set(text, [...(concerned.get(text) ?? []), { convention, law: plain }]);
			}
		}
	}
	return [...analysis.warnings, ...[...concerned].map(([text, fits]) => `${capital(subject(fits))}: ${text}`)];
}

/** "all parameters; without embeddings (best size, best tokens)": laws are named unless all of them are meant. */
function subject(fits: { convention: Convention; law: string }[]): string {
	return CONVENTION_ORDER.flatMap((convention) => {
		const laws = fits.filter((fit) => fit.convention === convention).map((fit) => fit.law);
		if (laws.length === 0) return [];
		const words = CONVENTIONS[convention].label.toLowerCase();
		return laws.length === SCALING_LAWS.length ? words : `${words} (${laws.join(", ")})`;
	}).join("; ");
}

function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

customElements.define("isoflop-cautions", Cautions);
