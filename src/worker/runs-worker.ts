import * as Comlink from "comlink";
import { storedRuns } from "./runs.ts";

Comlink.expose(storedRuns());
