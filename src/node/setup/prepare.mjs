// npm runs this after `npm ci`: builds the corpora and the command line, so that `npx isoflop` starts at once.
import "./check-node.mjs";
import { buildCommandLine } from "./command-line.mjs";
import { buildCorpora } from "./corpora.mjs";
import { root } from "./run.mjs";

await buildCorpora(root);
// A failed build does not fail the installation: `npx isoflop` builds again and shows the messages.
buildCommandLine();
