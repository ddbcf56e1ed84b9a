import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { restWhileWaiting } from "../../../src/node/device/rest-while-waiting.ts";

const nap = vi.spyOn(Atomics, "wait");
const naps = () => nap.mock.calls.length;

beforeEach(() => {
	nap.mockClear();
});
afterEach(async () => {
	// A wait that a test left behind would let the next one rest.
	nap.mockClear();
	await turns(20);
	expect(naps()).toBe(0);
});

/** Turns of the event loop. */
async function turns(count: number): Promise<void> {
	for (let i = 0; i < count; i++) await new Promise((done) => setImmediate(done));
}

/** A device that is done when the test says so. */
function slowDevice() {
	const waits: { done(): void; fail(reason: Error): void }[] = [];
	const wait = () => new Promise<undefined>((done, fail) => waits.push({ done: () => done(undefined), fail }));
	const device = {
		queue: { onSubmittedWorkDone: wait },
		createBuffer: () => ({ mapAsync: wait }),
	} as unknown as GPUDevice;
	restWhileWaiting(device);
	return { device, waits };
}

const descriptor = {} as GPUBufferDescriptor;

test.each<[string, (device: GPUDevice) => Promise<unknown>]>([
	["work", ({ queue }) => queue.onSubmittedWorkDone()],
	["a mapped buffer", (device) => device.createBuffer(descriptor).mapAsync(1)],
])("while it waits for %s, every turn of the event loop but the first ones is a nap", async (_, wait) => {
	const { device, waits } = slowDevice();
	const promise = wait(device);
	await turns(8);
	expect(naps()).toBe(0);
	await turns(20);
	expect(naps()).toBeGreaterThanOrEqual(19);
	waits[0]!.done();
	expect(await promise).toBeUndefined();
});

test("the turns of a wait are few: they do not keep a core busy", async () => {
	const { device, waits } = slowDevice();
	let isOver = false;
	const begin = performance.now();
	setTimeout(() => waits[0]!.done(), 100);
	device.queue.onSubmittedWorkDone().then(() => {
		isOver = true;
	});
	let count = 0;
	for (; !isOver; count++) await turns(1);
	expect(count).toBeLessThan(20 + (performance.now() - begin) / 0.4);
});

test("a failure comes through, and nothing rests after it", async () => {
	const { device, waits } = slowDevice();
	const mapped = device.createBuffer(descriptor).mapAsync(1);
	await turns(12);
	expect(naps()).toBeGreaterThan(0);
	waits[0]!.fail(new Error("the device was lost"));
	await expect(mapped).rejects.toThrow("the device was lost");
});

test("several waits take one nap a turn, until the last of them is over", async () => {
	const { device, waits } = slowDevice();
	const promises = [1, 2, 3].map(() => device.queue.onSubmittedWorkDone());
	await turns(30);
	expect(naps()).toBeLessThanOrEqual(30);
	for (const { done } of waits.slice(1)) done();
	await Promise.all(promises.slice(1));
	nap.mockClear();
	await turns(8);
	expect(naps()).toBe(0);
	await turns(20);
	expect(naps()).toBeGreaterThan(0);
	waits[0]!.done();
	await promises[0];
});
