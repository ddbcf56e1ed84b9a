import type { Program } from "./program.ts";

/**
 * Milliseconds per replay of a program, for `times` replays in one pass, from the submit until the GPU reports completion.
 * With many replays the cost of the submit is negligible.
 */
export async function timeProgram(device: GPUDevice, program: Program, times: number): Promise<number> {
	const encoder = device.createCommandEncoder();
	const pass = encoder.beginComputePass();
	for (let i = 0; i < times; i++) program.encode(pass, { step: 0, microStep: 0 });
	pass.end();
	const commands = encoder.finish();
	const begin = performance.now();
	device.queue.submit([commands]);
	await device.queue.onSubmittedWorkDone();
	return (performance.now() - begin) / times;
}
