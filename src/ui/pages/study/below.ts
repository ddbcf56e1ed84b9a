// What lies below the first screen of the study page, as one script that is loaded after it.
import "./forecast-panel.ts";
import "./kernel-panel.ts";
import "./methods-panel.ts";
import "./next-run-panel.ts";
import "./runs-panel.ts";
