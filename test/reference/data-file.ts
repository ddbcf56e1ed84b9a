import { readFileSync } from "node:fs";

/** The address of a file of `test/reference/data`. */
export function dataUrl(name: string): URL {
	return new URL(`data/${name}`, import.meta.url);
}

/** Its text. */
export function dataText(name: string): string {
	return readFileSync(dataUrl(name), "utf8");
}
