import { html, LitElement } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import type { RunState } from "../../../study/progress.ts";
import type { RunsFile } from "../../../worker/runs-protocol.ts";
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
import { noRuns } from "./no-runs.ts";
import { RunActions } from "./run-actions.ts";
import { fieldNamed } from "./run-fields.ts";
import { type RunFilter, readFilter } from "./run-filter.ts";
import "./run-grid.ts";
import type { Sorting } from "./run-grid.ts";
import type { RunItem } from "./run-items.ts";
import "./runs-messages.ts";
import { RunsSession } from "./runs-session.ts";
import { runsStyles } from "./runs-styles.ts";
import "./runs-toolbar.ts";
import { CHANGES, type RunsView, rememberedView, rememberView } from "./runs-view.ts";
import "./selection-bar.ts";
import type { Labels } from "./selection-bar.ts";
import { countText, idsOf, leftToTrain, selectionOf, shownItems } from "./shown-runs.ts";
import "./storage-panel.ts";
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
	private readonly actions = new RunActions(
		session,
		api,
		() => this.lab.state,
		() => this.lab.effects.readResults(),
		async () => this.renderRoot.querySelector("isoflop-run-grid")?.focusRow(),
	);

	constructor() {
		super();
		this.filter = "";
		this.problem = "";
		this.view = rememberedView(localMemory);
		new FileDrop(this, (files) => void this.actions.add(files));
	}

	static override styles = [sharedStyles, pageStyles, panelStyles, runsStyles];

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
				@isoflop-files=${(event: CustomEvent<File[]>) => void this.actions.add(event.detail)}
				@isoflop-labels=${(event: CustomEvent<Labels>) => void this.actions.label(event.detail, chosen)}
				@isoflop-hide=${(event: CustomEvent<boolean>) => void session.patch(idsOf(chosen), { hidden: event.detail })}
				@isoflop-delete=${() => void this.actions.delete(chosen)}
				@isoflop-undo=${() => void this.actions.undo()}
				@isoflop-save=${(event: CustomEvent<RunsFile>) => void this.actions.save(event.detail, chosen)}
				@isoflop-dismiss=${() => session.dismiss()}
			>
				<section aria-labelledby="runs">
					<div class="heading">
						<h2 id="runs">Everything that was trained</h2>
						<p role="status">${countText(session.state, items, this.view)}</p>
					</div>
					<isoflop-runs-toolbar .filter=${this.filter} .problem=${this.problem} .view=${this.view}></isoflop-runs-toolbar>
					<isoflop-run-selection .rows=${chosen}></isoflop-run-selection>
					${rows.size === 0 ? noRuns(isListing) : this.grid(items, keys)}
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

const curvesOf = (ids: string[]) => api.curves(ids);

const fieldsOf = memoized((columns: readonly string[]) =>
	columns.filter((id) => id !== CHANGES).map((id) => fieldNamed(id)!),
);

declare global {
	interface HTMLElementTagNameMap {
		"isoflop-runs-page": RunsPage;
	}
}

customElements.define("isoflop-runs-page", RunsPage);
