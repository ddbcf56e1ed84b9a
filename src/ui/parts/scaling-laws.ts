import { html } from "lit";

/** A law of a study's analysis, by its name there. */
export type ScalingLaw = "allocation" | "tokens" | "lossNoOffset" | "lossWithOffset";

/** The laws in the order of the table's columns; `plain` names one in sentences. */
export const SCALING_LAWS: readonly { law: ScalingLaw; label: string; formula: unknown; plain: string }[] = [
	{
		law: "allocation",
		label: "Best size",
		formula: html`<i>N</i>* ∝ <i>C</i><sup> <i>a</i></sup>`,
		plain: "best size",
	},
	{
		law: "tokens",
		label: "Best tokens",
		formula: html`<i>D</i>* ∝ <i>C</i><sup> <i>b</i></sup>`,
		plain: "best tokens",
	},
	{
		law: "lossNoOffset",
		label: "Loss",
		formula: html`<i>L</i>* ∝ <i>C</i><sup> −<i>γ</i></sup>`,
		plain: "loss without offset",
	},
	{
		law: "lossWithOffset",
		label: "Loss above a floor",
		formula: html`<i>L</i>* − <i>E</i> ∝ <i>C</i><sup> −<i>γ</i></sup>`,
		plain: "loss with offset",
	},
];
