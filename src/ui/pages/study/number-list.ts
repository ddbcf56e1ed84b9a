/** Commas between thousands, as the form itself writes large numbers. */
const GROUPED = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;

/**
 * The entries of a list: separated by semicolons, or by commas that do not stand between two digits. A comma between digits
 * groups thousands, as in "1,024", or separates where every part shows what it is, as in "0.001,3e-3" and "8×1×2,16×2×4".
 * Otherwise the text is one entry, for the validation of the study to report: nothing is guessed.
 */
export function split(text: string): string[] {
	return text
		.split(/;|(?<!\d),|,(?!\d)/)
		.map((part) => part.trim())
		.filter((part) => part !== "")
		.flatMap((part) => (isPlainly(part.split(",")) ? part.split(",") : [part]));
}

/** Whether no part can be a group of digits of the next: each has a decimal point, an exponent, or several numbers. */
function isPlainly(parts: readonly string[]): boolean {
	return parts.every((part) => /^\d*\.\d+$|^[\d.]+e[-+]?\d+$|[×x*:]/i.test(part));
}

/** A number where the text is one, with or without grouped thousands. Other text stays as it is, for the validation to report. */
export function value(text: string): number | string {
	const plain = text.trim();
	const number = Number(GROUPED.test(plain) ? plain.replaceAll(",", "") : plain.replaceAll("_", ""));
	return plain === "" || Number.isNaN(number) ? text : number;
}
