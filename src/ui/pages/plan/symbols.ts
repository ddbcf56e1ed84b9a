import { html } from "lit";

// Formulas of the page as HTML, each with its source in its calculator.

export const N = html`<i>N</i>`;
export const D = html`<i>D</i>`;
export const C = html`<i>C</i>`;
export const BEST_N = html`<i>N</i>*`;
export const BEST_D = html`<i>D</i>*`;
export const BEST_L = html`<i>L</i>*`;
export const D_INF = html`<i>D</i><sub>inf</sub>`;
export const B_CRIT = html`<i>B</i><sub>crit</sub>`;
export const S_MIN = html`<i>S</i><sub>min</sub>`;
export const E_MIN = html`<i>E</i><sub>min</sub>`;

/** E + A·N^−α + B·D^−β */
export const LOSS_LAW = html`<i>E</i> + <i>A</i>·<i>N</i><sup>−<i>α</i></sup> + <i>B</i>·<i>D</i><sup>−<i>β</i></sup>`;
