import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { chooseNotifying, notifying, notifyOfEnd } from "../../../src/ui/app/end-notification.ts";

let shown: string[];
let answer: NotificationPermission;
let visibilityState: DocumentVisibilityState;
beforeEach(() => {
	[shown, answer, visibilityState] = [[], "granted", "hidden"];
	class Notice {
		static permission: NotificationPermission = "default";
		static async requestPermission() {
			Notice.permission = answer;
			return answer;
		}
		constructor(_: string, { body }: { body: string }) {
			shown.push(body);
		}
	}
	const kept = new Map<string, string>();
	vi.stubGlobal("Notification", Notice);
	vi.stubGlobal("localStorage", {
		getItem: (key: string) => kept.get(key) ?? null,
		setItem: (key: string, value: string) => kept.set(key, value),
		removeItem: (key: string) => kept.delete(key),
	});
	vi.stubGlobal("document", {
		get visibilityState() {
			return visibilityState;
		},
	});
});
afterEach(() => vi.unstubAllGlobals());

it("says that training has ended, where it was asked for and nobody looks", async () => {
	notifyOfEnd("nobody asked");
	await chooseNotifying(true);
	expect(notifying()).toBe("on");
	visibilityState = "visible";
	notifyOfEnd("somebody looks");
	visibilityState = "hidden";
	notifyOfEnd("All done: 12 of 12 runs finished and stored.");
	await chooseNotifying(false);
	notifyOfEnd("not any more");
	expect(shown).toEqual(["All done: 12 of 12 runs finished and stored."]);
});

it("does without where the browser forbids it or has none", async () => {
	answer = "denied";
	await chooseNotifying(true);
	expect(notifying()).toBe("denied");
	notifyOfEnd("forbidden");
	vi.stubGlobal("Notification", undefined);
	expect(notifying()).toBe("impossible");
	notifyOfEnd("impossible");
	expect(shown).toEqual([]);
});
