import * as Comlink from "comlink";
import { labDatabase } from "./lab-database.ts";
import { storedRuns } from "./runs.ts";

Comlink.expose(storedRuns(labDatabase()));
