import type { Program } from "./program.ts";

/**
 * Milliseconds for `times` replays of a program in one pass, divided by `times`: from the submit until the GPU reports
 * that it is done. With many replays the cost of the submit hardly counts.
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
