import "./page.css";
import { presets } from "../../study/presets.ts";
import type { IsoflopApp } from "./isoflop-app.ts";
import { connectLab } from "./lab.ts";
import { presetOfHash } from "./location-hash.ts";
import { findWebGpuProblem, type NoWebGpu } from "./no-webgpu.ts";
import { startTheme } from "./theme.ts";

/** What a first visit shows: done within a lesson, with a result. */
const FIRST_PRESET = "minute";

startTheme();
const lab = connectLab();
const problem = await findWebGpuProblem(() => lab.adapter());
if (problem) {
	const page: NoWebGpu = document.createElement("isoflop-no-webgpu") as NoWebGpu;
	page.problem = problem;
	document.body.replaceChildren(page);
} else {
	await import("./isoflop-app.ts");
	const app = document.createElement("isoflop-app") as IsoflopApp;
	app.lab = lab;
	const ids = presets.map(({ id }) => id);
	app.preset = presetOfHash(location.hash, ids) ?? FIRST_PRESET;
	document.body.replaceChildren(app);
	addEventListener("hashchange", () => {
		const asked = presetOfHash(location.hash, ids);
		if (asked) void app.pickPreset(asked);
	});
}
