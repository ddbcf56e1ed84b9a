// The page with a lab that trains nothing, for looking at it: `npx vite`, then /test/ui/scripted.html#/study?preset=reconcile
import "../../src/ui/app/page.css";
import { IsoflopApp } from "../../src/ui/app/isoflop-app.ts";
import { PAGES } from "../../src/ui/app/pages.ts";
import type { Page } from "../../src/ui/app/route.ts";
import { startTheme } from "../../src/ui/app/theme.ts";
import { fakeLab } from "./fake-lab.ts";

/** Pages for the tests of the shell: one that needs no GPU, one that does not load. */
const MORE_PAGES: Page[] = [
	{
		...{ path: "notes", title: "Notes", needsGpu: false, tag: "test-notes-page" },
		parameters: { chapter: { kind: "number", min: 1, max: 9 } },
		load: () => import("./notes-page.ts"),
	},
	{
		...{ path: "broken", title: "Broken", needsGpu: false, tag: "test-broken-page" },
		load: () => Promise.reject(new Error("the script says so")),
	},
];

startTheme();
const query = new URLSearchParams(location.search);
const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
const app = new IsoflopApp();
app.lab = fakeLab({
	pause: number("pause") ?? 20,
	ticks: number("ticks"),
	stored: number("stored"),
	failAfter: number("failAfter"),
	divergeAt: number("divergeAt"),
	room: number("room"),
	...(query.has("refusal") && { refusal: query.get("refusal") as "refused" | "silent" }),
	noAdapter: query.has("noAdapter"),
	...(query.has("flops") && { probed: { flopsPerSecond: number("flops")!, secondsPerDispatch: 8e-6 } }),
	...(query.has("slowProbe") && {
		probing: new Promise((resolve) => addEventListener("end-probe", resolve, { once: true })),
	}),
});
app.pages = query.has("pages") ? [PAGES[0], ...MORE_PAGES] : query.has("onePage") ? [PAGES[0]] : PAGES;
document.body.append(app);
