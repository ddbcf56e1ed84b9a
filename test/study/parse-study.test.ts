import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonErrorPosition } from "../../src/study/json-error.ts";
import { parseStudy } from "../../src/study/parse-study.ts";
import { StudyError } from "../../src/study/study-error.ts";
import { validateStudy } from "../../src/study/validate-study.ts";
import { errorOf, studyDocument } from "./fixtures.ts";

const messageOf = (act: () => unknown) => errorOf(act).message;

describe("text that is not JSON", () => {
	test.each([
		["", "line 1, column 1: the text ends too early"],
		["{\n  name: 1\n}", 'line 2, column 3: unexpected "name: 1"'],
		['{"name": "x",\n}', 'line 2, column 1: unexpected "}"'],
		['{"a": [1, 2', "line 1, column 12: the text ends too early"],
		['{"a": 1} x', 'line 1, column 10: unexpected "x"'],
		["[1 2]", 'line 1, column 4: unexpected "2]"'],
		['{"a": 01}', 'line 1, column 8: unexpected "1}"'],
		['{"a" 1}', 'line 1, column 6: unexpected "1}"'],
	])("%j", (text, message) => {
		expect(messageOf(() => parseStudy(text))).toBe(`study: not valid JSON at ${message}`);
	});

	test("a byte order mark is no error", () => {
		expect(parseStudy(`\uFEFF${JSON.stringify(studyDocument())}`).name).toBe("a study");
	});

	test("the schema that an editor checks it by is accepted, and left out", () => {
		const { name, ...rest } = studyDocument();
		const text = JSON.stringify({ $schema: "./study.schema.json", name, ...rest });
		expect(parseStudy(text)).toEqual(parseStudy(JSON.stringify(studyDocument())));
		expect(messageOf(() => parseStudy(JSON.stringify({ ...rest, name, $schema: 7 })))).toBe(
			'study: "$schema" is 7; it must be an address or a path',
		);
	});

	test("a text of a million characters and more is refused unread", () => {
		expect(messageOf(() => parseStudy(" ".repeat(1_000_001)))).toMatch(/1,000,001 characters/);
	});
});

describe("whatever is done to a study, it is read or refused in one line", { timeout: 60_000 }, () => {
	const readOrRefuse = (act: () => unknown) => {
		try {
			act();
		} catch (error) {
			expect(error).toBeInstanceOf(StudyError);
			expect((error as Error).message).toMatch(/^study: [^\n\r\u2028\u2029]{1,600}$/u);
		}
	};
	const text = JSON.stringify(studyDocument());

	test("a value replaced, anywhere", () => {
		const places = [...text.matchAll(/"\w+":|[[,]/g)].map((match) => match.index + match[0].length);
		fc.assert(
			fc.property(fc.constantFrom(...places), fc.json({ maxDepth: 2 }), (place, value) => {
				const end = /^(?:"[^"]*"|-?[\d.]+|[[{])/.exec(text.slice(place))?.[0].length ?? 0;
				readOrRefuse(() => parseStudy(text.slice(0, place) + value + text.slice(place + end)));
			}),
			{ numRuns: 1000 },
		);
	});

	test("a field set to any value at all", () => {
		const keys = Object.keys(studyDocument()) as (keyof ReturnType<typeof studyDocument>)[];
		fc.assert(
			fc.property(
				fc.constantFrom(...keys, "steps", "tokens", "__proto__", "constructor"),
				fc.anything({ withBigInt: true, withSparseArray: true, withNullPrototype: true, withDate: true }),
				(key, value) => {
					const study = studyDocument();
					Object.defineProperty(study, key, { value, enumerable: true, configurable: true, writable: true });
					readOrRefuse(() => validateStudy(study));
				},
			),
			{ numRuns: 1000 },
		);
	});

	test("characters cut, added or changed", () => {
		fc.assert(
			fc.property(fc.nat(text.length), fc.nat(4), fc.string({ unit: "binary", maxLength: 3 }), (at, cut, added) => {
				readOrRefuse(() => parseStudy(text.slice(0, at) + added + text.slice(at + cut)));
			}),
			{ numRuns: 1000 },
		);
	});
});

test("the place of an error is the one JSON.parse fails for, and none is found in valid JSON", {
	timeout: 60_000,
}, () => {
	fc.assert(
		fc.property(fc.json(), fc.nat(40), fc.nat(2), fc.string({ maxLength: 2 }), (json, at, cut, added) => {
			const text = json.slice(0, at) + added + json.slice(at + cut);
			let valid = true;
			try {
				JSON.parse(text);
			} catch {
				valid = false;
			}
			expect(jsonErrorPosition(text) === null).toBe(valid);
		}),
		{ numRuns: 3000 },
	);
});
