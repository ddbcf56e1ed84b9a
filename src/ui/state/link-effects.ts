import { ownTexts, unpackStudy } from "../../study/study-link.ts";
import { type Environment, errorText, isEditable, tell } from "./environment.ts";
import type { StudyEffects } from "./study-effects.ts";

export interface LinkEffects {
	/**
	 * Shows the study of a link, and trains nothing. A link that cannot be opened, or not now, changes nothing; what is wrong is
	 * told. Returns whether the study is shown.
	 *
	 * @param text the packed study; see `packStudy`
	 */
	openLink(text: string): Promise<boolean>;
}

export function linkEffects(env: Environment, { setStudy }: StudyEffects): LinkEffects {
	return {
		openLink: (text) =>
			openedLink(env, "Study from a link", async () => {
				const study = await unpackStudy(text);
				if (!isEditable(env.store.state)) throw new Error("a study is training; stop it, and open the link again");
				await setStudy(study);
				return { shown: `“${study.name}”`, texts: ownTexts(study) };
			}),
	};
}

/** What a link has shown, and the sender's own texts that it reads. */
export interface LinkContent {
	shown: string;
	texts: readonly string[];
}

/** Opens a link, and says what is shown or, if `open` rejects, why not. Returns whether it was opened. */
export async function openedLink(env: Environment, title: string, open: () => Promise<LinkContent>): Promise<boolean> {
	try {
		const { shown, texts } = await open();
		const advice =
			texts.length > 0 ? ` It reads ${texts.join(" and ")}, which no link holds: add that file here first.` : "";
		const said = `${shown} is shown. Nothing trains until you press Run.${advice}`;
		tell(env, said, { title, text: said });
		return true;
	} catch (error) {
		const said = `${errorText(error)}. Nothing was changed.`;
		const notice = { kind: "error", title: "The link was not opened", text: said } as const;
		env.store.dispatch({ type: "told", announcement: `${notice.title}: ${said}`, notice });
		return false;
	}
}
