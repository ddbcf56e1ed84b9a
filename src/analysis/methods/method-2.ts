import { estimatesOf } from "../fitting/fit.ts";
import { fitMethod2, type Method2 } from "../method2/method2.ts";
import { lossLawOf, METHOD_3 } from "../parametric-laws/method3.ts";
import { defineMethod } from "./fit-method.ts";
import { scalingLawReading } from "./scaling-law-reading.ts";

/** Method 2 with parabolas, and its two variants with other curves. */
export interface Method2Report extends Method2 {
	variants: { akima: Method2; noise: Method2 };
}

export const method2 = defineMethod({
	id: "2",
	title: "Method 2: minima of the loss at each of several budgets",
	needs: "two or more budgets of compute, each with four or more sizes",
	fit({ prepared, leftOut, curveScatter, fitLaw }, options): { method2: Method2Report } {
		const law = fitLaw(METHOD_3);
		const { alpha, beta } = lossLawOf(estimatesOf(law));
		const exponents = law.estimate === null ? undefined : { alpha, beta };
		const all = [...leftOut, ...prepared.outside];
		const scatter = prepared.cuts && curveScatter ? { scatter: curveScatter } : {};
		const by = (variant: "parabola" | "akima" | "noise") =>
			fitMethod2(prepared.slices, { ...options, variant, exponents, ...scatter }, all);
		return { method2: { ...by("parabola"), variants: { akima: by("akima"), noise: by("noise") } } };
	},
	readings({ method2 }) {
		if (!method2) return [];
		const { akima, noise } = method2.variants;
		return [
			scalingLawReading("Method 2, parabola", method2, {
				title: "Method 2",
				fits: [method2.allocation, method2.lossWithOffset],
			}),
			scalingLawReading("Method 2, Akima", akima, { title: "Method 2, Akima", fits: [akima.allocation] }),
			scalingLawReading("Method 2, noise-and-interpolate", noise, {
				title: "Method 2, noise",
				fits: [noise.allocation],
			}),
		];
	},
});
