import type { ShaderFile } from "../gpu/shader.ts";
import { constantsHeader } from "./constants.ts";

/** A kernel whose subgroups share their reads. An invocation owns `rows` rows of a product. */
export interface Broadcast {
	/** 4 times a power of two, like `subgroup`. */
	rows: number;
	/** Number of invocations that share their reads. Subgroups may be larger: what their further members read is not used. */
	subgroup: number;
	/** A multiple of `subgroup`. */
	workgroup: number;
}

/** Rows per invocation for a matrix of `features` rows: as few as needed, at most the variant's. */
export function rowsFor({ rows, subgroup }: Omit<Broadcast, "workgroup">, features: number): number {
	let fewer = rows;
	while (fewer / 2 >= Math.max(8, features) && fewer > Math.min(rows, subgroup)) fewer /= 2;
	return fewer;
}

const ENABLE = `enable subgroups;
fn subgroup_member() -> u32 { return subgroupExclusiveAdd(1u); }`;

/**
 * WGSL for sharing within a subgroup: `subgroup_member()`, an invocation's index in its subgroup, and
 * `broadcast_from(value, member)`, the value in the invocation with index `member`.
 */
export function subgroupHeader(subgroup: number): string {
	if (subgroup === 4) return ENABLE;
	return `${ENABLE}\nfn broadcast_from(value: f32, member: u32) -> f32 { return subgroupShuffle(value, member); }`;
}

/**
 * Adapts a file to subgroups of this size. In subgroups of four, `broadcast_from` becomes WGSL's quad broadcast, which needs a
 * constant index and is several times as fast as a shuffle on software adapters.
 */
export function forSubgroups({ file, code }: ShaderFile, subgroup: number): ShaderFile {
	return { file, code: subgroup === 4 ? code.replaceAll(/\bbroadcast_from\(/g, "quadBroadcast(") : code };
}

/** WGSL header for kernels whose subgroups share their reads; see linear-broadcast.wgsl. */
export function broadcastHeader({ rows, subgroup }: Omit<Broadcast, "workgroup">): string {
	const quads = rows / 4;
	const constants = {
		...{ SUBGROUP: subgroup, ROWS: rows, ROW_QUADS: quads },
		...{ LOADS: Math.max(1, quads / subgroup), TURNS: Math.max(1, subgroup / quads) },
		...{ SHARES: Math.max(1, rows / subgroup), FOUR: 4 },
	};
	// Adapters with subgroups of four keep indexed variables in memory, so loops over a sum's terms are unrolled further there;
	// on others that much code would not fit into the instruction cache. unroll.ts skips loops whose bound is a sum.
	const [depth, rounds] = subgroup === 4 ? ["4u", "4u"] : ["1u", "2u + 2u"];
	return [
		subgroupHeader(subgroup),
		constantsHeader(constants),
		`const DEPTH = ${depth};\nconst ROUNDS = ${rounds};`,
	].join("\n");
}
