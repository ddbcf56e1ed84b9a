// What lies below the first screen of the study page or is folded in it, as one script that is loaded after it.
import "./forecast-panel.ts";
import "./kernel-panel.ts";
import "./methods-panel.ts";
import "./next-run-panel.ts";
import "./runs-panel.ts";
import "./study-editor.ts";
