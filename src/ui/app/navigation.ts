import type { ReactiveController, ReactiveControllerHost } from "lit";
import { formatRoute, type Page, parseRoute, type Route, type RouteParameters } from "./route.ts";

/** Follows the page's address: links, the browser's back and forward, and what is typed. */
export class Navigation implements ReactiveController {
	private readonly host: ReactiveControllerHost;
	private pages: readonly [Page, ...Page[]] | null = null;
	private current: Route = { page: null, parameters: {} };

	constructor(host: ReactiveControllerHost) {
		this.host = host;
		host.addController(this);
	}

	get route(): Route {
		return this.current;
	}

	/** Begins with the present address. */
	start(pages: readonly [Page, ...Page[]]): void {
		this.pages = pages;
		this.read();
	}

	/** Changes the parameters in the address, without an entry in the history. */
	replaceParameters(parameters: RouteParameters): void {
		const { page } = this.current;
		if (!page) return;
		this.current = { page, parameters };
		history.replaceState(null, "", formatRoute(page, parameters));
	}

	hostConnected(): void {
		addEventListener("hashchange", this.read);
	}

	hostDisconnected(): void {
		removeEventListener("hashchange", this.read);
	}

	private readonly read = () => {
		if (!this.pages) return;
		this.current = parseRoute(location.hash, this.pages);
		const { page, parameters } = this.current;
		// What the page does not take, and the old form `#preset=…`, does not stay in the address.
		if (page && location.hash !== "") history.replaceState(null, "", formatRoute(page, parameters));
		this.host.requestUpdate();
	};
}
