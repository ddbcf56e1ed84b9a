import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Has the browser ask before the tab is closed or reloaded while there is something to lose. */
export class LeaveGuard implements ReactiveController {
	private readonly hasWork: () => boolean;

	constructor(host: ReactiveControllerHost, hasWork: () => boolean) {
		this.hasWork = hasWork;
		host.addController(this);
	}

	hostConnected(): void {
		addEventListener("beforeunload", this.ask);
	}

	hostDisconnected(): void {
		removeEventListener("beforeunload", this.ask);
	}

	private readonly ask = (event: BeforeUnloadEvent) => {
		if (this.hasWork()) event.preventDefault();
	};
}
