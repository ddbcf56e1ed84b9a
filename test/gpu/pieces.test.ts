import fc from "fast-check";
import { expect, test } from "vitest";
import { cutGrid, type Grid } from "../../src/gpu/pieces.ts";

const side = fc.integer({ min: 1, max: 9 });
const grids = fc.tuple(side, side, side);

test("pieces hold every workgroup once, and no more arithmetic than they may, or one workgroup", () => {
	fc.assert(
		fc.property(
			grids,
			fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
			fc.integer({ min: 1, max: 3000 }),
			(grid, workgroup, most) => {
				const [x, y, z] = grid;
				const flops = workgroup * x * y * z;
				const held = new Array<number>(x * y * z).fill(0);
				let sum = 0;
				for (const piece of cutGrid(grid, flops, most)) {
					const workgroups = piece.grid[0] * piece.grid[1] * piece.grid[2];
					expect(piece.flops).toBeLessThanOrEqual(workgroups === 1 ? Number.POSITIVE_INFINITY : most * (1 + 1e-12));
					sum += piece.flops;
					for (let k = 0; k < piece.grid[2]; k++)
						for (let j = 0; j < piece.grid[1]; j++)
							for (let i = 0; i < piece.grid[0]; i++)
								held[((piece.origin[2] + k) * y + piece.origin[1] + j) * x + piece.origin[0] + i]!++;
				}
				expect(held.every((times) => times === 1)).toBe(true);
				expect(sum / flops).toBeCloseTo(1, 9);
			},
		),
	);
});

test("a grid is cut along the runs first, and no finer than asked for", () => {
	const cut = (grid: Grid, most: number) =>
		cutGrid(grid, grid[0] * grid[1] * grid[2], most).map((piece) => `${piece.origin}: ${piece.grid}`);
	expect(cut([4, 3, 4], 24)).toEqual(["0,0,0: 4,3,2", "0,0,2: 4,3,2"]);
	expect(cut([4, 3, 2], 8)).toEqual(["0,0,0: 4,1,1", "0,1,0: 4,2,1", "0,0,1: 4,1,1", "0,1,1: 4,2,1"]);
	expect(cut([5, 1, 1], 3)).toEqual(["0,0,0: 2,1,1", "2,0,0: 3,1,1"]);
});

test("what does no arithmetic, or may do any, stays whole", () => {
	const whole = { origin: [0, 0, 0], grid: [70, 8, 3] };
	expect(cutGrid([70, 8, 3], 0, 1)).toEqual([{ ...whole, flops: 0 }]);
	expect(cutGrid([70, 8, 3], 1680, Number.POSITIVE_INFINITY)).toEqual([{ ...whole, flops: 1680 }]);
});
