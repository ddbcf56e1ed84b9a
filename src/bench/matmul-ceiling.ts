import type { Gpu } from "../gpu/device.ts";
import { Memory } from "../gpu/memory.ts";
import { Program } from "../gpu/program.ts";
import { timeProgram } from "../gpu/timing.ts";
import { worthMeasuring } from "../gpu/variants.ts";
import { linear } from "../kernels/linear.ts";
import { LINEAR_FORWARD } from "../kernels/linear-variants.ts";

/** Sides of the three square matrices: products of the small ones cannot fill a large GPU. */
const SIDES = [512, 1024, 2048, 4096];

/** Measurements of one variant at the first side, and at each larger one. */
const REPEATS = 7;
const LARGER_REPEATS = 3;

/** Minimum duration of one submit's products, long enough to make the cost of noticing its end negligible. */
const SUBMIT_MILLISECONDS = 10;
const CLOCKED_SUBMIT_MILLISECONDS = 40;

/** Milliseconds of products after which no larger ones are begun. */
const LIMIT = 500;

/** A variant this many times as slow as the fastest is not measured at larger sides. */
const HOPELESS = 2;

/** The fastest 32-bit matrix product of an adapter, and the variant of `linear` that achieves it. */
export interface MatmulCeiling {
	variant: string;
	/** The matrices are `side` × `side`. */
	side: number;
	/** 10⁹ FLOP/s */
	gflops: number;
}

/**
 * Measures the variants of the matrix product, all of them at the first of `sides` and the fast ones at the others, as far as
 * `limit` milliseconds of products allow.
 */
export async function measureMatmul(gpu: Gpu, { sides = SIDES, limit = LIMIT } = {}): Promise<MatmulCeiling> {
	let best: MatmulCeiling = { variant: "", side: 0, gflops: 0 };
	let variants = worthMeasuring(LINEAR_FORWARD, gpu.subgroups, gpu.software);
	let spent = 0;
	for (const [i, side] of sides.entries()) {
		const measured = await measureSide(gpu, side, variants, i === 0 ? REPEATS : LARGER_REPEATS);
		spent += measured.spent;
		for (const [variant, milliseconds] of measured.times) {
			const gflops = (2 * side ** 3) / milliseconds / 1e6;
			if (gflops > best.gflops) best = { variant, side, gflops };
		}
		const growth = ((sides[i + 1] ?? side) / side) ** 3;
		variants = worthEnlarging(measured.times, growth, limit - spent);
		if (variants.length === 0) break;
	}
	return best;
}

/**
 * The variants to measure at a larger side, where their arithmetic grows by a factor: the fast ones, or the fastest alone, or
 * none, by what fits into the milliseconds that are left.
 */
export function worthEnlarging(times: ReadonlyMap<string, number>, growth: number, left: number): string[] {
	const [fastest, ...others] = [...times].sort(([, a], [, b]) => a - b);
	if (!fastest) return [];
	const fast = [fastest, ...others.filter(([, time]) => time < HOPELESS * fastest[1])];
	const cost = (of: [string, number][]) =>
		of.reduce((sum, [, time]) => sum + LARGER_REPEATS * Math.max(SUBMIT_MILLISECONDS, growth * time), 0);
	const fitting = [fast, [fastest]].find((some) => cost(some) <= left) ?? [];
	return fitting.map(([variant]) => variant);
}

/** Milliseconds of one product by each variant, and of all products together. */
async function measureSide({ device, software }: Gpu, side: number, variants: readonly string[], repeats: number) {
	const memory = new Memory(device);
	const isClocked = !software && !device.features.has("timestamp-query");
	const submit = isClocked ? CLOCKED_SUBMIT_MILLISECONDS : SUBMIT_MILLISECONDS;
	const times = new Map<string, number>();
	let spent = 0;
	try {
		const tensor = (name: string) => memory.tensor(name, [1, side, side]);
		const tensors = { x: tensor("x"), w: tensor("w"), y: tensor("y") };
		for (const variant of variants) {
			const program = await Program.build(device, memory, [linear(tensors, { [LINEAR_FORWARD.name]: variant })]);
			let milliseconds = Number.POSITIVE_INFINITY;
			for (let repeat = 0; repeat < repeats; repeat++) {
				const replays = Math.max(1, Math.ceil(submit / milliseconds));
				const each = await timeProgram(device, program, replays);
				milliseconds = Math.min(milliseconds, each);
				spent += replays * each;
			}
			times.set(variant, milliseconds);
		}
		return { times, spent };
	} finally {
		memory.destroy();
	}
}
