/** Keeps the built page for visits without a network, once it has been loaded. Browsers that refuse do without. */
export function keepForOffline(): void {
	if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
	addEventListener("load", () => navigator.serviceWorker.register("sw.js").catch(() => {}), { once: true });
}
