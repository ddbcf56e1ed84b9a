import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/input/input.js";
import { plural } from "../../../figures/format.ts";
import type { RunRow } from "../../../run/run-note.ts";
import type { RunsApi } from "../../../worker/runs-protocol.ts";
import { download } from "../../parts/download.ts";
import { formatBytes } from "../../parts/format-bytes.ts";
import { DOWNLOAD } from "../../parts/icons.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";

/** Tokens that are drawn at a time. */
const TOKENS = 120;

/** Whether weights are kept, and what can be done with those of a selected run: text that it writes, and a Hugging Face folder. */
export class WeightsPanel extends LitElement {
	static override properties = {
		rows: { attribute: false },
		api: { attribute: false },
		open: { attribute: false },
		isKeeping: { state: true },
		sample: { state: true },
		problem: { state: true },
		isBusy: { state: true },
	};

	/** The selected runs. */
	declare rows: readonly RunRow[];
	declare api: RunsApi;
	/** The runs of the study on the page Study that are not trained yet, and their parameters together. */
	declare open: { runs: number; parameters: number };
	/** Null until it is known. */
	declare private isKeeping: boolean | null;
	declare private sample: { id: string; prompt: string; text: string } | null;
	declare private problem: string;
	declare private isBusy: boolean;
	private seed = 0;

	constructor() {
		super();
		this.rows = [];
		this.open = { runs: 0, parameters: 0 };
		this.isKeeping = null;
		this.sample = null;
		this.problem = "";
		this.isBusy = false;
	}

	static override styles = [
		sharedStyles,
		panelStyles,
		css`
			label {
				display: flex;
				gap: 0.5rem;
				align-items: baseline;
				font-size: 0.875rem;
			}
			label input {
				accent-color: var(--accent);
			}
			.note {
				margin-top: 0.35rem;
				color: var(--quiet);
				font-size: 0.875rem;
			}
			form {
				display: flex;
				flex-wrap: wrap;
				gap: 0.5rem;
				align-items: end;
				margin-top: 0.9rem;
			}
			wa-input {
				flex: 1 1 12rem;
				min-width: 0;
			}
			wa-input.temperature {
				flex: 0 0 7rem;
			}
			blockquote {
				min-height: 6rem;
				max-height: 18rem;
				margin: 0.75rem 0 0;
				padding: 0.7rem 0.9rem;
				border-radius: 6px;
				background: var(--sunken);
				font-family: var(--font-serif);
				white-space: pre-wrap;
				overflow: auto;
				overflow-wrap: anywhere;
			}
			blockquote b {
				color: var(--accent);
				font-weight: 400;
			}
			.error {
				margin-top: 0.5rem;
				color: var(--danger-ink);
				font-size: 0.875rem;
			}
		`,
	];

	override willUpdate(changed: PropertyValues<this>): void {
		if (changed.has("api")) void this.readSetting();
	}

	override render() {
		const run = this.rows.find(({ weightBytes }) => weightBytes !== undefined);
		return html`
			<section aria-labelledby="weights">
				<h2 id="weights">Weights</h2>
				<label>
					<input
						type="checkbox"
						.checked=${this.isKeeping === true}
						?disabled=${this.isKeeping === null}
						@change=${(event: Event) => void this.setKeeping((event.target as HTMLInputElement).checked)}
					/>
					<span>Keep the weights of studies that are started from now on</span>
				</label>
				<p class="note">${this.bytesText()}</p>
				${run ? this.uses(run) : html`<p class="note">${this.rows.length === 0 ? SELECT : NONE}</p>`}
				${this.problem ? html`<p class="error" role="alert">${this.problem}</p>` : nothing}
			</section>
		`;
	}

	private bytesText(): string {
		const { runs, parameters } = this.open;
		const rule = "A run takes 4 bytes for each parameter";
		if (runs === 0) return `${rule}.`;
		return `${rule}: ${formatBytes(4 * parameters)} for the ${plural(runs, "run")} of the open study that are left to train.`;
	}

	private uses(run: RunRow) {
		const { id, weightBytes, spec } = run;
		const shown = this.sample?.id === id ? this.sample : null;
		const isLstm = spec.model.architecture === "lstm";
		return html`
			<form @submit=${(event: SubmitEvent) => this.draw(event, id)}>
				<wa-input size="s" name="prompt" label="Beginning of a text" maxlength="500" value="My fellow"></wa-input>
				<wa-input class="temperature" size="s" name="temperature" label="Temperature" type="number" min="0" max="5" step="0.1" value="0.8"></wa-input>
				<wa-button size="s" variant="brand" type="submit" ?disabled=${this.isBusy}>Sample text</wa-button>
				<wa-button size="s" appearance="outlined" ?disabled=${this.isBusy || isLstm} @click=${() => void this.save(id)}>
					${DOWNLOAD} Hugging Face folder (zip, about ${formatBytes(weightBytes!)})
				</wa-button>
			</form>
			<blockquote tabindex="0" role="region" aria-label="Text of the run" aria-live="polite">${
				// Without blanks around it: they would be shown.
				shown
					? html`<b>${shown.prompt}</b>${shown.text}`
					: html`<span class="quiet">${this.isBusy ? "Drawing" : writesText(run)}</span>`
			}</blockquote>
			${isLstm ? html`<p class="note">An LSTM has no Hugging Face format.</p>` : nothing}
		`;
	}

	private draw(event: SubmitEvent, id: string): void {
		event.preventDefault();
		const value = (name: string) =>
			(this.renderRoot.querySelector(`wa-input[name=${name}]`) as unknown as HTMLInputElement).value ?? "";
		const prompt = value("prompt");
		const temperature = Math.min(5, Math.max(0, Number(value("temperature")) || 0));
		void this.attempt(async () => {
			const text = await this.api.sample(id, { prompt, temperature, tokens: TOKENS, seed: this.seed++ });
			this.sample = { id, prompt, text };
		});
	}

	private async save(id: string): Promise<void> {
		await this.attempt(async () =>
			download(`model-${id.slice(0, 8)}.zip`, await this.api.modelZip(id), "application/zip"),
		);
	}

	private async readSetting(): Promise<void> {
		this.isKeeping = await this.api.keepsWeights().catch(() => null);
	}

	private async setKeeping(isWanted: boolean): Promise<void> {
		await this.attempt(() => this.api.keepWeights(isWanted));
		await this.readSetting();
		if (isWanted && this.isKeeping === false) this.problem = "This browser keeps no files, so no weights either.";
	}

	private async attempt(action: () => Promise<void>): Promise<void> {
		this.isBusy = true;
		this.problem = "";
		try {
			await action();
		} catch (error) {
			this.problem = (error as Error).message;
		}
		this.isBusy = false;
	}
}

const SELECT = "Select a run whose weights were kept: it writes text, and gives a Hugging Face folder.";
const NONE = "No weights were kept of the selected runs.";
const writesText = ({ id, name }: RunRow) => `What ${name ?? id.slice(0, 8)} writes appears here.`;

customElements.define("isoflop-weights-panel", WeightsPanel);
