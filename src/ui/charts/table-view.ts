import { html, type TemplateResult } from "lit";
import type { Cell, FigureTable, TableColumn } from "../../figures/figure.ts";
import { richHtml } from "../parts/rich-html.ts";

/** The data behind a figure as a table. */
export function tableView({ caption, columns, rows }: FigureTable): TemplateResult {
	return html`
		<div class="scroll" tabindex="0" role="region" aria-label=${`Table: ${caption}`}>
			<table>
				<thead>
					<tr>
						${columns.map(({ name }) => html`<th scope="col">${richHtml(name)}</th>`)}
					</tr>
				</thead>
				<tbody>
					${rows.map((row) => html`<tr>${row.map((cell, i) => html`<td>${cellHtml(cell, columns[i]!)}</td>`)}</tr>`)}
				</tbody>
			</table>
		</div>
	`;
}

function cellHtml(cell: Cell, { format = String }: TableColumn) {
	if (cell === null) return "–";
	return typeof cell === "number" ? format(cell) : richHtml(cell);
}
