import { type DecodedText, decodeText } from "../../data/decode-text.ts";
import { formatCount, plural } from "../../figures/format.ts";
import { parseStudy } from "../../study/parse-study.ts";
import { validateStudy } from "../../study/validate-study.ts";
import { type Environment, errorText, isEditable, tell } from "./environment.ts";
import { finishedCount, selectRuns, unsavedCount } from "./selectors.ts";
import type { StudyEffects } from "./study-effects.ts";
import type { TrainingEffects } from "./training-effects.ts";

export interface FileEffects {
	/** Takes files that were dropped or chosen: a study, finished runs, or texts for the study to train on. */
	takeFiles(files: readonly File[]): Promise<void>;
	/** Asks which texts a study can name. */
	listCorpora(): Promise<void>;
}

export function fileEffects(env: Environment, study: StudyEffects, training: TrainingEffects): FileEffects {
	const { lab, store } = env;

	async function listCorpora(): Promise<void> {
		store.dispatch({ type: "corpora-listed", corpora: await lab.training.corpora() });
	}

	async function takeText(file: File): Promise<void> {
		const { text, note } = await read(file);
		const info = await lab.training.addText(file.name, text, note);
		await listCorpora();
		await study.edit({ ...store.state.document.study, corpora: [info.id] });
		const added = `${file.name} (${formatCount(info.bytes)} bytes) is now the text of this study.`;
		const told = note === null ? added : `${added} It ${note}.`;
		tell(env, told, { title: "Text added", text: told });
	}

	async function takeRuns(file: File): Promise<void> {
		const { count, study: held } = await lab.training.addRuns((await read(file)).text);
		const problem = await showStudy(held);
		const runs = plural(selectRuns(store.state).length, "run");
		const added = `${plural(count, "finished run")} ${unsavedCount(store.state) > 0 ? "taken" : "stored"}.`;
		const text = `${added}${problem} This study now has ${finishedCount(store.state)} of its ${runs}.`;
		tell(env, text, { title: "Runs added", text });
	}

	/** Opens the study that a file of results holds, if it does, and returns what is wrong with it; empty if nothing is. */
	async function showStudy(held: unknown): Promise<string> {
		let problem = "";
		try {
			if (held !== undefined) {
				await study.setStudy(validateStudy(held));
				return "";
			}
		} catch (error) {
			problem = ` The study in the file was not taken: ${errorText(error)}`;
		}
		await training.readResults();
		return problem;
	}

	async function takeFile(file: File): Promise<void> {
		if (file.name.endsWith(".json")) await study.setStudy(parseStudy((await read(file)).text));
		else if (file.name.endsWith(".jsonl")) await takeRuns(file);
		else await takeText(file);
	}

	async function read(file: File): Promise<DecodedText> {
		return decodeText(new Uint8Array(await file.arrayBuffer()));
	}

	return {
		listCorpora,
		async takeFiles(files) {
			for (const file of files) {
				if (!isEditable(store.state)) return;
				try {
					await takeFile(file);
				} catch (error) {
					const text = errorText(error);
					const notice = { kind: "error", title: `${file.name} was not taken`, text } as const;
					store.dispatch({ type: "told", announcement: `${notice.title}. ${text}`, notice });
				}
			}
		},
	};
}
