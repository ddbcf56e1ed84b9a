import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Keeps the screen on while there is work and the tab is shown. The browser releases the lock of a hidden tab by itself; one
 * that refuses it, as on a low battery, is not asked again until the tab is shown anew.
 */
export class WakeLock implements ReactiveController {
	private readonly hasWork: () => boolean;
	private lock: Promise<WakeLockSentinel | null> | null = null;

	constructor(host: ReactiveControllerHost, hasWork: () => boolean) {
		this.hasWork = hasWork;
		host.addController(this);
	}

	hostConnected(): void {
		document.addEventListener("visibilitychange", this.showOrHide);
	}

	hostDisconnected(): void {
		document.removeEventListener("visibilitychange", this.showOrHide);
		void this.release();
	}

	/** Asks for the lock or gives it back, by what there is to do now. */
	update(): void {
		if (!this.hasWork()) void this.release();
		else if (document.visibilityState === "visible")
			this.lock ??= navigator.wakeLock?.request("screen").catch(() => null) ?? null;
	}

	private readonly showOrHide = () => {
		if (document.visibilityState === "hidden") this.lock = null;
		this.update();
	};

	private async release(): Promise<void> {
		const lock = this.lock;
		this.lock = null;
		await (await lock)?.release();
	}
}
