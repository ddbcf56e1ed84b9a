import { presets } from "../../experiments/experiments.ts";
import { THEORY_PARAMETERS } from "../pages/theory/theory-parameters.ts";
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
	{
		path: "theory",
		title: "Theory",
		needsGpu: false,
		parameters: THEORY_PARAMETERS,
		load: () => import("../pages/theory/theory-page.ts"),
		tag: "isoflop-theory-page",
	},
];
