import { presets } from "../../experiments/experiments.ts";
import { LESSON_IDS } from "../../lessons/lesson-ids.ts";
import { LINK_LIMITS } from "../../study/packed-text.ts";
import { ADVICE_BOUNDS } from "../../theory/advice-bounds.ts";
import { THEORY_PARAMETERS } from "../pages/theory/theory-parameters.ts";
import type { Page, ParameterRule } from "./route.ts";

const number = (bounds: { min: number; max: number }): ParameterRule => ({ kind: "number", ...bounds });

const choice = (values: readonly string[]): ParameterRule => ({ kind: "choice", values });

/** The pages of the lab, in the order of the navigation. The first is where an address without a path leads. */
export const PAGES: readonly [Page, ...Page[]] = [
	{
		path: "study",
		title: "Study",
		needsGpu: true,
		parameters: {
			preset: choice(presets.map(({ id }) => id)),
			study: { kind: "text", longest: LINK_LIMITS.packed },
		},
		load: () => import("../pages/study/study-page.ts"),
		tag: "isoflop-study-page",
	},
	{
		path: "anneal",
		title: "Anneal",
		needsGpu: true,
		parameters: { comparison: { kind: "text", longest: LINK_LIMITS.packed } },
		load: () => import("../pages/anneal/anneal-page.ts"),
		tag: "isoflop-anneal-page",
	},
	{
		path: "runs",
		title: "Runs",
		needsGpu: false,
		load: () => import("../pages/runs/runs-page.ts"),
		tag: "isoflop-runs-page",
	},
	{
		path: "replay",
		title: "Replay",
		needsGpu: false,
		load: () => import("../pages/replay/replay-page.ts"),
		tag: "isoflop-replay-page",
	},
	{
		path: "theory",
		title: "Theory",
		needsGpu: false,
		parameters: THEORY_PARAMETERS,
		load: () => import("../pages/theory/theory-page.ts"),
		tag: "isoflop-theory-page",
	},
	{
		path: "plan",
		title: "Plan",
		needsGpu: false,
		parameters: {
			flops: number(ADVICE_BOUNDS.flops),
			parameters: number(ADVICE_BOUNDS.parameters),
			inferenceTokens: number(ADVICE_BOUNDS.inferenceTokens),
			batch: number(ADVICE_BOUNDS.batch),
			criticalBatch: number(ADVICE_BOUNDS.criticalBatch),
		},
		load: () => import("../pages/plan/plan-page.ts"),
		tag: "isoflop-plan-page",
	},
	{
		path: "learn",
		title: "Learn",
		needsGpu: false,
		parameters: { lesson: choice(LESSON_IDS), present: choice(["on"]) },
		load: () => import("../pages/learn/learn-page.ts"),
		tag: "isoflop-learn-page",
	},
];
