import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import type { StudyAnalysis } from "../../analysis/method1/study-analysis.ts";
import { runLine, studyLine } from "../../run/run-lines.ts";
import type { RunResult } from "../../run/run-result.ts";
import type { Study } from "../../study/study.ts";
import { packStudy } from "../../study/study-link.ts";
import type { RunView } from "../state/run-view.ts";
import "./copy-link.ts";
import { download } from "./download.ts";
import { DOWNLOAD } from "./icons.ts";
import { sharedStyles } from "./shared-styles.ts";

/** Saves finished runs, fits and the study as files that the command line can read. */
export class ExportButtons extends LitElement {
	static override properties = {
		runs: { attribute: false },
		analysis: { attribute: false },
		study: { attribute: false },
		fitless: { type: Boolean },
		linkless: { type: Boolean },
	};

	declare runs: readonly Pick<RunView, "result">[];
	declare analysis: StudyAnalysis | null;
	declare study: Study;
	/** Whether the study has no fits to save. */
	declare fitless: boolean;
	/** Whether the page has a link of its own to what is shown. */
	declare linkless: boolean;

	constructor() {
		super();
		this.runs = [];
		this.analysis = null;
		this.fitless = false;
		this.linkless = false;
	}

	static override styles = [
		sharedStyles,
		css`
			.buttons {
				display: flex;
				flex-wrap: wrap;
				gap: 0.4rem;
			}
			@media print {
				:host {
					display: none;
				}
			}
		`,
	];

	override render() {
		const results = this.runs.map((run) => run.result).filter((result): result is RunResult => result !== undefined);
		const { analysis, study } = this;
		const none = results.length === 0;
		return html`
			<div class="buttons" role="group" aria-label="Save as a file">
				${this.button("Runs, JSONL", "runs.jsonl", none, () => results.map(runLine).join(""))}
				${this.button("Runs, CSV", "runs.csv", none, async () => (await csv()).runsCsv(results))}
				${this.button("Curves, CSV", "curves.csv", none, async () => (await csv()).curvesCsv(results))}
				${
					this.fitless
						? nothing
						: html`
								${this.button("Fits, JSON", "fits.json", none || !analysis, () => json(analysis))}
								${this.button("Fits, CSV", "fits.csv", none || !analysis, async () => (await csv()).fitsCsv(analysis!))}
							`
				}
				${this.button("Study", "study.json", false, () => json(study))}
				${this.button("Results", "results.jsonl", none, () => studyLine(study) + results.map(runLine).join(""))}
				${
					this.linkless
						? nothing
						: html`<isoflop-copy-link subject="study" .address=${() => studyAddress(study)}></isoflop-copy-link>`
				}
			</div>
		`;
	}

	private button(text: string, file: string, disabled: boolean, content: () => string | Promise<string>) {
		const type = file.endsWith(".csv") ? "text/csv" : "application/json";
		return html`
			<wa-button
				size="s"
				appearance="outlined"
				?disabled=${disabled}
				@click=${async () => download(`${fileName(this.study.name)}-${file}`, await content(), type)}
			>
				${DOWNLOAD} ${text}
			</wa-button>
		`;
	}
}

/** What writes CSV, loaded when it is first needed. */
function csv() {
	return import("../../analysis/reports/csv.ts");
}

async function studyAddress(study: Study): Promise<string> {
	return `#/study?study=${await packStudy(study)}`;
}

function json(value: unknown): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}

/** The study's name as the beginning of a file's name. */
function fileName(name: string): string {
	return name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "study";
}

customElements.define("isoflop-export-buttons", ExportButtons);
