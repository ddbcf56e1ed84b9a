/** How long the processor rests at most before the GPU is asked again whether it is done. Unit: ms. */
const NAP = 0.5;

/** Turns of the event loop that a wait begins with, without a nap: what a fast GPU does at once is seen at once. */
const TURNS_AWAKE = 8;

/** Nobody ever writes to it: waiting for that is a nap. */
const cell = new Int32Array(new SharedArrayBuffer(4));

let waits = 0;
let turnsAwake = 0;
let isTurning = false;

/**
 * Lets the main thread rest while it waits for a device. Dawn asks the GPU on every turn of the event loop, without a
 * pause, and so keeps a processor core busy: on an adapter that computes on the processor, one that is missing there.
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

/** The same method, with naps from turn to turn of the event loop until what it promises is settled. */
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

/** The loop does not keep the process alive: what is waited for does. */
function nextTurn(): void {
	isTurning = waits > 0;
	if (isTurning) setImmediate(turn).unref();
}

function turn(): void {
	if (waits > 0 && turnsAwake++ >= TURNS_AWAKE) Atomics.wait(cell, 0, 0, NAP);
	nextTurn();
}
