import { formatCount, formatRate } from "../../figures/format.ts";
import { type Card, type Comparison, type Family, MAX_NAME } from "./comparison.ts";

/** What the families are called. */
export const FAMILY_NAMES: Record<Family, string> = {
	constant: "Constant",
	cosine: "Cosine",
	"wsd-linear": "WSD, linear decay",
	"wsd-1-sqrt": "WSD, 1−√ decay",
	linear: "Linear",
	"inverse-sqrt": "Inverse square root",
	piecewise: "Piecewise",
};

/**
 * A name for each card, all different: its own or what it does, and where that is equal, its tail, its rate, its budget, its warmup or its
 * number.
 */
export function cardNames({ cards, tokens }: Pick<Comparison, "cards" | "tokens">): string[] {
	const details: ((card: Card) => string)[] = [
		({ tail }) =>
			tail ? `${tail.form === "linear" ? "linear" : "1−√"} to ${tail.floor > 0 ? percent(tail.floor) : "0"}` : "",
		(card) => formatRate(card.peak),
		(card) => `${roundCount(card.tokens ?? tokens)} tokens`,
		({ warmupSteps }) => `warmup ${warmupSteps}`,
	];
	let names = cards.map((card) => card.name ?? shortName(card));
	for (const detail of details) {
		const texts = cards.map(detail);
		names = names.map((name, i) => {
			const rivals = names.flatMap((other, j) => (other === name ? [texts[j]!] : []));
			return new Set(rivals).size > 1 && texts[i] !== "" ? `${name}, ${texts[i]}` : name;
		});
	}
	const taken = new Set<string>();
	return names.map((name) => {
		let text = name;
		for (let number = 2; taken.has(text); number++) text = `${name} (${number})`;
		taken.add(text);
		return text;
	});
}

/** A name as it was typed, on one line and not longer than may be; undefined for one that is empty. */
export function typedName(text: string): string | undefined {
	const printable = text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
	// Not in the middle of a character.
	const short = printable.slice(0, MAX_NAME).replace(/\p{Cs}$/u, "");
	return short.trim() || undefined;
}

/** "Cosine to 10 %, forked at 50 %": the share is that of the trunk's steps. */
function shortName(card: Card): string {
	const { tail } = card;
	return tail ? `${trunkName(card)}, forked at ${percent(tail.after)}` : trunkName(card);
}

/** "Cosine to 10 %", "WSD 20 % linear": the shares are those of the peak that it ends at, and of the run that it decays in. */
function trunkName({ family, floor, decayStart, points }: Card): string {
	const to = floor > 0 ? ` to ${percent(floor)}` : " to 0";
	switch (family) {
		case "constant":
			return "Constant";
		case "wsd-linear":
		case "wsd-1-sqrt": {
			const form = family === "wsd-linear" ? "linear" : "1−√";
			return `WSD ${percent(1 - decayStart)} ${form}${floor > 0 ? to : ""}`;
		}
		case "inverse-sqrt":
			return floor > 0 ? `Inverse square root, at least ${percent(floor)}` : "Inverse square root";
		case "piecewise":
			return `Piecewise, ${points.length} points`;
		default:
			return `${FAMILY_NAMES[family]}${to}`;
	}
}

/** "1M" where `formatCount` says "1.00M". */
function roundCount(value: number): string {
	return formatCount(value).replace(/\.?0*(?=[a-zA-Z]$)/, (zeros) => (zeros.startsWith(".") ? "" : zeros));
}

function percent(share: number): string {
	return `${Number((100 * share).toPrecision(3))} %`;
}
