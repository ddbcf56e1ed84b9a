import muonCode from "../../shaders/muon.wgsl?raw";
import {
	type HiddenMatrix,
	NEWTON_SCHULZ_ITERATIONS,
	orthogonalScratch,
	orthogonalSides,
} from "../architecture/orthogonal.ts";
import type { Memory } from "../gpu/memory.ts";
import type { DispatchSpec } from "../gpu/program.ts";
import { StructArray, structLayout, structText } from "../gpu/struct-layout.ts";
import type { Ring, Tensor } from "../gpu/tensor.ts";
import { constantsHeader } from "./constants.ts";
import { OPTIMIZER_SHADER } from "./optimizer-structs.ts";

const shader = { file: "muon.wgsl", code: muonCode };

/** A workgroup has SIDE × SIDE invocations, each with a tile of 4 × 4 entries. */
const SIDE = 8;
const TILE = 4;

/** What the work on an entry costs besides products, in FLOP of an adapter's slowest operation that take as long. */
const ENTRY_COST = 64;

/** The matrices that Muon orthogonalizes, and its scratch memory; see muon.wgsl. */
export interface Orthogonalization {
	/** Those of each run, in the order of `blocks`. */
	matrices: readonly HiddenMatrix[];
	blocks: Tensor;
	wide: Tensor;
	/** Absent if workgroup memory holds it. */
	square?: Tensor;
}

/**
 * Allocates what Muon needs to orthogonalize `matrices` of each run.
 *
 * @param parameters the tensors that hold them, by name: views [runs, rows, columns] into the buffer of all parameters
 */
export function createOrthogonalization(
	memory: Memory,
	matrices: readonly HiddenMatrix[],
	parameters: ReadonlyMap<string, Tensor>,
	runs: number,
): Orthogonalization {
	const layout = structLayout(shader, "Block");
	const table = new StructArray(layout, Math.max(1, runs * matrices.length));
	const ofRun = orthogonalScratch(matrices);
	for (let run = 0; run < runs; run++) {
		let [wide, square] = [(run * ofRun.wide) / 4, (run * ofRun.square) / 4];
		for (const [i, matrix] of matrices.entries()) {
			const { name, rows, columns, firstColumn } = matrix;
			const { offset, runStride, shape } = parameters.get(name)!;
			table.set(run * matrices.length + i, {
				...{ first: offset / 4 + run * runStride + firstColumn, stride: shape[2]!, rows, columns, run },
				...{ wide, square, factor: 0.2 * Math.sqrt(Math.max(rows, columns)) },
			});
			const [long, short] = orthogonalSides(matrix);
			wide += (2 * long * short) / 4;
			if (ofRun.square > 0) square += (2 * short * short) / 4;
		}
	}
	const blocks = memory.tensor("blocks", [1, table.u32.length]);
	memory.write(blocks, table.u32);
	return {
		...{ matrices, blocks, wide: memory.tensor("wide", [1, Math.max(1, runs * ofRun.wide)]) },
		...(ofRun.square > 0 && { square: memory.tensor("square", [1, runs * ofRun.square]) }),
	};
}

/** Entries of a matrix in the table of blocks. */
export const blockEntries = () => structLayout(shader, "Block").bytes / 4;

/** The tensors of the optimizer that orthogonalization reads or writes; `v` receives the directions. */
interface MuonTensors {
	gradients: Tensor;
	hyper: Tensor | Ring;
	m: Tensor;
	v: Tensor;
}

/** Updates the momentum of hidden matrices, and leaves the direction in which each moves in `v`. */
export function orthogonalize(
	{ matrices, blocks, wide, square }: Orthogonalization,
	{ gradients, hyper, m, v }: MuonTensors,
	runs: number,
): DispatchSpec[] {
	if (matrices.length === 0) return [];
	const count = runs * matrices.length;
	const sides = matrices.map(orthogonalSides);
	const total = (cost: (sides: [number, number]) => number) =>
		runs * sides.map(cost).reduce((sum, each) => sum + each, 0);
	const [long, short] = [0, 1].map((side) => Math.max(...sides.map((each) => each[side]!))) as [number, number];
	const entries = ENTRY_COST * total(([long, short]) => long * short);
	const header = [
		structText(OPTIMIZER_SHADER, "Hyper"),
		constantsHeader({ SIDE, ITERATIONS: NEWTON_SCHULZ_ITERATIONS }),
		square
			? "@group(0) @binding(7) var<storage, read_write> square: array<vec4f>;"
			: `var<workgroup> square: array<vec4f, ${(2 * short * short) / 4}>;`,
	].join("\n");
	const dispatch = (
		entryPoint: string,
		bindings: DispatchSpec["bindings"],
		[x, y, z]: DispatchSpec["grid"],
		cost: number,
		iteration = 0,
	): DispatchSpec => ({
		kernel: { shader, entryPoint, header },
		bindings: { blocks, ...bindings },
		...{ sizes: { iteration }, grid: [x, y, z], cost },
	});
	const products = total(([long, short]) => 2 * short * short * long);
	const squares = total(([, short]) => 2 * short ** 3);
	const read = { hyper, gradients, m, wide };
	if (!square) {
		const cost = NEWTON_SCHULZ_ITERATIONS * (2 * products + squares) + 2 * entries;
		return [dispatch("whole", { ...read, v }, [count, 1, 1], cost)];
	}
	const vectors = Math.ceil(short / TILE / SIDE);
	const iterations = Array.from({ length: NEWTON_SCHULZ_ITERATIONS }, (_, i) => [
		dispatch("gram", { wide, square }, [vectors, vectors, count], products, i),
		dispatch("polynomial", { square }, [vectors, vectors, count], squares, i),
		dispatch("apply", { wide, square }, [vectors, Math.ceil(long / TILE / SIDE), count], products, i),
	]);
	return [
		dispatch("prepare", read, [count, 1, 1], entries),
		...iterations.flat(),
		dispatch("direction", { hyper, wide, v }, [vectors, Math.ceil(long / SIDE), count], entries),
	];
}
