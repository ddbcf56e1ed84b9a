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
		async openLink(text) {
			try {
				const study = await unpackStudy(text);
				if (!isEditable(env.store.state)) throw new Error("a study is training; stop it, and open the link again");
				await setStudy(study);
				const missing = ownTexts(study);
				const advice =
					missing.length > 0
						? ` It reads ${missing.join(" and ")}, which no link holds: add that file here first.`
						: "";
				const said = `“${study.name}” is shown. Nothing trains until you press Run.${advice}`;
				tell(env, said, { title: "Study from a link", text: said });
				return true;
			} catch (error) {
				const said = `${errorText(error)}. Nothing was changed.`;
				const notice = { kind: "error", title: "The link was not opened", text: said } as const;
				env.store.dispatch({ type: "told", announcement: `${notice.title}: ${said}`, notice });
				return false;
			}
		},
	};
}
