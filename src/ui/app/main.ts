import "./page.css";
import { connectLab } from "./connect-lab.ts";
import { IsoflopApp } from "./isoflop-app.ts";
import { keepForOffline } from "./offline.ts";
import { PAGES } from "./pages.ts";
import { startTheme } from "./theme.ts";

startTheme();
const app = new IsoflopApp();
app.lab = connectLab();
app.pages = PAGES;
document.body.replaceChildren(app);
keepForOffline();
