import * as Comlink from "comlink";
import { replay } from "./replay.ts";
import type { ReplayApi } from "./replay-protocol.ts";

Comlink.expose({ replay } satisfies ReplayApi);
