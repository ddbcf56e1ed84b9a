import type { ShaderFile } from "../gpu/shader.ts";
import { constantsHeader } from "./constants.ts";

/** A kernel whose subgroups share what they read: an invocation owns `rows` rows of a product. */
export interface Broadcast {
	/** 4, or a multiple of it by a power of two; so is `subgroup`. */
	rows: number;
	/** Invocations that share what they read. A subgroup may be larger. */
	subgroup: number;
	/** A multiple of every subgroup that the variant is for. */
	workgroup: number;
}

/** Rows of an invocation for a matrix of `features` rows: as few as hold them, at most the variant's. */
export function rowsFor({ rows, subgroup }: Omit<Broadcast, "workgroup">, features: number): number {
	let fewer = rows;
	while (fewer / 2 >= Math.max(8, features) && fewer > Math.min(rows, subgroup)) fewer /= 2;
	return fewer;
}

const ENABLE = `enable subgroups;
fn subgroup_member() -> u32 { return subgroupExclusiveAdd(1u); }`;

/**
 * WGSL of a kernel whose subgroups share: `subgroup_member()`, an invocation's place in its subgroup, and
 * `broadcast_from(value, member)`, the value that the invocation in place `member` has.
 */
export function subgroupHeader(subgroup: number): string {
	if (subgroup === 4) return ENABLE;
	return `${ENABLE}\nfn broadcast_from(value: f32, member: u32) -> f32 { return subgroupShuffle(value, member); }`;
}

/**
 * A file for subgroups of this size. In subgroups of four, `broadcast_from` becomes WGSL's function for quads, which needs a
 * constant member and is several times as fast as a shuffle on software adapters.
 */
export function forSubgroups({ file, code }: ShaderFile, subgroup: number): ShaderFile {
	return { file, code: subgroup === 4 ? code.replaceAll(/\bbroadcast_from\(/g, "quadBroadcast(") : code };
}

/** WGSL in front of such a kernel; see linear-broadcast.wgsl. */
export function broadcastHeader({ rows, subgroup }: Omit<Broadcast, "workgroup">): string {
	const quads = rows / 4;
	const constants = {
		...{ SUBGROUP: subgroup, ROWS: rows, ROW_QUADS: quads },
		...{ LOADS: Math.max(1, quads / subgroup), TURNS: Math.max(1, subgroup / quads) },
		...{ SHARES: Math.max(1, rows / subgroup), FOUR: 4 },
	};
	// Adapters with subgroups of four keep variables in memory, so loops over a sum's terms are unrolled further there; on
	// others that much code would not fit a processor's cache. unroll.ts leaves a loop alone whose bound is a sum.
	const [depth, rounds] = subgroup === 4 ? ["4u", "4u"] : ["1u", "2u + 2u"];
	return [
		subgroupHeader(subgroup),
		constantsHeader(constants),
		`const DEPTH = ${depth};\nconst ROUNDS = ${rounds};`,
	].join("\n");
}
