import { canonicalJson, sha256 } from "../../run/canonical-json.ts";
import type { Study } from "../../study/study.ts";

/** Longest part of a study's name that a folder takes over, in characters: file systems allow 255 bytes. */
const LONGEST = 60;

/** The name of a study's folder: its own name where that has letters or digits of any script, else one of its content. */
export async function folderNameOf(study: Study): Promise<string> {
	const name = [...study.name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}_-]+/gu, "-")].slice(0, LONGEST).join("");
	return /[\p{L}\p{N}]/u.test(name) ? name : `study-${(await sha256(canonicalJson(study))).slice(0, 8)}`;
}
