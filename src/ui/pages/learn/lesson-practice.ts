import { css, html, type TemplateResult } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { formatDuration, formatScientific, plural } from "../../../figures/format.ts";
import type { Practice } from "../../../lessons/lesson.ts";
import { MEASURED } from "../../../lessons/measured.ts";

/** The study that a class can run, with what it costs. */
export function practice({ preset, task }: Practice): TemplateResult {
	const { runs, flops, seconds } = MEASURED.presets[preset]!;
	return html`
		<p>${task}</p>
		<p class="cost">
			Preset <strong>${preset}</strong>: ${plural(runs, "run")}, ${formatScientific(flops, 2)} FLOP, about
			${formatDuration(seconds)} on a typical laptop GPU.
		</p>
		<wa-button size="s" appearance="outlined" href=${`#/study?preset=${preset}`}>Open this study</wa-button>
	`;
}

export const practiceStyles = css`
	.cost {
		margin: 0.4rem 0 0.75rem;
		color: var(--quiet);
		font-size: 0.9375em;
		font-variant-numeric: tabular-nums;
	}
`;
