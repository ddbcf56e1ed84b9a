import { css, html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { parameterCounts } from "../../../architecture/size.ts";
import { plural } from "../../../figures/format.ts";
import type { RunRow } from "../../../run/run-note.ts";
import type { RunState } from "../../../study/progress.ts";
import type { RunsFile } from "../../../worker/runs-protocol.ts";
import { download } from "../../parts/download.ts";
import { FileDrop } from "../../parts/file-drop.ts";
import { localMemory } from "../../parts/local-memory.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import { memoized } from "../../state/memoized.ts";
import { Selected } from "../../state/selected.ts";
import { isTraining } from "../../state/selectors.ts";
import "./compare-panel.ts";
import { connectRuns } from "./connect-runs.ts";
import { fieldNamed } from "./run-fields.ts";
import { type RunFilter, readFilter } from "./run-filter.ts";
import "./run-grid.ts";
import type { Sorting } from "./run-grid.ts";
import { type RunItem, runItems, sortedItems } from "./run-items.ts";
import "./runs-messages.ts";
import { RunsSession } from "./runs-session.ts";
import "./runs-toolbar.ts";
import { CHANGES, type RunsView, rememberedView, rememberView } from "./runs-view.ts";
import "./selection-bar.ts";
import type { Labels } from "./selection-bar.ts";
import "./storage-panel.ts";
import { usesText } from "./uses-text.ts";
import "./weights-panel.ts";

/** Outlives the page's element: who comes back from another page finds the selection again. */
const api = connectRuns();
const session = new RunsSession(api);

/** Everything that was trained: one table of all stored runs, what can be done with them, and how they compare. */
export class RunsPage extends LitElement {
	static override properties = { filter: { state: true }, problem: { state: true }, view: { state: true } };

	declare private filter: string;
	/** Why the filter cannot be read. */
	declare private problem: string;
	declare private view: RunsView;
	/** The last filter that could be read. */
	private shows: RunFilter = () => true;
	private unsubscribe = () => {};
	/** Runs that were looked for after they had finished: one that is not there is not looked for again. */
	private readonly asked = new Set<string>();
	private readonly lab = new Selected(this, (state) => ({
		runs: state.work.progress.runs,
		study: state.document.study.name,
		isTraining: isTraining(state),
	}));
	private readonly shown = memoized(shownItems);
	private readonly selection = memoized(selectionOf);
	private readonly left = memoized(leftToTrain);

	constructor() {
		super();
		this.filter = "";
		this.problem = "";
		this.view = rememberedView(localMemory);
		new FileDrop(this, (files) => void this.add(files));
	}

	static override styles = [
		sharedStyles,
		pageStyles,
		panelStyles,
		css`
			.content {
				display: grid;
				grid-template-columns: minmax(0, 1fr);
				gap: 1rem;
			}
			.pair {
				display: grid;
				grid-template-columns: minmax(0, 1.25fr) minmax(0, 1fr);
				gap: 1rem;
				align-items: start;
			}
			@media (max-width: 64rem) {
				.pair {
					grid-template-columns: minmax(0, 1fr);
				}
			}
			.heading {
				display: flex;
				flex-wrap: wrap;
				align-items: baseline;
				gap: 0.25rem 1rem;
				margin-bottom: 0.6rem;
			}
			.heading p {
				color: var(--quiet);
				font-size: 0.875rem;
				font-variant-numeric: tabular-nums;
			}
			isoflop-runs-toolbar,
			isoflop-run-selection {
				margin-block: 0.5rem;
			}
			.empty {
				display: grid;
				place-content: center;
				gap: 0.75rem;
				min-height: 16rem;
				padding: 2rem 1.25rem;
				border: 1px dashed var(--line-strong);
				border-radius: 6px;
				text-align: center;
				text-wrap: balance;
				color: var(--quiet);
			}
			.empty > * {
				max-width: 40rem;
				margin-inline: auto;
			}
			.empty b {
				color: var(--ink);
				font-family: var(--font-serif);
				font-size: 1.125rem;
			}
		`,
	];

	override connectedCallback(): void {
		super.connectedCallback();
		this.unsubscribe = session.subscribe(() => this.requestUpdate());
		addEventListener("pagehide", this.leave);
		void session.list();
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.unsubscribe();
		removeEventListener("pagehide", this.leave);
		this.leave();
	}

	override updated(): void {
		this.readFinished();
	}

	override render() {
		const { rows, isListing, selected } = session.state;
		const items = this.shown(rows, this.shows, this.view);
		const { keys, chosen } = this.selection(rows, items, selected);
		return html`
			<div
				class="content"
				@isoflop-view=${(event: CustomEvent<RunsView>) => this.look(event.detail)}
				@isoflop-filter=${(event: CustomEvent<string>) => this.filterBy(event.detail)}
				@isoflop-sort=${(event: CustomEvent<Sorting>) => this.look({ ...this.view, sorting: event.detail })}
				@isoflop-select=${(event: CustomEvent<readonly string[]>) => this.select(event.detail, items)}
				@isoflop-files=${(event: CustomEvent<File[]>) => void this.add(event.detail)}
				@isoflop-labels=${(event: CustomEvent<Labels>) => void this.label(event.detail, chosen)}
				@isoflop-hide=${(event: CustomEvent<boolean>) => void session.patch(idsOf(chosen), { hidden: event.detail })}
				@isoflop-delete=${() => void this.delete(chosen)}
				@isoflop-undo=${() => void this.undo()}
				@isoflop-save=${(event: CustomEvent<RunsFile>) => void this.save(event.detail, chosen)}
				@isoflop-dismiss=${() => session.dismiss()}
			>
				<section aria-labelledby="runs">
					<div class="heading">
						<h2 id="runs">Everything that was trained</h2>
						<p role="status">${this.countText(items)}</p>
					</div>
					<isoflop-runs-toolbar .filter=${this.filter} .problem=${this.problem} .view=${this.view}></isoflop-runs-toolbar>
					<isoflop-run-selection .rows=${chosen}></isoflop-run-selection>
					${rows.size === 0 ? this.empty(isListing) : this.grid(items, keys)}
				</section>
				<isoflop-compare-panel .rows=${chosen} .curvesOf=${curvesOf}></isoflop-compare-panel>
				<div class="pair">
					<isoflop-weights-panel .rows=${chosen} .api=${api} .open=${this.left(this.lab.state.runs)}></isoflop-weights-panel>
					<isoflop-storage-panel .runs=${rows.size}></isoflop-storage-panel>
				</div>
				<isoflop-runs-messages .runs=${session.state}></isoflop-runs-messages>
			</div>
		`;
	}

	private grid(items: readonly RunItem[], keys: ReadonlySet<string>) {
		const { columns, sorting } = this.view;
		return html`
			<isoflop-run-grid
				.items=${items}
				.fields=${fieldsOf(columns)}
				?changes=${columns.includes(CHANGES)}
				.sorting=${sorting}
				.selected=${keys}
			></isoflop-run-grid>
		`;
	}

	private empty(isListing: boolean) {
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

	private countText(items: readonly RunItem[]): string {
		const { rows, isListing } = session.state;
		if (rows.size === 0) return isListing ? "Reading" : "No runs";
		const shown = items.reduce((sum, item) => sum + item.rows.length, 0);
		const hidden = [...rows.values()].filter((row) => row.hidden).length;
		const all = shown === rows.size ? plural(shown, "run") : `${shown} of ${plural(rows.size, "run")}`;
		const groups = this.view.bySeed ? `, in ${plural(items.length, "line")}` : "";
		const aside = hidden > 0 && !this.view.showHidden ? `, ${hidden} hidden` : "";
		return `${all}${groups}${aside}${isListing ? ", reading more" : ""}`;
	}

	private look(view: RunsView): void {
		this.view = view;
		rememberView(localMemory, view);
	}

	private filterBy(text: string): void {
		this.filter = text;
		try {
			this.shows = readFilter(text);
			this.problem = "";
		} catch (error) {
			this.problem = (error as Error).message;
		}
	}

	/** Selects lines; what is selected and not shown stays so. */
	private select(keys: readonly string[], items: readonly RunItem[]): void {
		const wanted = new Set(keys);
		const shown = new Set(items.flatMap(({ rows }) => idsOf(rows)));
		const others = wanted.size === 0 ? [] : [...session.state.selected].filter((id) => !shown.has(id));
		session.select([...others, ...items.filter(({ key }) => wanted.has(key)).flatMap(({ rows }) => idsOf(rows))]);
	}

	private async add(files: readonly File[]): Promise<void> {
		await this.changed(await session.add(files));
	}

	private async label({ name, add, take }: Labels, rows: readonly RunRow[]): Promise<void> {
		const ids = idsOf(rows);
		if (name !== undefined) await session.patch(ids, { name });
		if (add.length + take.length > 0) await session.tag(ids, add, take);
	}

	private async delete(rows: readonly RunRow[]): Promise<void> {
		const { runs, study, isTraining } = this.lab.state;
		const open = new Set(runs.map(({ id }) => id));
		await session.attempt(async () => {
			if (isTraining && rows.some(({ id }) => open.has(id)))
				throw new Error(
					`the study “${study}” is training and uses some of these runs; stop it before they are deleted`,
				);
		}, "Not deleted: ");
		if (isTraining && rows.some(({ id }) => open.has(id))) return;
		await session.delete(idsOf(rows), usesText(rows, { name: study, ids: open }));
		await this.changed(idsOf(rows));
		await this.renderRoot.querySelector("isoflop-run-grid")?.focusRow();
	}

	private async undo(): Promise<void> {
		await this.changed(await session.undo());
		await this.renderRoot.querySelector("isoflop-run-grid")?.focusRow();
	}

	private async save(format: RunsFile, rows: readonly RunRow[]): Promise<void> {
		await session.attempt(async () => {
			const file = await api.file(idsOf(rows), format);
			const [name, type] =
				format === "jsonl" ? ["runs.jsonl", "application/jsonl"] : [`${FILES[format]}.csv`, "text/csv"];
			download(name!, file, type!);
		});
	}

	/** Has the Study page read its results again if some of them are others now. */
	private async changed(ids: readonly string[]): Promise<void> {
		const { runs, isTraining } = this.lab.state;
		if (!isTraining && runs.some(({ id }) => ids.includes(id))) await this.lab.effects.readResults();
	}

	private readonly leave = () => {
		void session.endDeletion();
	};

	/** Adds runs that have finished since the list was read. */
	private readFinished(): void {
		const { rows, isListing, deletion } = session.state;
		const deleted = new Set(deletion?.rows.map(({ id }) => id));
		if (isListing) return;
		const missing = this.lab.state.runs.filter(
			({ id, status }) => ENDED.includes(status) && ![rows, deleted, this.asked].some((known) => known.has(id)),
		);
		for (const { id } of missing) this.asked.add(id);
		void session.read(missing.map(({ id }) => id));
	}
}

const ENDED: readonly RunState["status"][] = ["finished", "diverged", "stopped"];

const FILES: Record<Exclude<RunsFile, "jsonl">, string> = { csv: "runs", curves: "curves" };

const curvesOf = (ids: string[]) => api.curves(ids);

function idsOf(rows: readonly RunRow[]): string[] {
	return rows.map(({ id }) => id);
}

const fieldsOf = memoized((columns: readonly string[]) =>
	columns.filter((id) => id !== CHANGES).map((id) => fieldNamed(id)!),
);

function shownItems(rows: ReadonlyMap<string, RunRow>, shows: RunFilter, view: RunsView): RunItem[] {
	const shown = [...rows.values()].filter((row) => (view.showHidden || !row.hidden) && shows(row));
	const { field, descending } = view.sorting;
	return sortedItems(runItems(shown, view.bySeed), fieldNamed(field)!, descending);
}

/** The selected runs, in the order of the table and then those that are not shown, and the keys of the lines that they fill. */
function selectionOf(
	rows: ReadonlyMap<string, RunRow>,
	items: readonly RunItem[],
	selected: ReadonlySet<string>,
): { keys: ReadonlySet<string>; chosen: readonly RunRow[] } {
	const lines = items.filter((item) => item.rows.every(({ id }) => selected.has(id)));
	const ids = new Set([...lines.flatMap((item) => idsOf(item.rows)), ...selected]);
	return {
		keys: new Set(lines.map(({ key }) => key)),
		chosen: [...ids].flatMap((id) => rows.get(id) ?? []),
	};
}

/** What of a study is not trained yet. */
function leftToTrain(runs: readonly RunState[]): { runs: number; parameters: number } {
	const left = runs.filter(({ result }) => !result);
	return { runs: left.length, parameters: left.reduce((sum, { spec }) => sum + parameterCounts(spec.model).total, 0) };
}

declare global {
	interface HTMLElementTagNameMap {
		"isoflop-runs-page": RunsPage;
	}
}

customElements.define("isoflop-runs-page", RunsPage);
