import { html } from "lit";

/** What stands in place of the table while there are no runs. */
export function noRuns(isListing: boolean) {
	if (isListing) return html`<div class="empty"><p>Reading what is stored.</p></div>`;
	return html`
		<div class="empty">
			<b>Nothing has been trained here yet</b>
			<p>
				Every run that finishes on the page <a href="#/study">Study</a> is listed here with its settings, loss and time: to sort, filter,
				name and compare, across studies.
			</p>
			<p>
				Drop a <code>runs.jsonl</code> here to add runs of the command line or of another browser. Measurements that were not made by
				isoflop belong on the page <a href="#/replay">Replay</a>.
			</p>
		</div>
	`;
}
