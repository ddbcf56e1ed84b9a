import { html, svg, type TemplateResult } from "lit";
import type { Figure, LegendItem } from "../../figures/figure.ts";
import { cssColor, type Theme } from "../../figures/palette.ts";
import { richHtml } from "../parts/rich-html.ts";

/** The legend; items that name a series hide and show it. */
export function legend(
	{ legend: items }: Figure,
	hidden: ReadonlySet<string>,
	theme: Theme,
	toggle: (series: string) => void,
): TemplateResult {
	return html`
		<ul class="legend" aria-label="Legend">
			${items.map((item) => {
				const { series, line, dot, text } = item;
				const content = html`${line || dot ? swatch(item, theme) : ""}<span>${richHtml(text)}</span>`;
				if (series === undefined) return html`<li class="quiet">${content}</li>`;
				return html`
					<li>
						<button type="button" aria-pressed=${!hidden.has(series)} title="Show or hide" @click=${() => toggle(series)}>
							${content}
						</button>
					</li>
				`;
			})}
		</ul>
	`;
}

function swatch({ line, dot }: LegendItem, theme: Theme): TemplateResult {
	const width = line?.dash || dot ? 34 : 22;
	const shape =
		dot &&
		{
			circle: svg`<circle cx="17" cy="6" r="4" fill=${cssColor(dot.color, theme)} />`,
			diamond: svg`<path d="M17 1l5 5-5 5-5-5z" fill=${cssColor(dot.color, theme)} />`,
		}[dot.shape];
	const stroke =
		line &&
		svg`<path
			d="M0 6H${width}"
			stroke=${cssColor(line.color, theme)}
			stroke-width=${line.width}
			stroke-dasharray=${line.dash?.join(" ") ?? "none"}
		/>`;
	return html`<svg width=${width} height="12" aria-hidden="true">${stroke} ${shape}</svg>`;
}
