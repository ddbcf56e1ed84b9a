import { superscript } from "../../figures/format.ts";
import { PF_DAY } from "../../theory/kaplan.ts";
import type { Dimension } from "../../theory/quantities.ts";

const DIGITS = 6;
const UNIT: Record<Dimension, string> = { flops: " FLOP", parameters: " parameters", tokens: " tokens", count: "" };

/** A number as it was understood: "= 8.64 × 10²⁰ FLOP, 10 PF-days", "= 30,000,000,000 parameters". */
export function quantityEcho(value: number, dimension: Dimension): string {
	const days = value / PF_DAY;
	const also = dimension === "flops" && days >= 0.001 ? `, ${written(days)} PF-days` : "";
	return `= ${written(value)}${UNIT[dimension]}${also}`;
}

function written(value: number): string {
	const rounded = Number(value.toPrecision(DIGITS));
	if (rounded === 0 || (rounded < 1e12 && rounded >= 1e-3))
		return rounded.toLocaleString("en-US", { maximumFractionDigits: 6 });
	const [mantissa, exponent] = rounded.toExponential().split("e");
	return `${mantissa} × 10${superscript(Number(exponent))}`;
}
