import type { ParameterShape } from "../architecture/parameter-shape.ts";
import { fromStored, parameterShapes, toStored } from "../architecture/parameters.ts";
import type { SafeTensor } from "../data/safetensors.ts";
import { writeTensor } from "../gpu/memory.ts";
import { entriesPerRun, type Tensor } from "../gpu/tensor.ts";
import type { Pack } from "./pack.ts";

/** One run's tensors in a checkpoint, named `<group>.<tensor>`: parameters, moments and, if kept, averaged parameters. */
export type RunWeights = Map<string, SafeTensor>;

/** The weights of all runs of a pack at one step. */
export interface CopiedWeights {
	ofRun(run: number): RunWeights;
}

/** The tensors of a pack that persist from step to step, by group. */
function groupsOf({ state, averages }: Pack): Record<string, Map<string, Tensor>> {
	return { parameters: state.parameters, ...state.moments, ...(averages && { ema: averages }) };
}

/** Copies a pack's weights while it trains: on the GPU into staging buffers, and from there to the host. */
export class WeightCopier {
	/** Size of one copy in bytes. */
	readonly bytes: number;
	/** Each group's buffer, its staging buffer, and the position of its bytes in the host's copy. */
	private readonly parts: {
		group: string;
		buffer: GPUBuffer;
		staging: GPUBuffer;
		offset: number;
		tensors: Tensor[];
	}[];

	private readonly parameters: Map<string, ParameterShape>;

	constructor(pack: Pack) {
		this.parameters = new Map(parameterShapes(pack.shape.model).map((parameter) => [parameter.name, parameter]));
		let offset = 0;
		this.parts = Object.entries(groupsOf(pack)).map(([group, views]) => {
			const tensors = [...views.values()];
			const { buffer } = tensors[0]!;
			// MAP_READ | COPY_DST
			const staging = pack.memory.buffer(`saved ${group}`, buffer.size, 0x01 | 0x08);
			const part = { group, buffer, staging, offset, tensors };
			offset += buffer.size;
			return part;
		});
		this.bytes = offset;
	}

	encode(encoder: GPUCommandEncoder): void {
		for (const { buffer, staging } of this.parts) encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
	}

	/** Resolves when the last copy can be read. */
	map(): Promise<unknown> {
		return Promise.all(this.parts.map(({ staging }) => staging.mapAsync(0x01)));
	}

	read(): CopiedWeights {
		const all = new ArrayBuffer(this.bytes);
		for (const { staging, offset } of this.parts) {
			new Uint8Array(all, offset).set(new Uint8Array(staging.getMappedRange()));
			staging.unmap();
		}
		const tensorOf = (run: number, at: number, { name, shape, offset, runStride }: Tensor): SafeTensor => {
			const begin = at + offset + run * runStride * 4;
			const parameter = this.parameters.get(name)!;
			const data = fromStored(parameter, new Float32Array(all, begin, entriesPerRun(shape)));
			return { dtype: "F32", shape: [...parameter.shape], data };
		};
		return {
			ofRun: (run) =>
				new Map(
					this.parts.flatMap(({ group, offset, tensors }) =>
						tensors.map((tensor) => [`${group}.${tensor.name}`, tensorOf(run, offset, tensor)] as const),
					),
				),
		};
	}
}

/**
 * Restores a run's weights.
 *
 * @param divergedAt the step at which the run was frozen, if it was
 * @throws RangeError naming a tensor that is missing or has another shape
 */
export function restoreWeights(pack: Pack, run: number, weights: RunWeights, divergedAt: number | null): void {
	const { device } = pack.gpu;
	for (const [group, views] of Object.entries(groupsOf(pack)))
		for (const parameter of parameterShapes(pack.shape.model)) {
			const { name, shape } = parameter;
			const saved = weights.get(`${group}.${name}`);
			if (saved?.dtype !== "F32" || saved.shape.join() !== shape.join())
				throw new RangeError(
					`checkpoint: ${group}.${name} is ${saved ? `${saved.dtype} [${saved.shape}]` : "missing"}; ` +
						`it must be F32 [${shape}]`,
				);
			writeTensor(device, views.get(name)!, run, toStored(parameter, saved.data as Float32Array));
		}
	device.queue.writeBuffer(pack.frozen.buffer, pack.frozen.offset + run * 4, Float32Array.of(divergedAt ?? 0));
}
