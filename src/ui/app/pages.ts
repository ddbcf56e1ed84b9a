import { presets } from "../../experiments/experiments.ts";
import type { Page } from "./route.ts";

/** The pages of the lab, in the order of the navigation. The first is where an address without a path leads. */
export const PAGES: readonly [Page, ...Page[]] = [
	{
		path: "study",
		title: "Study",
		needsGpu: true,
		parameters: { preset: { kind: "choice", values: presets.map(({ id }) => id) } },
		load: () => import("../pages/study/study-page.ts"),
		tag: "isoflop-study-page",
	},
];
