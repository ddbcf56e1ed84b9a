import { expect, it } from "vitest";
import { pinchPart } from "../../../src/ui/charts/pinch.ts";

const box = { left: 0, bottom: 100, width: 100, height: 100 };

it("fingers that move apart ask for the part between them", () => {
	const part = pinchPart(
		[
			[40, 50],
			[60, 50],
		],
		[
			[30, 50],
			[70, 50],
		],
		box,
	);
	expect(part).toEqual({ x: [0.25, 0.75], y: [0.25, 0.75] });
});

it("what lies under the fingers stays under them", () => {
	const [before, after] = [
		[20, 10],
		[60, 90],
	].map(
		(shift) =>
			[
				[shift[0]!, shift[1]!],
				[shift[0]! + 20, shift[1]!],
			] as const,
	);
	const part = pinchPart(before!, after!, box);
	expect(part.x[1] - part.x[0]).toBeCloseTo(1);
	expect(part.x[0]).toBeCloseTo(-0.4);
	expect(part.y[0]).toBeCloseTo(0.8);
});

it("fingers that nearly touch do not zoom without end", () => {
	const { x } = pinchPart(
		[
			[50, 50],
			[50, 50],
		],
		[
			[0, 50],
			[100, 50],
		],
		box,
	);
	expect(x[1] - x[0]).toBeCloseTo(0.16);
});
