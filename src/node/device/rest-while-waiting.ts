/** Longest pause between two polls of the GPU. Unit: ms. */
const PAUSE = 0.5;

/** Turns of the event loop before the first pause, so that short waits stay short. */
const TURNS_AWAKE = 8;

/** Never notified, so that waiting on it pauses the thread. */
const neverNotified = new Int32Array(new SharedArrayBuffer(4));

let waits = 0;
let turnsAwake = 0;
let isTurning = false;

/**
 * Pauses the main thread while it waits for a software adapter's device. Dawn polls the GPU on every turn of the event loop
 * and so keeps a CPU core busy, which such an adapter needs for computing.
 */
export function restWhileWaiting(device: GPUDevice): void {
	const { queue } = device;
	queue.onSubmittedWorkDone = resting(queue.onSubmittedWorkDone.bind(queue));
	const createBuffer = device.createBuffer.bind(device);
	device.createBuffer = (descriptor) => {
		const buffer = createBuffer(descriptor);
		buffer.mapAsync = resting(buffer.mapAsync.bind(buffer));
		return buffer;
	};
}

/** Wraps a method so that turns of the event loop include a pause until its promise settles. */
function resting<Args extends unknown[], Result>(
	method: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
	const settled = () => {
		waits--;
		turnsAwake = 0;
	};
	return (...args) => {
		const promise = method(...args);
		waits++;
		turnsAwake = 0;
		promise.then(settled, settled);
		if (!isTurning) nextTurn();
		return promise;
	};
}

/** Unreferenced, so that only the pending work keeps the process alive. */
function nextTurn(): void {
	isTurning = waits > 0;
	if (isTurning) setImmediate(turn).unref();
}

function turn(): void {
	if (waits > 0 && turnsAwake++ >= TURNS_AWAKE) Atomics.wait(neverNotified, 0, 0, PAUSE);
	nextTurn();
}
