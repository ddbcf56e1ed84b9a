import { dataText } from "./data-file.ts";

// biome-ignore lint/suspicious/noExplicitAny: a document of many shapes, read key by key
type Expected = any;

/** Results that this project's code must reproduce, and published constants; `data/README.md` says how each was obtained. */
export const expected: Expected = JSON.parse(dataText("expected.json"));

/** |actual / wanted − 1|. */
export function relativeError(actual: number, wanted: number): number {
	return Math.abs(actual / wanted - 1);
}
