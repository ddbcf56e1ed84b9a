import { css, html, type TemplateResult } from "lit";
import type { Pin } from "../../../lessons/lesson.ts";

/** Texts that belong to numbered places of a figure. */
export function pinList(pins: readonly Pin[]): TemplateResult {
	return html`
		<ol class="pins" aria-label="Texts of the numbers in the figure">
			${pins.map(
				({ label, text }) => html`<li>
					<span class="pin-label">${label}</span>
					<q>${text}</q>
				</li>`,
			)}
		</ol>
	`;
}

export const pinStyles = css`
	.pins {
		display: grid;
		gap: 0.6rem;
		margin: 0;
		padding-inline-start: 1.6em;
	}
	.pins li::marker {
		font-weight: 600;
	}
	.pin-label {
		display: block;
		color: var(--quiet);
		font-size: 0.875em;
		font-variant-numeric: tabular-nums;
	}
	.pins q {
		font-family: var(--font-serif);
		overflow-wrap: anywhere;
	}
`;
