import { localMemory } from "../parts/local-memory.ts";

const STORAGE_KEY = "isoflop-notify";

/** Whether the system may tell that training has ended: it does or does not, or the browser forbids it. */
export type Notifying = "on" | "off" | "denied" | "impossible";

/** What the visitor has chosen, and the browser allows. */
export function notifying(): Notifying {
	if (typeof Notification === "undefined") return "impossible";
	if (Notification.permission === "denied") return "denied";
	return Notification.permission === "granted" && localMemory.getItem(STORAGE_KEY) === "on" ? "on" : "off";
}

/** Switches notifications on, asking the browser for leave where that was not done before, or off. */
export async function chooseNotifying(on: boolean): Promise<void> {
	if (on && Notification.permission === "default") await Notification.requestPermission();
	if (on) localMemory.setItem(STORAGE_KEY, "on");
	else localMemory.removeItem(STORAGE_KEY);
}

/** Has the system say that training has ended and how, if that was asked for and the tab is hidden. */
export function notifyOfEnd(text: string): void {
	if (notifying() !== "on" || document.visibilityState === "visible") return;
	const notification = new Notification("isoflop", { body: text, icon: "icon.svg", tag: "training" });
	notification.onclick = () => {
		window.focus();
		notification.close();
	};
}
