import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Theme } from "../../figures/palette.ts";
import { localMemory } from "../parts/local-memory.ts";

const STORAGE_KEY = "isoflop-theme";
const changes = new EventTarget();
const system = matchMedia("(prefers-color-scheme: dark)");

/** The theme chosen on this page, or null while it follows the system. */
function chosenTheme(): Theme | null {
	const stored = localMemory.getItem(STORAGE_KEY);
	return stored === "light" || stored === "dark" ? stored : null;
}

/** The theme in use. */
function currentTheme(): Theme {
	return chosenTheme() ?? (system.matches ? "dark" : "light");
}

/** Sets the theme. Choosing the system's theme goes back to following the system. */
export function chooseTheme(theme: Theme): void {
	if (theme === (system.matches ? "dark" : "light")) localMemory.removeItem(STORAGE_KEY);
	else localMemory.setItem(STORAGE_KEY, theme);
	applyTheme();
}

/** Sets the theme's class on the document, now and whenever the system's theme changes. */
export function startTheme(): void {
	system.addEventListener("change", applyTheme);
	applyTheme();
}

function applyTheme(): void {
	const theme = currentTheme();
	document.documentElement.classList.toggle("wa-dark", theme === "dark");
	document.documentElement.classList.toggle("wa-light", theme === "light");
	changes.dispatchEvent(new Event("change"));
}

/** Redraws its host when the theme changes: canvases do not follow CSS by themselves. */
export class ThemeController implements ReactiveController {
	dark = currentTheme() === "dark";

	private readonly host: ReactiveControllerHost;

	constructor(host: ReactiveControllerHost) {
		this.host = host;
		host.addController(this);
	}

	private readonly update = () => {
		this.dark = currentTheme() === "dark";
		this.host.requestUpdate();
	};

	hostConnected(): void {
		changes.addEventListener("change", this.update);
		this.update();
	}

	hostDisconnected(): void {
		changes.removeEventListener("change", this.update);
	}
}
