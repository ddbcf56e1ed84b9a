import fc from "fast-check";
import { expect, test } from "vitest";
import { HEIGHT, placeUnder, toPixels } from "../../src/ui/pages/anneal/curve-frame.ts";

const scale = { top: 0.004, peak: 0.003 };

test("a run fills the plot's width inside its margins, and the upper edge is the rate of the scale", () => {
	expect(toPixels([0, 0], 300, scale)).toEqual([16, HEIGHT - 8]);
	expect(toPixels([1, 4 / 3], 300, scale)).toEqual([284, 12]);
});

test("the place under a pixel is the one that was drawn there", () => {
	const share = fc.double({ min: 0, max: 1, noNaN: true });
	fc.assert(
		fc.property(share, share, fc.integer({ min: 120, max: 900 }), (x, y, width) => {
			const [left, top] = toPixels([x, y], width, scale);
			const box = { left: 7, top: 11, width, height: HEIGHT };
			const place = placeUnder({ clientX: left + box.left, clientY: top + box.top }, box, scale);
			expect(place[0]).toBeCloseTo(x, 9);
			expect(place[1]).toBeCloseTo(y, 9);
		}),
	);
});
