// npm runs this after `npm ci`: the corpora and the command line, so that `npx isoflop` works at once.
import { buildCommandLine } from "./command-line.mjs";
import { buildCorpora } from "./corpora.mjs";
import { root } from "./run.mjs";

await buildCorpora(root);
// A failure is no reason to fail the installation: `npx isoflop` builds again and shows the messages.
buildCommandLine();
