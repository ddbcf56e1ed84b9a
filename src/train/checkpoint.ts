import * as v from "valibot";
import { readSafetensors, writeSafetensors } from "../data/safetensors.ts";
import { isSameAdapter } from "../gpu/adapter-name.ts";
import { checkVariants } from "../gpu/variants.ts";
import { TUNING_PROBLEMS } from "../kernels/tuning-problems.ts";
import { canonicalJson } from "../run/canonical-json.ts";
import type { RunResult, Stop } from "../run/run-result.ts";
import type { RunSpec } from "../run/run-spec.ts";
import { type RecordState, RunRecord } from "./run-record.ts";
import type { RunWeights } from "./weight-copier.ts";

/**
 * A run's state between two steps. On the same adapter and with the same kernels, a resumed run is bit-identical. Random
 * numbers and the position in the data are functions of the spec and the step, so they need no state.
 */
export interface Checkpoint {
	id: string;
	spec: RunSpec;
	adapter: string;
	/** As in `RunResult`. */
	variants: Readonly<Record<string, string>>;
	/** Completed optimizer steps. */
	step: number;
	record: RecordState;
	weights: RunWeights;
}

const FORMAT = "isoflop checkpoint 1";

/** Encodes a checkpoint as a safetensors file: weights and moments as tensors, the rest as JSON in the metadata. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
	const { id, spec, adapter, variants, step, record, weights } = checkpoint;
	return writeSafetensors(weights, {
		...{ format: FORMAT, id, adapter, step: String(step), spec: canonicalJson(spec) },
		...{ variants: JSON.stringify(variants), record: JSON.stringify(record) },
	});
}

const json = <Schema extends v.GenericSchema>(schema: Schema) => v.pipe(v.string(), v.parseJson(), schema);
const finite = v.pipe(v.number(), v.finite());
const whole = v.pipe(finite, v.integer(), v.minValue(0));
const losses = v.array(v.nullable(finite));
const measures = { loss: finite, gradientNorm: finite, updateRatio: finite };

const recordState: v.GenericSchema<unknown, RecordState> = v.strictObject({
	step: whole,
	divergedAt: v.nullable(whole),
	curve: v.strictObject({
		curve: v.strictObject({ tokens: v.array(finite), loss: v.array(finite) }),
		measurements: v.strictObject({
			gradientNorm: v.array(finite),
			updateRatio: v.array(finite),
			noiseScale: losses,
		}),
		...{ steps: whole, edge: whole, count: whole, tokens: finite, sums: v.strictObject(measures) },
	}),
	noise: v.strictObject({ signal: finite, noise: finite }),
	validation: v.strictObject({ steps: v.array(whole), loss: losses, lossOfAverage: losses }),
	final: v.nullable(v.strictObject({ losses, lossOfAverage: v.nullable(finite) })),
});

const metadata = v.object({
	format: v.literal(FORMAT),
	id: v.string(),
	adapter: v.string(),
	step: v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number)),
	// The spec needs no further checks: code that uses a checkpoint compares it with the planned spec.
	spec: json(v.custom<RunSpec>((value) => typeof value === "object" && value !== null)),
	variants: json(v.record(v.string(), v.string())),
	record: json(recordState),
});

/**
 * Decodes a checkpoint.
 *
 * @throws Error saying what is wrong if the file is incomplete or not a checkpoint
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
	const file = readSafetensors(bytes);
	const parsed = v.safeParse(metadata, file.metadata, { abortEarly: true });
	if (!parsed.success) {
		const [issue] = parsed.issues;
		const path = (issue.path ?? []).map((item) => String(item.key)).join(".");
		throw new Error(`checkpoint: metadata.${path} is invalid: ${issue.message}`);
	}
	const { format: _, ...rest } = parsed.output;
	return { ...rest, weights: file.tensors };
}

/**
 * Checks that a run on `adapter` can resume bit-identically from a checkpoint.
 *
 * @throws Error when the checkpoint is from another adapter or names a kernel variant that no longer exists
 */
export function checkUsable(checkpoint: Checkpoint, adapter: string): void {
	if (!isSameAdapter(checkpoint.adapter, adapter))
		throw new Error(`it was made on ${checkpoint.adapter}, this is ${adapter}; adapters round differently`);
	checkVariants(
		checkpoint.variants,
		TUNING_PROBLEMS.map(({ operation }) => operation),
	);
}

/** A checkpoint's parameters by name. */
export function parametersOf({ weights }: Checkpoint): Map<string, Float32Array> {
	const prefix = "parameters.";
	const own = [...weights].filter(([name]) => name.startsWith(prefix));
	return new Map(own.map(([name, { data }]) => [name.slice(prefix.length), data as Float32Array]));
}

/**
 * The result of a run that ends at its checkpoint, before its last step.
 *
 * @param stopped why it was stopped; absent if it diverged
 */
export function resultAt({ spec, id, adapter, variants, record }: Checkpoint, stopped?: Stop): RunResult {
	return new RunRecord({ id, spec }, record).result(adapter, variants, stopped);
}
