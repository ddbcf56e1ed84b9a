// Prints the name of the adapter that Dawn finds; exit code 1 without one. Runs in a separate process because the Vulkan
// loader reads its variables only once, and because a driver may crash.
import { writeSync } from "node:fs";
import { create } from "webgpu";

const adapter = await create([]).requestAdapter({ powerPreference: "high-performance" });
if (adapter) {
	const { vendor, architecture, device, description } = adapter.info;
	writeSync(1, `${[vendor, architecture, device, description].filter(Boolean).join(" ") || "unnamed"}\n`);
}
process.exit(adapter ? 0 : 1);
