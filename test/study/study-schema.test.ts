import { expect, test } from "vitest";
import { StudyError } from "../../src/study/study-error.ts";
import { fieldBounds, studySchema } from "../../src/study/study-schema.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { studyWith } from "./fixtures.ts";

const LISTS = ["uniqueTokens", "vocabularies", "learningRates", "seeds", "steps", "tokens", "flops", "batchSequences"];
const keys = Object.keys(studySchema.entries) as (keyof typeof studySchema.entries)[];

test("numbers have bounds, and so do lists of numbers", () => {
	expect(fieldBounds("context")).toEqual({ min: 1, max: 1024 });
	expect(fieldBounds("ema")).toEqual({ min: 0, max: 0.999999 });
	expect(fieldBounds("learningRates")).toEqual({ min: 1e-8, max: 10 });
	expect(fieldBounds("sizes")).toBeUndefined();
	expect(fieldBounds("name")).toBeUndefined();
});

test("the bounds are those that the schema enforces", () => {
	const bounded = keys.filter((key) => fieldBounds(key));
	expect(bounded.length).toBeGreaterThan(15);
	for (const key of bounded) {
		const isList = LISTS.includes(key);
		const errorAt = (value: number) => {
			try {
				validateStudy({ ...studyWith({}), [key]: isList ? [value] : value });
			} catch (error) {
				return error as StudyError;
			}
			return null;
		};
		const path = isList ? [key, 0] : [key];
		const { min, max } = fieldBounds(key)!;
		const outside = /it must be a (whole )?number from/;
		for (const value of [min - 1, max * 1.01 + 1]) {
			expect(errorAt(value), `${key} = ${value}`).toBeInstanceOf(StudyError);
			expect(errorAt(value)!.path).toEqual(path);
			expect(errorAt(value)!.message).toMatch(/it must be a (whole )?number from/);
		}
		// Other rules may forbid a bound in this study, its own does not.
		for (const value of [min, max]) expect(errorAt(value)?.message ?? "", `${key} = ${value}`).not.toMatch(outside);
	}
});
