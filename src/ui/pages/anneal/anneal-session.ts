import type { Fit } from "../../../analysis/fitting/fit.ts";
import { ratesOf } from "../../../experiments/anneal/card-handles.ts";
import { cardNames } from "../../../experiments/anneal/card-names.ts";
import { type Card, CONTEXT, type Comparison, trunkStepsOf } from "../../../experiments/anneal/comparison.ts";
import { unpackComparison } from "../../../experiments/anneal/comparison-link.ts";
import { expectedCurve, scheduledCurves, type TrainedSchedule } from "../../../experiments/anneal/expected-loss.ts";
import { readComparison } from "../../../experiments/anneal/read-comparison.ts";
import type { ExpectedCurve } from "../../../experiments/anneal/schedule-view.ts";
import { FIRST } from "../../../experiments/anneal/starts.ts";
import { studyOf } from "../../../experiments/anneal/study-of-comparison.ts";
import { canonicalJson } from "../../../run/canonical-json.ts";
import type { Moment, StudyEvent } from "../../../run/events.ts";
import { FORK_SHARES } from "../../../study/moments.ts";
import type { Plan } from "../../../study/plan.ts";
import { initialProgress, plannedProgress, reduceProgress, type StudyProgress } from "../../../study/progress.ts";
import { problemOf, type StudyProblem } from "../../../study/study-error.ts";
import type { TrainingPhase } from "../../parts/training-bar.ts";
import type { GuestEffects } from "../../state/guest-effects.ts";
import type { LinkContent } from "../../state/link-effects.ts";
import { type Beginning, beginningsOf, cardKey, curvesOf, keptShares } from "./planned-cards.ts";

/** Where the comparison is kept between visits. */
const STORAGE_KEY = "isoflop-schedules";
/** The name under which the page trains. */
const PAGE = "Anneal";
/** Milliseconds without a change after which a comparison is planned: keys and drags change it many times a second. */
const SETTLED = 200;

export type ComparisonMemory = Pick<Storage, "getItem" | "setItem">;

export interface AnnealState {
	/** What the page shows, while a handle is dragged too. */
	readonly comparison: Comparison;
	/** The card that the others are compared with. */
	readonly reference: number;
	/** The runs of the comparison, or of the one before it until they are known. */
	readonly planned: { readonly comparison: Comparison; readonly plan: Plan } | null;
	readonly progress: StudyProgress;
	readonly phase: TrainingPhase;
	/** Why the comparison cannot be trained. */
	readonly problem: StudyProblem | null;
	/** Why training ended before its end; empty if it did not. */
	readonly failure: string;
	/** The law of loss under annealing, fitted to every schedule that has been trained of this model. */
	readonly law: Fit | null;
	/** Moments of runs with a checkpoint, as of the planning, and where runs that branch off others begin. */
	readonly kept: readonly Moment[];
	readonly beginnings: ReadonlyMap<string, Beginning>;
	/** What the law expected of cards before they were trained, by `cardKey`. */
	readonly forecasts: ReadonlyMap<string, ExpectedCurve>;
}

/** A comparison with its training. It outlives the page's element; the lab's effects are handed to it when the page is shown. */
export class AnnealSession {
	state: AnnealState;
	private readonly listeners = new Set<() => void>();
	private readonly memory: ComparisonMemory;
	private effects: GuestEffects | null = null;
	private timer: ReturnType<typeof setTimeout> | undefined;
	private fitting = 0;
	/** The comparison of the last link, while it is as it was sent. */
	private linked: Comparison | null = null;
	/** The schedules that have been trained of this model on this text, by `cardKey`. */
	private readonly ended = new Map<string, TrainedSchedule>();

	constructor(memory: ComparisonMemory) {
		this.memory = memory;
		const comparison = readComparison(memory.getItem(STORAGE_KEY) ?? "") ?? FIRST;
		this.state = {
			...{ comparison, reference: comparison.cards[0]!.id, planned: null, progress: initialProgress },
			...{ phase: "preparing", problem: null, failure: "", law: null, forecasts: new Map() },
			...{ kept: [], beginnings: new Map() },
		};
	}

	/** Calls back after each change, until the returned function is called. */
	subscribe(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	/** The lab that trains. Plans the comparison, unless it is planned. */
	async open(effects: GuestEffects): Promise<void> {
		this.effects = effects;
		if (this.state.planned?.comparison !== this.state.comparison) await this.plan();
	}

	/**
	 * Shows the comparison of a link, and trains nothing. It is kept for the next visit once it trains or is changed.
	 *
	 * @throws Error saying why it is not shown; then nothing is changed
	 */
	async openLink(packed: string): Promise<LinkContent> {
		const comparison = await unpackComparison(packed);
		if (!this.isEditable) throw new Error("a comparison is training; stop it, and open the link again");
		this.linked = comparison;
		this.edit(comparison);
		const { corpus } = comparison;
		return { shown: "The comparison", texts: corpus.startsWith("file:") ? [corpus] : [] };
	}

	/** Whether what is shown is the comparison of a link, as it was sent. */
	get isLinked(): boolean {
		return this.linked === this.state.comparison;
	}

	/** Shows a changed comparison, and plans it once it has not changed for a moment. Does nothing while it trains. */
	edit(comparison: Comparison): void {
		if (!this.isEditable || comparison === this.state.comparison) return;
		const isKept = comparison.cards.some(({ id }) => id === this.state.reference);
		const reference = isKept ? this.state.reference : comparison.cards[0]!.id;
		// Of another model or text, nothing that is shown holds any more.
		const isSame = isSameSetting(comparison, this.state.comparison);
		const { planned, law } = isSame ? this.state : { planned: null, law: null };
		if (!isSame) {
			this.ended.clear();
			this.fitting++;
		}
		this.set({ comparison, reference, planned, law, phase: "preparing", failure: "" });
		clearTimeout(this.timer);
		this.timer = setTimeout(() => void this.plan(), SETTLED);
	}

	setReference(reference: number): void {
		this.set({ reference });
	}

	get isEditable(): boolean {
		return ["preparing", "ready"].includes(this.state.phase);
	}

	/** The shares of a card's steps at which a fork can leave it without training them again. */
	keptShares(card: Card): number[] {
		const { planned, progress, kept } = this.state;
		return keptShares(curvesOf(card, planned, progress).runs, progress.runs, kept);
	}

	/** Trains what is missing. Resolves when that has ended, for whatever reason. */
	async run(): Promise<void> {
		const { planned, phase, comparison } = this.state;
		if (phase !== "ready" || planned?.comparison !== comparison) return;
		this.linked = null;
		this.keep(comparison);
		this.keepForecasts();
		this.set({ phase: "running", failure: "" });
		let failure = "";
		try {
			await this.effects!.trainGuest(PAGE, planned.plan, (events) => this.receive(events), FORK_SHARES);
		} catch (error) {
			failure = problemOf(error).message;
		}
		await this.plan();
		this.set({ failure });
	}

	async pause(): Promise<void> {
		if (this.state.phase !== "running") return;
		this.set({ phase: "paused" });
		await this.effects!.pauseGuest();
	}

	async resume(): Promise<void> {
		if (this.state.phase !== "paused") return;
		this.set({ phase: "running" });
		await this.effects!.resumeGuest();
	}

	async stop(): Promise<void> {
		if (this.state.phase !== "running" && this.state.phase !== "paused") return;
		this.set({ phase: "stopping" });
		await this.effects!.stopGuest();
	}

	private receive(events: readonly StudyEvent[]): void {
		this.set({ progress: events.reduce(reduceProgress, this.state.progress) });
	}

	/** Plans the comparison, and reads what is stored of it. */
	private async plan(): Promise<void> {
		const { comparison } = this.state;
		try {
			const { plan, stored, kept } = await this.effects!.planGuest(studyOf(comparison));
			if (this.state.comparison !== comparison) return;
			const progress = plannedProgress(plan.runs, stored);
			const beginnings = beginningsOf(plan.runs, stored, kept);
			this.set({ planned: { comparison, plan }, progress, kept, beginnings, phase: "ready", problem: null });
			this.keep(comparison);
			void this.fit();
		} catch (error) {
			if (this.state.comparison === comparison) this.set({ phase: "ready", planned: null, problem: problemOf(error) });
		}
	}

	private keep(comparison: Comparison): void {
		if (comparison === this.linked) return;
		try {
			this.memory.setItem(STORAGE_KEY, JSON.stringify(comparison));
		} catch {
			// A browser that keeps nothing, or is full: the next visit begins with the first comparison.
		}
	}

	/** Fits the law of annealing to the schedules that have ended with every seed, those that are no longer shown included. */
	private async fit(): Promise<void> {
		const { comparison, planned, progress } = this.state;
		const names = cardNames(comparison);
		const known = this.ended.size;
		for (const [i, card] of comparison.cards.entries()) {
			const { curves, isDone, steps } = curvesOf(card, planned, progress);
			if (!isDone) continue;
			const schedule = {
				name: names[i]!,
				rates: ratesOf(card, steps, trunkStepsOf(comparison, card)),
				tokensPerStep: comparison.batch * CONTEXT,
				curves,
			};
			this.ended.set(cardKey(comparison, card), schedule);
		}
		if (this.ended.size === known) return;
		const turn = ++this.fitting;
		const law = await this.effects!.fitAnnealing(scheduledCurves([...this.ended.values()])).catch(() => null);
		if (turn === this.fitting) this.set({ law });
	}

	/** What the law expects now of cards that are about to be trained. */
	private keepForecasts(): void {
		const { comparison, planned, progress, law } = this.state;
		const forecasts = new Map(this.state.forecasts);
		for (const card of comparison.cards) {
			const { isDone, steps } = curvesOf(card, planned, progress);
			const rates = ratesOf(card, steps, trunkStepsOf(comparison, card));
			const expected = isDone ? null : expectedCurve(law, rates, comparison.batch * CONTEXT);
			if (expected) forecasts.set(cardKey(comparison, card), expected);
		}
		this.set({ forecasts });
	}

	private set(changes: Partial<AnnealState>): void {
		this.state = { ...this.state, ...changes };
		for (const listener of this.listeners) listener();
	}
}

/** Whether two comparisons differ in nothing but their cards, so that what one has trained counts in the other. */
function isSameSetting({ cards: _, ...one }: Comparison, { cards: __, ...other }: Comparison): boolean {
	return canonicalJson(one) === canonicalJson(other);
}
