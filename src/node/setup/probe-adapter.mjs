// Prints the name of the adapter that Dawn finds; exit code 1 without one. A process of its own because the Vulkan
// loader reads its variables once, and so that a driver that crashes takes nothing else down.
import { writeSync } from "node:fs";
import { create } from "webgpu";

const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
if (adapter) writeSync(1, `${adapter.info.description || adapter.info.device || adapter.info.vendor || "unnamed"}\n`);
process.exit(adapter ? 0 : 1);
