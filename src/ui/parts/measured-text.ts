import type { MeasuredKernels } from "../state/device.ts";

/** How far the kernels are measured before the first training on a GPU. */
export function measuredText({ done, total }: MeasuredKernels): string {
	return `Measuring this GPU's kernels: ${done} of ${total}`;
}
