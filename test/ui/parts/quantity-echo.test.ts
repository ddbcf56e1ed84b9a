import { expect, test } from "vitest";
import { quantityEcho } from "../../../src/ui/parts/quantity-echo.ts";

test.each([
	[8.64e20, "flops", "= 8.64 × 10²⁰ FLOP, 10 PF-days"],
	[5.88e23, "flops", "= 5.88 × 10²³ FLOP, 6,805.56 PF-days"],
	[1000, "flops", "= 1,000 FLOP"],
	[30e9, "parameters", "= 30,000,000,000 parameters"],
	[1.4e12, "tokens", "= 1.4 × 10¹² tokens"],
	[0, "tokens", "= 0 tokens"],
	[2048, "count", "= 2,048"],
] as const)("%d of %s is said as %s", (value, dimension, text) => expect(quantityEcho(value, dimension)).toBe(text));
