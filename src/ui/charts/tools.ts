import { html, nothing, type TemplateResult } from "lit";
import type { AxisName, Figure } from "../../figures/figure.ts";
import { switchScale, type View, ZOOM_STEP, zoomBy } from "../../figures/view.ts";
import { DOWNLOAD } from "../parts/icons.ts";
import type { FileFormat } from "./save-figure.ts";

/** About how many points a curve can be smoothed over. */
const SMOOTHING = [10, 30, 100];

const FORMATS: readonly { format: FileFormat; text: string }[] = [
	{ format: "png", text: "Picture (PNG)" },
	{ format: "svg", text: "Drawing (SVG)" },
	{ format: "csv", text: "Table (CSV)" },
];

const AXIS_NAMES: Record<AxisName, string> = { x: "horizontal", y: "vertical" };

/** The small buttons above a figure. */
export function tools(
	figure: Figure,
	view: View,
	change: (view: View) => void,
	save: (format: FileFormat) => void,
): TemplateResult {
	return html`
		<div class="tools" role="group" aria-label="Chart">
			<button type="button" aria-label="Zoom in" title="Zoom in" @click=${() => change(zoomBy(figure, view, ZOOM_STEP))}>+</button>
			<button
				type="button"
				aria-label="Zoom out"
				title="Zoom out"
				?disabled=${view.window === null}
				@click=${() => change(zoomBy(figure, view, 1 / ZOOM_STEP))}
			>
				−
			</button>
			${(["x", "y"] as const).map((axis) => (figure[axis].switchable === false ? nothing : scaleButton(axis, view, change)))}
			${isNoisy(figure) ? smoothing(view, change) : nothing} ${saveMenu(save)}
		</div>
	`;
}

/** Whether the figure has lines that can be smoothed. */
function isNoisy({ marks }: Figure): boolean {
	return marks.some((mark) => mark.kind === "line" && mark.noisy);
}

function scaleButton(axis: AxisName, view: View, change: (view: View) => void): TemplateResult {
	return html`
		<button
			type="button"
			aria-pressed=${view.scales[axis] === "log"}
			title=${`Logarithmic ${AXIS_NAMES[axis]} axis`}
			@click=${() => change(switchScale(view, axis))}
		>
			log <i>${axis}</i>
		</button>
	`;
}

function smoothing(view: View, change: (view: View) => void): TemplateResult {
	return html`
		<select
			aria-label="Smoothing"
			title="Smoothing: an exponential moving average over about so many points"
			@change=${(event: Event) => change({ ...view, smoothing: Number((event.target as HTMLSelectElement).value) })}
		>
			<option value="1" ?selected=${view.smoothing === 1}>unsmoothed</option>
			${SMOOTHING.map(
				(count) => html`<option value=${count} ?selected=${view.smoothing === count}>smooth ${count}</option>`,
			)}
		</select>
	`;
}

function saveMenu(save: (format: FileFormat) => void): TemplateResult {
	const closeMenu = (event: Event) => (event.currentTarget as HTMLElement).closest("details")!.removeAttribute("open");
	return html`
		<details
			class="menu"
			@focusout=${(event: FocusEvent) => {
				const menu = event.currentTarget as HTMLElement;
				if (!menu.contains(event.relatedTarget as Node | null)) menu.removeAttribute("open");
			}}
			@keydown=${(event: KeyboardEvent) => {
				if (event.key !== "Escape") return;
				closeMenu(event);
				(event.currentTarget as HTMLElement).querySelector("summary")!.focus();
			}}
		>
			<summary title="Save this chart as a file">${DOWNLOAD} Save</summary>
			<div>
				${FORMATS.map(
					({ format, text }) => html`
						<button
							type="button"
							@click=${(event: Event) => {
								closeMenu(event);
								save(format);
							}}
						>
							${text}
						</button>
					`,
				)}
			</div>
		</details>
	`;
}
