import type { LabApi } from "../../worker/protocol.ts";
import type { LabState } from "./lab-state.ts";

type KernelsApi = Pick<LabApi, "tuning" | "retune" | "forgetTuning">;

/** Asks which variants of the kernels this adapter uses, has them measured anew, and forgotten. */
export class KernelTuning {
	private readonly lab: KernelsApi;
	private readonly deliver: (change: Partial<LabState>) => void;

	constructor(lab: KernelsApi, deliver: (change: Partial<LabState>) => void) {
		this.lab = lab;
		this.deliver = deliver;
	}

	async read(): Promise<void> {
		this.deliver({ tuning: (await this.lab.tuning()) ?? null });
	}

	async measure(): Promise<void> {
		this.deliver({ measuring: true, announcement: "Measuring the kernels." });
		try {
			this.deliver({ tuning: await this.lab.retune(), announcement: "The kernels are measured." });
		} finally {
			this.deliver({ measuring: false });
		}
	}

	async forget(): Promise<void> {
		await this.lab.forgetTuning();
		this.deliver({ tuning: null, announcement: "Forgotten: the kernels are measured again at the next Run." });
	}
}
