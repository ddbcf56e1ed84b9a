// Firefox looks for finished GPU work every 100 ms, and whenever something is submitted.

/** Milliseconds between two looks, and how far off one may be. */
const STEP = 100;
const TOLERANCE = 12;

/** The most steps that are told from work that takes as long. */
const MOST_STEPS = 3;

/** Milliseconds between two nudges: a submit of nothing, at which finished work is seen. */
const NUDGE = 4;

/** Two ends of work this close, in milliseconds, were seen at one look. */
const TOGETHER = 3;

/** Devices that see the end of work late. */
const late = new WeakSet<GPUDevice>();

/** Whether a device is known to see the end of work late, so that waits for it are nudged. */
export function isLate(device: GPUDevice): boolean {
	return late.has(device);
}

/** Waits for the end of submitted work, and nudges a device that would see it late. */
export async function endOfWork<Result>(device: GPUDevice, done: Promise<Result>): Promise<Result> {
	if (!late.has(device)) return done;
	const nudges = setInterval(() => device.queue.submit([]), NUDGE);
	try {
		return await done;
	} finally {
		clearInterval(nudges);
	}
}

/** Submits commands and waits until the GPU has finished them. */
export async function submitAndWait(device: GPUDevice, commands: GPUCommandBuffer): Promise<void> {
	device.queue.submit([commands]);
	await endOfWork(device, device.queue.onSubmittedWorkDone());
}

/** Finds out, by three submits of next to nothing, whether a device sees the end of work late. */
export async function probeCompletions(device: GPUDevice): Promise<void> {
	if (late.has(device)) return;
	// COPY_DST
	const buffer = device.createBuffer({ size: 4, usage: 0x08 });
	const waits: number[] = [];
	for (let i = 0; i < 3; i++) {
		const encoder = device.createCommandEncoder();
		encoder.clearBuffer(buffer);
		const commands = encoder.finish();
		const begin = performance.now();
		device.queue.submit([commands]);
		await device.queue.onSubmittedWorkDone();
		waits.push(performance.now() - begin);
	}
	buffer.destroy();
	// The first wait may begin anywhere between two looks, the others begin after one. Nothing else takes half as long.
	if (waits.slice(1).every((wait) => wait > STEP / 2)) late.add(device);
}

/** Tells by the times between ends of work whether a device sees them late, and which of these times say how long work took. */
export class CompletionWatch {
	/** Steps in a row, not counting work that was seen at the same look. */
	private steps = 0;
	/** The time before: the first one began anywhere between two looks. */
	private before: "none" | "step" | "true" = "none";

	constructor(private readonly device: GPUDevice) {}

	/**
	 * Takes the milliseconds since the last end of work. After two steps the device is known to be late.
	 *
	 * @param nudged whether it was known to be late when the wait began: then the times are true
	 * @returns whether they are the time that the work took
	 */
	isTrue(milliseconds: number, nudged: boolean): boolean {
		if (nudged) return true;
		const { before } = this;
		if (before === "none" || isStep(milliseconds)) {
			this.before = "step";
			if (before !== "none" && ++this.steps >= 2) late.add(this.device);
			return false;
		}
		this.before = "true";
		if (before === "step" && milliseconds < TOGETHER) return false;
		this.steps = 0;
		return true;
	}
}

/** Whether a time is one step or a few. */
function isStep(milliseconds: number): boolean {
	const steps = Math.round(milliseconds / STEP);
	return steps >= 1 && steps <= MOST_STEPS && Math.abs(milliseconds - steps * STEP) <= TOLERANCE;
}
