/** What an adapter says of itself; browsers leave most of it empty. */
type Info = Pick<GPUAdapterInfo, "vendor" | "architecture" | "device" | "description">;

/**
 * The name of an adapter, in records and for what is kept of it: vendor, architecture and device, then its description, which
 * on some systems names the driver only: "nvidia hopper nvidia-h100 (NVIDIA: 550.54)".
 */
export function adapterName({ vendor, architecture, device, description }: Info): string {
	const card = [vendor, architecture, device].filter(Boolean).join(" ");
	if (!card || !description) return card || description || "unnamed adapter";
	return `${card} (${description})`;
}

/** Whether `recorded` means the adapter of this name: records were once named by the description alone. */
export function isSameAdapter(recorded: string, name: string): boolean {
	return recorded === name || (recorded !== "" && name.endsWith(` (${recorded})`));
}
