import { dataConstrained } from "./data-constrained.ts";
import { kaplan } from "./kaplan.ts";
import { method1 } from "./method-1.ts";
import { method2 } from "./method-2.ts";
import { method3 } from "./method-3.ts";
import { rosenfeld } from "./rosenfeld.ts";

/** Every method, in the order of fitting and display. To add a method, write one file here and list it. */
export const METHODS = [method1, method2, method3, kaplan, rosenfeld, dataConstrained] as const;

type Method = (typeof METHODS)[number];

/** A method's name on the command line. */
export type MethodId = Method["id"];

export const METHOD_IDS: readonly MethodId[] = METHODS.map(({ id }) => id);

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
	? All
	: never;

/** The reports of all methods, keyed by name in JSON. */
export type MethodReports = Intersection<ReturnType<Method["fit"]>>;
