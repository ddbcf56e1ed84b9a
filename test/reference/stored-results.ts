import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { dataUrl } from "./data-file.ts";

/** The text of a file of `data/results`, where it is kept compressed: runs of a study, or what was fitted to them. */
export function storedResult(name: string): string {
	return gunzipSync(readFileSync(dataUrl(`results/${name}.gz`))).toString();
}
