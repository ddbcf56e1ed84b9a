import { expect, test } from "vitest";
import { studyJsonSchema } from "../../src/study/study-json-schema.ts";
import { fieldBounds, studySchema } from "../../src/study/study-schema.ts";
import { isoflop } from "../node/isoflop.ts";

type Json = Record<string, unknown>;
const schema = studyJsonSchema() as unknown as { properties: Record<string, Json>; required: string[] } & Json;

test("every key of a study is there, with its bounds and its rule in words; others are not allowed", () => {
	expect(schema).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#", additionalProperties: false });
	expect(Object.keys(schema.properties)).toEqual(["$schema", ...Object.keys(studySchema.entries)]);
	expect(schema.required).toEqual([
		...["name", "corpora", "vocabularies", "context", "sizes", "learningRates", "batchSequences"],
	]);
	const { min, max } = fieldBounds("context")!;
	expect(schema.properties.context).toEqual({
		...{ type: "integer", minimum: min, maximum: max, description: "a whole number from 1 to 1,024" },
	});
	expect(schema.properties.seeds).toMatchObject({ type: "array", minItems: 1, default: [1] });
	const { properties: schedule } = (schema.properties.schedules as { items: { properties: Record<string, Json> } })
		.items;
	expect(schedule.tail).toMatchObject({
		...{ type: "object", required: ["afterShare"], additionalProperties: false },
		description: expect.stringContaining("the share of the trunk's steps after which the rate falls"),
	});
	expect(schema.properties.optimizer).toMatchObject({ default: "adamw", enum: expect.arrayContaining(["muon"]) });
});

test("what may be a plain value or an object has both forms", () => {
	const { anyOf: corpus } = schema.properties.corpora!.items as { anyOf: Json[] };
	expect(corpus).toMatchObject([{ type: "string" }, { type: "object", required: ["mix"] }]);
	const { anyOf: batch } = schema.properties.batchSequences!.items as { anyOf: Json[] };
	expect(batch).toMatchObject([{ type: "integer" }, { type: "object", required: ["coefficient", "exponent"] }]);
});

test("what it refers to is in it", () => {
	const names = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name!);
	expect(names.length).toBeGreaterThan(0);
	for (const name of names) expect((schema.$defs as Json)[name], name).toMatchObject({ type: expect.any(String) });
});

test("isoflop schema prints it", async () => {
	const { code, json, said } = await isoflop("schema");
	expect({ code, json, said }).toEqual({ code: 0, json: [JSON.parse(JSON.stringify(schema))], said: [] });
});
