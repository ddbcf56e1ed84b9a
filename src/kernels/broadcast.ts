import type { ShaderFile } from "../gpu/shader.ts";
import { constantsHeader } from "./constants.ts";

/** A kernel whose subgroups hand each other what they read: an invocation owns `rows` rows of a product. */
export interface Broadcast {
	/** 4, or a multiple of it by a power of two; so is `subgroup`. */
	rows: number;
	/** Invocations that share what they read. A subgroup may be larger. */
	subgroup: number;
	/** A multiple of every subgroup that the variant is for. */
	workgroup: number;
}

/** Rows of an invocation where a matrix has only so many: as few as hold them, or the variant's. */
export function rowsFor({ rows, subgroup }: Omit<Broadcast, "workgroup">, features: number): number {
	let fewer = rows;
	while (fewer / 2 >= Math.max(8, features) && fewer > Math.min(rows, subgroup)) fewer /= 2;
	return fewer;
}

const ENABLE = `enable subgroups;
fn subgroup_member() -> u32 { return subgroupExclusiveAdd(1u); }`;

/** WGSL of a kernel that shares: an invocation's place in its subgroup, and what the invocation in place `giver` has. */
export function subgroupHeader(subgroup: number): string {
	if (subgroup === 4) return ENABLE;
	return `${ENABLE}\nfn broadcast_from(value: f32, giver: u32) -> f32 { return subgroupShuffle(value, giver); }`;
}

/**
 * The file as subgroups of this size run it: of four, `hand` is the built-in function for quads, which wants its giver to be
 * a constant and is several times as fast as a shuffle where the processor computes.
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
	// Where an adapter keeps its variables in memory, as those with subgroups of four do, more turns of the loop over a sum's
	// terms are written out; elsewhere so much code would not stay in a processor's cache. unroll.ts leaves a sum alone.
	const [depth, rounds] = subgroup === 4 ? ["4u", "4u"] : ["1u", "2u + 2u"];
	return [
		subgroupHeader(subgroup),
		constantsHeader(constants),
		`const DEPTH = ${depth};\nconst ROUNDS = ${rounds};`,
	].join("\n");
}
