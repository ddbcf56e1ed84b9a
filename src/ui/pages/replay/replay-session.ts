import type {
	ReplayApi,
	ReplayFit,
	ReplayRefusal,
	ReplayRequest,
	ReplaySource,
	ReplayStage,
} from "../../../worker/replay-protocol.ts";

/** A replay worker: what it can be asked, and its end. A request rejects when the worker fails. */
export interface ReplayConnection extends ReplayApi {
	end(): void;
}

export interface ReplayState {
	/** What the controls show: what was asked last of the measurements that are shown. */
	readonly request: ReplayRequest | null;
	/** The last that could be fitted. */
	readonly shown: { readonly request: ReplayRequest; readonly fit: ReplayFit } | null;
	/** Other measurements that were not taken; another mapping may change that. */
	readonly refused: { readonly request: ReplayRequest; readonly refusal: ReplayRefusal } | null;
	/** Why `shown` is still that of an earlier request. */
	readonly problem: string;
	/** What is under way. */
	readonly stage: ReplayStage | null;
}

const DEFAULTS = { mapping: {}, experiment: null, conventions: {}, resamples: 1000, holdOut: null } as const;

/**
 * Measurements and their fits, one request at a time: a newer one ends what is under way. What cannot be taken changes nothing that
 * is shown.
 */
export class ReplaySession {
	state: ReplayState = { request: null, shown: null, refused: null, problem: "", stage: null };
	private readonly connect: () => ReplayConnection;
	private readonly listeners = new Set<() => void>();
	private connection: ReplayConnection | null = null;
	private turn = 0;

	constructor(connect: () => ReplayConnection) {
		this.connect = connect;
	}

	/** Calls back after each change, until the returned function is called. */
	subscribe(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/** Other measurements, read by their own names; how many resamples are drawn, and what is set aside, stays. */
	async begin(source: ReplaySource): Promise<void> {
		const { resamples, holdOut } = this.state.request ?? DEFAULTS;
		await this.try({ ...DEFAULTS, resamples, holdOut, source });
	}

	/** Reads the refused measurements in another way. */
	async retry(mapping: ReplayRequest["mapping"]): Promise<void> {
		const { refused } = this.state;
		if (refused) await this.try({ ...refused.request, mapping });
	}

	/** Forgets the refused measurements. */
	dismiss(): void {
		this.set({ refused: null });
	}

	/** Reads or fits the measurements that are shown in another way. */
	async change(changes: Partial<ReplayRequest>): Promise<void> {
		if (!this.state.request) return;
		const request = { ...this.state.request, ...changes };
		this.set({ request });
		const answer = await this.ask(request);
		if (answer?.kind === "fitted") this.set({ shown: { request, fit: answer }, problem: "", stage: null });
		else if (answer) this.set({ problem: answer.message, stage: null });
	}

	/** Ends what is under way; the controls return to what is shown. */
	cancel(): void {
		this.stop();
		this.set({ request: this.state.shown?.request ?? null, stage: null, problem: "" });
	}

	private async try(request: ReplayRequest): Promise<void> {
		// What was being changed and is not shown is given up for the new measurements.
		this.set({ request: this.state.shown?.request ?? null, problem: "" });
		const answer = await this.ask(request);
		if (answer?.kind === "fitted")
			this.set({ request, shown: { request, fit: answer }, refused: null, problem: "", stage: null });
		else if (answer) this.set({ refused: { request, refusal: answer }, stage: null });
	}

	/** The answer, or null when a newer request or `cancel` came before it. */
	private async ask(request: ReplayRequest): Promise<ReplayFit | ReplayRefusal | null> {
		if (this.state.stage) this.stop();
		const turn = ++this.turn;
		this.set({ stage: { kind: "reading" } });
		this.connection ??= this.connect();
		try {
			const answer = await this.connection.replay(request, (stage) => {
				if (turn === this.turn) this.set({ stage });
			});
			return turn === this.turn ? answer : null;
		} catch (error) {
			if (turn !== this.turn) return null;
			this.stop();
			return { kind: "refused", message: (error as Error).message, table: null };
		}
	}

	private stop(): void {
		this.turn++;
		this.connection?.end();
		this.connection = null;
	}

	private set(changes: Partial<ReplayState>): void {
		this.state = { ...this.state, ...changes };
		for (const listener of this.listeners) listener();
	}
}
