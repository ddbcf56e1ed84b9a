import { describe, expect, it } from "vitest";
import {
	formatCount,
	formatDuration,
	formatEstimate,
	formatFit,
	formatPower,
	formatRate,
	formatScientific,
	superscript,
} from "../../src/figures/format.ts";

describe("numbers as people read them", () => {
	it.each([
		[0, "0"],
		[0.5, "0.500"],
		[888, "888"],
		[3792, "3.79k"],
		[812_345, "812k"],
		[999_600, "1.00M"],
		[1_630_000, "1.63M"],
		[12e9, "12.0B"],
	])("counts: %d is %s", (value, text) => expect(formatCount(value)).toBe(text));

	it.each([
		[0, "0"],
		[0.0134, "0.0134"],
		[512, "512"],
		[3.214e12, "3.21 × 10¹²"],
		[9.9e-7, "9.90 × 10⁻⁷"],
	])("scientific: %d is %s", (value, text) => expect(formatScientific(value)).toBe(text));

	it("powers of ten are short", () => {
		expect(formatPower(1e6)).toBe("10⁶");
		expect(formatPower(2e-3)).toBe("2×10⁻³");
		expect(formatPower(1.3e12, 1)).toBe("1.3×10¹²");
		expect(superscript(-120)).toBe("⁻¹²⁰");
	});

	it.each([
		[0.4, "under a second"],
		[38, "38 s"],
		[240, "4 min"],
		[4800, "80 min"],
		[2 * 3600 + 59.9 * 60, "3 h"],
		[3 * 3600 + 20 * 60, "3 h 20 min"],
		[9 * 86400, "9 days"],
	])("times: %d s is %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

	it("estimates carry a real minus", () => {
		expect(formatEstimate(-0.126)).toBe("−0.13");
		expect(formatEstimate(0.0571)).toBe("0.057");
	});

	it.each([
		[0.5312, 0.48, 0.57, "0.53", "0.48 to 0.57"],
		[0.1372, 0.1361, 0.1383, "0.1372", "0.1361 to 0.1383"],
		[1.77, -0.91, 4.4, "1.77", "−0.91 to 4.40"],
	])("an interval's ends can be told apart: %d in [%d, %d]", (estimate, low, high, number, interval) => {
		expect(formatFit(estimate, low, high)).toEqual({ estimate: number, interval });
	});

	it("an estimate without an interval says so", () => {
		expect(formatFit(0.5, null, null)).toEqual({ estimate: "0.50", interval: null });
	});

	it("learning rates are written out", () => {
		expect(formatRate(0.005)).toBe("0.005");
		expect(formatRate(0.00032)).toBe("0.00032");
		expect(formatRate(1e-6)).toBe("1e-6");
	});
});
