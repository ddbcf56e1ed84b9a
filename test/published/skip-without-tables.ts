import { beforeEach } from "vitest";
import { missingTables } from "./tables.ts";

/** Runs in every file of this project: without the tables each of its tests is counted as skipped. */
const missing = missingTables();
if (missing) beforeEach(({ skip }) => skip(missing));
