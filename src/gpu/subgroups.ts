/** Sizes of an adapter's subgroups, in invocations: powers of two. */
export interface SubgroupSizes {
	/** Both are 0 if kernels cannot use subgroups. A driver may choose any size between them for each kernel. */
	min: number;
	max: number;
	/** Whether a kernel can ask for one of them: WebGPU's subgroup-size-control. */
	controlled: boolean;
}

/** What of an adapter or device decides its sizes; browsers older than the two numbers do not have them. */
type Info = Partial<Pick<GPUAdapterInfo, "vendor" | "subgroupMinSize" | "subgroupMaxSize">>;

/** The size of Apple's subgroups. Their drivers do not say it, and browsers report 4 to 64. */
const APPLE = 32;

/** The sizes that kernels have on an adapter or device with these features. */
export function subgroupSizes(info: Info, features: Pick<GPUSupportedFeatures, "has">): SubgroupSizes {
	const controlled = features.has("subgroup-size-control");
	if (!features.has("subgroups") || !info.subgroupMinSize) return { min: 0, max: 0, controlled: false };
	if (info.vendor === "apple") return { min: APPLE, max: APPLE, controlled };
	return { min: info.subgroupMinSize, max: info.subgroupMaxSize ?? info.subgroupMinSize, controlled };
}

/**
 * The size that a kernel for subgroups of at least `least` invocations must ask for; undefined if every size that the driver
 * may choose is large enough. A kernel that cannot ask for it may be wrong.
 */
export function requiredSize({ min, max, controlled }: SubgroupSizes, least: number): number | undefined {
	return controlled && min < least && least <= max ? least : undefined;
}

/** Asks for subgroups of `size` invocations in an entry point of a WGSL file. Its workgroups hold a multiple of them. */
export function withSubgroupSize(code: string, entryPoint: string, size: number): string {
	const entry = new RegExp(`@compute(?=[^;{}]*\\bfn ${entryPoint}\\()`);
	return `enable subgroup_size_control;\n${code.replace(entry, `@compute @subgroup_size(${size})`)}`;
}
