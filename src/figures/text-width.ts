import { type MeasureText, SCRIPT_SIZE } from "./shapes.ts";

/** Characters of Inter by their width, in hundredths of the font's size. */
const CHARACTERS: Record<number, string> = {
	25: "Iijl",
	30: " !',.:;`",
	35: "()/[\\]ft|",
	40: "1r",
	45: '"-^_{}⁰¹²³⁴⁵⁶⁷⁸⁹⁻',
	50: "*?",
	55: "7JLacksvxyz",
	60: "235689EFbdeghnopqu",
	65: "#$&+04<=>BKPRSTZ~−–×",
	70: "ADVXY",
	75: "CGHNOQU",
	80: "w",
	90: "Mm",
	95: "@",
	100: "%W—…",
};
const WIDTHS = new Map(
	Object.entries(CHARACTERS).flatMap(([width, characters]) =>
		[...characters].map((character) => [character, Number(width) / 100] as const),
	),
);
const LETTER = 0.6;
/** Letters of scripts whose characters are about as wide as they are high begin here. */
const WIDE_FROM = 0x1100;
/** What bold and serif texts gain in width. */
const HEAVIER = 1.04;
/** How much wider than Inter its common substitutes are. */
const SUBSTITUTE = 1.1;

/** A width for where no font can be measured: enough for Inter and for what stands in for it where it is not installed. */
export const estimateWidth: MeasureText = ({ text, size, bold, serif }) => {
	const ems = text.reduce((sum, span) => {
		const script = span.style === "sub" || span.style === "sup" ? SCRIPT_SIZE : 1;
		return sum + script * [...span.text].reduce((width, character) => width + widthOf(character), 0);
	}, 0);
	return SUBSTITUTE * ems * size * (bold || serif ? HEAVIER : 1);
};

function widthOf(character: string): number {
	const code = character.codePointAt(0)!;
	return WIDTHS.get(character) ?? (code >= WIDE_FROM && !(code >= 0x2000 && code < 0x2e80) ? 1 : LETTER);
}
