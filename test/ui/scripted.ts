// The page with a lab that trains nothing, for looking at it: `npx vite`, then /test/ui/scripted.html?preset=reconcile
import "../../src/ui/app/page.css";
import "../../src/ui/app/isoflop-app.ts";
import type { IsoflopApp } from "../../src/ui/app/isoflop-app.ts";
import { startTheme } from "../../src/ui/app/theme.ts";
import { fakeLab } from "./fake-lab.ts";

startTheme();
const query = new URLSearchParams(location.search);
const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
const app = document.createElement("isoflop-app") as IsoflopApp;
app.lab = fakeLab({
	pause: number("pause") ?? 20,
	ticks: number("ticks"),
	stored: number("stored"),
	failAfter: number("failAfter"),
	divergeAt: number("divergeAt"),
});
app.preset = query.get("preset") ?? "minute";
document.body.append(app);
