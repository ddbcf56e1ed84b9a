import { html, LitElement, nothing, type PropertyValues } from "lit";
import { repeat } from "lit/directives/repeat.js";
import "@awesome.me/webawesome/dist/components/button/button.js";
import { DEFAULT_LEVEL } from "../../../analysis/schedules/paired-difference.ts";
import { budgetFigure } from "../../../experiments/anneal/budget-figure.ts";
import {
	changeCard,
	duplicateCard,
	forkCard,
	forkShare,
	isForkable,
	removeCard,
} from "../../../experiments/anneal/change-cards.ts";
import { type Card, type Comparison, MAX_CARDS, MIN_CARDS } from "../../../experiments/anneal/comparison.ts";
import { packComparison } from "../../../experiments/anneal/comparison-link.ts";
import { differenceFigure, lossFigure, rateFigure } from "../../../experiments/anneal/schedule-figures.ts";
import { STARTS, withStart } from "../../../experiments/anneal/starts.ts";
import "../../charts/figure-view.ts";
import { localMemory } from "../../parts/local-memory.ts";
import "../../parts/copy-link.ts";
import "../../parts/export-buttons.ts";
import { pageStyles } from "../../parts/page-styles.ts";
import { panelStyles } from "../../parts/panel-styles.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import "../../parts/training-bar.ts";
import { memoized } from "../../state/memoized.ts";
import { Selected } from "../../state/selected.ts";
import { isTraining, unsavedCount } from "../../state/selectors.ts";
import { AnnealSession, type AnnealState } from "./anneal-session.ts";
import { annealStyles } from "./anneal-styles.ts";
import { costTexts, isComplete, statusText, timeText } from "./anneal-texts.ts";
import { budgetSchemes, rankingsOf, type ShownCard, shownCards } from "./anneal-views.ts";
import "./comparison-form.ts";
import "./forecast-panel.ts";
import "./ranking-table.ts";
import type { CardAct } from "./schedule-card.ts";
import "./schedule-card.ts";

/** Outlives the page's element: who comes back from another page finds the comparison again, in training too. */
const session = new AnnealSession(localMemory);

/** Room above the highest peak, so that its handle can be dragged up. */
const HEADROOM = 1.15;

/** Schedules of the learning rate, compared on one model: cards with their curves, training, figures and a ranking. */
export class AnnealPage extends LitElement {
	static override properties = { parameters: { attribute: false } };

	declare parameters: { comparison?: string };
	private unsubscribe = () => {};
	/** Whether the address holds what is shown. */
	private linked = false;
	private readonly lab = new Selected(this, (state) => ({
		corpora: state.document.corpora,
		speed: state.device.speed,
		measuring: state.device.measuring,
		measured: state.device.measured,
		unsaved: unsavedCount(state),
		studyTrains: isTraining(state),
	}));
	private readonly cards = memoized(
		(
			comparison: AnnealState["comparison"],
			planned: AnnealState["planned"],
			progress: AnnealState["progress"],
			law: AnnealState["law"],
			forecasts: AnnealState["forecasts"],
			beginnings: AnnealState["beginnings"],
		) => shownCards({ comparison, planned, progress, law, forecasts, beginnings }),
	);
	private readonly rankings = memoized((cards: readonly ShownCard[], reference: number) =>
		rankingsOf(cards, reference),
	);
	private readonly figures = memoized(figuresOf);

	static override styles = [sharedStyles, pageStyles, panelStyles, annealStyles];

	constructor() {
		super();
		this.parameters = {};
	}

	override connectedCallback(): void {
		super.connectedCallback();
		this.unsubscribe = session.subscribe(() => this.follow());
		void this.lab.effects.guest().then((guest) => session.open(guest));
	}

	override disconnectedCallback(): void {
		super.disconnectedCallback();
		this.unsubscribe();
	}

	override updated(changed: PropertyValues<this>): void {
		if (changed.has("parameters") && this.parameters.comparison !== undefined)
			void this.open(this.parameters.comparison);
	}

	/** Shows the comparison that the address holds; where it cannot be, the address holds it no longer. */
	private async open(packed: string): Promise<void> {
		const guest = await this.lab.effects.guest();
		if (await guest.openGuestLink("Comparison from a link", () => session.openLink(packed))) this.linked = true;
		else this.forgetLink();
	}

	/** After a change. What has been changed is not what the address holds. */
	private follow(): void {
		this.requestUpdate();
		if (this.linked && !session.isLinked) this.forgetLink();
	}

	private forgetLink(): void {
		this.linked = false;
		this.dispatchEvent(new CustomEvent("isoflop-parameters", { detail: {}, bubbles: true, composed: true }));
	}

	override render() {
		const { state } = session;
		const { comparison, planned, progress, law, forecasts, beginnings, reference, phase, problem, failure } = state;
		const { speed, studyTrains, measuring, measured, unsaved, corpora } = this.lab.state;
		const cards = this.cards(comparison, planned, progress, law, forecasts, beginnings);
		const rankings = this.rankings(cards, reference);
		const figures = this.figures(cards, reference, phase);
		const isFree = !studyTrains && !measuring;
		return html`
			<isoflop-training-bar
				role="region"
				aria-label="Training"
				name="the comparison"
				.phase=${phase}
				.startable=${phase === "ready" && problem === null && isFree && !isComplete(state)}
				.share=${progress.share}
				.status=${statusText(state, unsaved, measured)}
				.detail=${timeText(state, speed)}
				.elsewhere=${studyTrains ? "Study" : ""}
				@isoflop-train=${(event: CustomEvent<"run" | "pause" | "resume" | "stop">) => void session[event.detail]()}
			></isoflop-training-bar>
			<div class="content">
				<section aria-labelledby="shared">
					<div class="titled">
						<h2 id="shared">What is compared</h2>
						<isoflop-copy-link
							subject="comparison"
							.address=${async () => `#/anneal?comparison=${await packComparison(comparison)}`}
						></isoflop-copy-link>
					</div>
					<p class="lead">
						Two to eight learning-rate schedules on one model, text and set of seeds. Runs of one seed begin with the same weights and
						read the same text, so that small differences count.
					</p>
					<isoflop-comparison-form
						.comparison=${comparison}
						.corpora=${corpora}
						?disabled=${!session.isEditable}
						@isoflop-setting=${(event: CustomEvent<Partial<Comparison>>) => session.edit({ ...comparison, ...event.detail })}
					></isoflop-comparison-form>
					<dl class="costs">
						${costTexts(state, speed).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
					</dl>
					${problem || failure ? html`<p class="error" role="alert">${problem?.message ?? failure}</p>` : nothing}
				</section>
				<section aria-labelledby="schedules">
					<h2 id="schedules">Schedules</h2>
					<div class="starts" role="group" aria-label="Begin with">
						${STARTS.map(
							(start) => html`
								<wa-button
									size="s"
									appearance="outlined"
									title=${start.text}
									?disabled=${!session.isEditable}
									@click=${() => session.edit(withStart(comparison, start))}
								>
									${start.title}
								</wa-button>
							`,
						)}
					</div>
					<div class="cards">${this.cardElements(cards)}</div>
				</section>
				<div class="figures">
					<section class="stacked">
						<isoflop-figure class="rates" .figure=${figures.rates} level="2"></isoflop-figure>
						<isoflop-figure .figure=${figures.loss} level="2"></isoflop-figure>
					</section>
					<section><isoflop-figure .figure=${figures.difference} level="2"></isoflop-figure></section>
					<section class="judgement"><isoflop-anneal-forecast .law=${law} .cards=${cards}></isoflop-anneal-forecast></section>
					${figures.budgets ? html`<section class="wide"><isoflop-figure .figure=${figures.budgets} level="2"></isoflop-figure></section>` : nothing}
					<section class="wide" aria-labelledby="ranking">
						<h2 id="ranking">Ranking</h2>
						<p class="lead">
							Final losses on the validation text, lowest first. Intervals are Student's, of the differences paired by seed, each by
							itself.
						</p>
						<isoflop-schedule-ranking
							.rankings=${rankings}
							.cards=${cards}
							.reference=${reference}
							@isoflop-reference=${(event: CustomEvent<number>) => session.setReference(event.detail)}
						></isoflop-schedule-ranking>
						${
							planned
								? html`<isoflop-export-buttons
										fitless
										linkless
										.runs=${progress.runs}
										.study=${planned.plan.study}
									></isoflop-export-buttons>`
								: nothing
						}
					</section>
				</div>
			</div>
		`;
	}

	private cardElements(cards: readonly ShownCard[]) {
		const { comparison } = session.state;
		const top = HEADROOM * Math.max(...comparison.cards.map(({ peak }) => peak));
		const isFull = cards.length >= MAX_CARDS;
		return repeat(
			cards,
			({ card }) => card.id,
			({ card, name, steps, trunkSteps, trunk }) => html`
				<isoflop-schedule-card
					.card=${card}
					.name=${name}
					.steps=${steps}
					.trunkSteps=${trunkSteps}
					.top=${top}
					.budget=${comparison.tokens}
					.trunk=${trunk}
					.can=${{
						fork: !isFull && isForkable(comparison, card),
						duplicate: !isFull,
						remove: cards.length > MIN_CARDS,
					}}
					?disabled=${!session.isEditable}
					@isoflop-card=${(event: CustomEvent<Card>) => session.edit(changeCard(comparison, card.id, event.detail))}
					@isoflop-card-act=${(event: CustomEvent<CardAct>) => session.edit(acted(comparison, card, event.detail))}
				></isoflop-schedule-card>
			`,
		);
	}
}

function acted(comparison: Comparison, card: Card, act: CardAct): Comparison {
	if (act === "fork") return forkCard(comparison, card.id, forkShare(card, session.keptShares(card)));
	return (act === "duplicate" ? duplicateCard : removeCard)(comparison, card.id);
}

function figuresOf(cards: readonly ShownCard[], reference: number, phase: string) {
	const views = cards.map(({ view }) => view);
	const base = cards.find(({ card }) => card.id === reference) ?? cards[0]!;
	const schemes = budgetSchemes(cards);
	const isTraining = phase === "running" || phase === "paused";
	return {
		rates: rateFigure(views),
		loss: lossFigure(views, isTraining ? "Waiting for the first losses." : "Press Run: curves appear at once."),
		difference: differenceFigure(views, base.name, DEFAULT_LEVEL),
		budgets: schemes.length > 0 ? budgetFigure(schemes) : null,
	};
}

customElements.define("isoflop-anneal-page", AnnealPage);
