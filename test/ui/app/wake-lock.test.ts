import type { ReactiveController, ReactiveControllerHost } from "lit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WakeLock } from "../../../src/ui/app/wake-lock.ts";

let listeners: (() => void)[];
let taken: number;
let released: number;
let visibilityState: DocumentVisibilityState;
let refuse: boolean;
beforeEach(() => {
	[listeners, taken, released, visibilityState, refuse] = [[], 0, 0, "visible", false];
	vi.stubGlobal("document", {
		get visibilityState() {
			return visibilityState;
		},
		addEventListener: (_: string, listener: () => void) => listeners.push(listener),
		removeEventListener: (_: string, listener: () => void) => {
			listeners = listeners.filter((each) => each !== listener);
		},
	});
	vi.stubGlobal("navigator", {
		wakeLock: {
			async request() {
				if (refuse) throw new Error("the battery is low");
				taken++;
				return { release: async () => void released++ };
			},
		},
	});
});
afterEach(() => vi.unstubAllGlobals());

const settled = () => new Promise((resolve) => setTimeout(resolve));

function lockFor(work: { is: boolean }) {
	const host = { addController: (controller: ReactiveController) => controller.hostConnected?.() };
	return new WakeLock(host as unknown as ReactiveControllerHost, () => work.is);
}

it("holds the lock from the first work to the last, once", async () => {
	const work = { is: false };
	const lock = lockFor(work);
	lock.update();
	expect(taken).toBe(0);
	work.is = true;
	for (let i = 0; i < 5; i++) lock.update();
	await settled();
	expect([taken, released]).toEqual([1, 0]);
	work.is = false;
	lock.update();
	lock.update();
	await settled();
	expect([taken, released]).toEqual([1, 1]);
});

it("takes it again when the tab is shown again, and not while it is hidden", async () => {
	const lock = lockFor({ is: true });
	lock.update();
	visibilityState = "hidden";
	for (const listener of listeners) listener();
	lock.update();
	await settled();
	expect(taken).toBe(1);
	visibilityState = "visible";
	for (const listener of listeners) listener();
	await settled();
	expect(taken).toBe(2);
});

it("does without where the browser has none or refuses", async () => {
	refuse = true;
	const lock = lockFor({ is: true });
	for (let i = 0; i < 3; i++) lock.update();
	await settled();
	lock.hostDisconnected();
	vi.stubGlobal("navigator", {});
	lockFor({ is: true }).update();
	await settled();
	expect([taken, released, listeners.length]).toEqual([0, 0, 1]);
});
