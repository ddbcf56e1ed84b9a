import { svg, type TemplateResult } from "lit";

/** The icons of the page, inline so that none is fetched. They are decoration: the text beside them says the same. */
function icon(shape: TemplateResult): TemplateResult {
	return svg`<svg slot="start" viewBox="0 0 16 16" width="1em" height="1em" fill="currentColor" aria-hidden="true">${shape}</svg>`;
}

export const PLAY = icon(svg`<path d="M4 2.5v11l9.5-5.5z" />`);
export const PAUSE = icon(svg`<path d="M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z" />`);
export const STOP = icon(svg`<path d="M3 3h10v10H3z" />`);
export const DOWNLOAD = icon(svg`<path d="M7 1.5h2v6h2.8L8 11.5 4.2 7.5H7zM2.5 12.5h11v2h-11z" />`);
export const SUN = icon(
	svg`<circle cx="8" cy="8" r="3" /><path d="M7.25 0.5h1.5v2.6h-1.5zM7.25 12.9h1.5v2.6h-1.5zM0.5 7.25h2.6v1.5H0.5zM12.9 7.25h2.6v1.5h-2.6zM2.2 3.26l1.06-1.06 1.84 1.84-1.06 1.06zM10.9 11.96l1.06-1.06 1.84 1.84-1.06 1.06zM12.74 2.2l1.06 1.06-1.84 1.84-1.06-1.06zM4.04 10.9l1.06 1.06-1.84 1.84-1.06-1.06z" />`,
);
export const MOON = icon(svg`<path d="M6.2 1.6a6.6 6.6 0 1 0 8.2 8.2A5.6 5.6 0 0 1 6.2 1.6z" />`);
export const PENCIL = icon(
	svg`<path d="M11.6 1.6l2.8 2.8-8.9 8.9-3.6.8.8-3.6zM11.6 3.6l-7.5 7.5-.3 1.1 1.1-.3 7.5-7.5z" />`,
);
export const LINK = icon(
	svg`<path d="M6.6 9.4a3 3 0 0 1 0-4.2l2.1-2.1a3 3 0 0 1 4.2 4.2l-1.2 1.2-1-1 1.1-1.2a1.6 1.6 0 0 0-2.2-2.2L7.6 6.2a1.6 1.6 0 0 0 0 2.2zM9.4 6.6a3 3 0 0 1 0 4.2l-2.1 2.1a3 3 0 0 1-4.2-4.2l1.2-1.2 1 1-1.1 1.2a1.6 1.6 0 0 0 2.2 2.2l2-2.1a1.6 1.6 0 0 0 0-2.2z" />`,
);
