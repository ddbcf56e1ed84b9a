import { css, html, LitElement, nothing } from "lit";
import "@awesome.me/webawesome/dist/components/button/button.js";
import "@awesome.me/webawesome/dist/components/option/option.js";
import "@awesome.me/webawesome/dist/components/select/select.js";
import { PEAKS, withoutPoint, withPoint } from "../../../experiments/anneal/card-handles.ts";
import { FAMILY_NAMES } from "../../../experiments/anneal/card-names.ts";
import { hasFloor, isWsd } from "../../../experiments/anneal/change-cards.ts";
import { type Card, type CardTail, FAMILIES } from "../../../experiments/anneal/comparison.ts";
import { scheduleColor } from "../../../experiments/anneal/schedule-view.ts";
import { cssColor } from "../../../figures/palette.ts";
import type { Cooldown } from "../../../run/choices.ts";
import { ThemeController } from "../../app/theme.ts";
import "../../parts/quantity-field.ts";
import { sharedStyles } from "../../parts/shared-styles.ts";
import "./card-title.ts";
import "./schedule-curve.ts";

/** What can be done with a whole card. */
export type CardAct = "fork" | "duplicate" | "remove";

/**
 * One schedule: its curve, its family and its numbers. Fires `isoflop-card` with the changed card, and `isoflop-card-act` with what
 * is to be done with it.
 */
export class ScheduleCard extends LitElement {
	static override properties = {
		card: { attribute: false },
		name: {},
		steps: { type: Number },
		trunkSteps: { type: Number },
		top: { type: Number },
		budget: { type: Number },
		trunk: {},
		can: { attribute: false },
		disabled: { type: Boolean },
	};

	declare card: Card;
	declare name: string;
	declare steps: number;
	/** Training steps of a fork's trunk; of another card its own. */
	declare trunkSteps: number;
	/** The learning rate at the upper edge of every curve. */
	declare top: number;
	/** The comparison's training tokens, which an empty field stands for. */
	declare budget: number;
	/** What it shares with another card, and what that saves. */
	declare trunk: string;
	declare can: Readonly<Record<CardAct, boolean>>;
	declare disabled: boolean;
	private readonly themes = new ThemeController(this);

	static override styles = [
		sharedStyles,
		css`
			article {
				display: grid;
				gap: 0.6rem;
				align-content: start;
				height: 100%;
				padding: 0.8rem 0.9rem 0.9rem;
				border: 1px solid var(--line);
				border-top: 3px solid var(--card-color);
				border-radius: 8px;
				background: var(--surface);
			}
			.fields {
				display: grid;
				grid-template-columns: repeat(auto-fit, minmax(5.6rem, 1fr));
				gap: 0.5rem 0.6rem;
				align-content: start;
			}
			/* The last row of a card is its buttons, wherever the others end. */
			article {
				grid-template-rows: auto auto auto 1fr auto auto;
			}
			.first {
				display: grid;
				grid-template-columns: minmax(0, 1fr) 5.6rem;
				gap: 0.6rem;
			}
			wa-select::part(form-control-label) {
				font-size: 0.8125rem;
			}
			isoflop-quantity-field {
				font-size: 0.8125rem;
			}
			/* Two lines, so that nothing moves when it says something else. */
			.trunk {
				min-height: 2.8em;
				color: var(--quiet);
				font-size: 0.8125rem;
				line-height: 1.4;
			}
			.buttons {
				display: flex;
				flex-wrap: wrap;
				gap: 0.4rem;
			}
		`,
	];

	override render() {
		const { card, name, disabled } = this;
		const isDrawn = card.family === "piecewise" && !card.tail;
		const color = cssColor(scheduleColor(card.id), this.themes.dark ? "dark" : "light");
		return html`
			<article style="--card-color:${color}" aria-label=${name}>
				<isoflop-card-title
					name=${name}
					own=${card.name ?? ""}
					?disabled=${disabled}
					@isoflop-name=${(event: CustomEvent<string | null>) => this.change({ name: event.detail ?? undefined })}
				></isoflop-card-title>
				<isoflop-schedule-curve
					.card=${card}
					.steps=${this.steps}
					.trunkSteps=${this.trunkSteps}
					.top=${this.top}
					.name=${name}
					?disabled=${disabled}
				></isoflop-schedule-curve>
				<div class="first">
					${
						card.tail
							? this.select("Form of the tail", card.tail.form, FORMS, (form) => this.change(this.tailWith({ form })))
							: this.select("Family", card.family, FAMILY_OPTIONS, (family) => this.change({ family }))
					}
					<isoflop-quantity-field
						plain
						label="Tokens"
						dimension="tokens"
						whole
						open=${`as above: ${this.budget}`}
						.bounds=${{ min: 1000, max: 1e9 }}
						.value=${card.tokens}
						?inert=${disabled}
						@isoflop-quantity=${(event: CustomEvent<number | null>) => this.change({ tokens: event.detail })}
					></isoflop-quantity-field>
				</div>
				<div class="fields">${card.tail ? this.tailFields(card.tail) : this.trunkFields()}</div>
				<p class="trunk">${this.trunk || (isDrawn ? "Press the plot to add a point. Delete removes the focused one." : "")}</p>
				<div class="buttons">
					${this.button("fork", "Fork", card.tail ? "A fork is not forked again" : `Another tail from ${name}`)}
					${this.button("duplicate", "Duplicate", `Duplicate ${name}`)}
					${this.button("remove", "Remove", `Remove ${name}`)}
					${
						isDrawn
							? html`${this.point("Add point", withPoint(card))} ${this.point("Remove point", withoutPoint(card))}`
							: nothing
					}
				</div>
			</article>
		`;
	}

	/** What a fork has of its own; the rest is its trunk's. */
	private tailFields({ after, floor }: CardTail) {
		const bounds = { min: 1, max: 99 };
		return html`
			${this.number("Fork at, %", percent(after), bounds, (value) => this.tailWith({ after: value / 100 }), true)}
			${this.number("Floor, %", percent(floor), { min: 0, max: 100 }, (value) => this.tailWith({ floor: value / 100 }))}
		`;
	}

	private trunkFields() {
		const { card } = this;
		return html`
					${this.number("Peak rate", card.peak, { min: PEAKS[0], max: PEAKS[1] }, (peak) => ({ peak }))}
					${this.number("Warmup", card.warmupSteps, { min: 0, max: Math.floor(this.steps / 2) }, (warmupSteps) => ({ warmupSteps }), true)}
					${
						isWsd(card)
							? this.number("Decay at, %", percent(card.decayStart), { min: 0, max: 99 }, (value) => ({
									decayStart: value / 100,
								}))
							: nothing
					}
					${hasFloor(card) ? this.number("Floor, %", percent(card.floor), { min: 0, max: 100 }, (value) => ({ floor: value / 100 })) : nothing}
		`;
	}

	private select<Value extends string>(
		label: string,
		value: Value,
		options: readonly (readonly [Value, string])[],
		change: (value: Value) => void,
	) {
		return html`
			<wa-select
				size="s"
				label=${label}
				value=${value}
				?disabled=${this.disabled}
				@change=${(event: Event) => change((event.target as HTMLSelectElement).value as Value)}
			>
				${options.map(([option, text]) => html`<wa-option value=${option}>${text}</wa-option>`)}
			</wa-select>
		`;
	}

	private number(
		label: string,
		value: number,
		bounds: { min: number; max: number },
		change: (value: number) => Partial<Card>,
		whole = false,
	) {
		return html`
			<isoflop-quantity-field
				plain
				label=${label}
				dimension="count"
				?whole=${whole}
				.bounds=${bounds}
				.value=${value}
				?inert=${this.disabled}
				@isoflop-quantity=${(event: CustomEvent<number | null>) => event.detail !== null && this.change(change(event.detail))}
			></isoflop-quantity-field>
		`;
	}

	private button(act: CardAct, text: string, title: string) {
		return html`
			<wa-button
				size="xs"
				appearance="outlined"
				title=${title}
				?disabled=${this.disabled || !this.can[act]}
				@click=${() => this.dispatchEvent(new CustomEvent("isoflop-card-act", { detail: act, bubbles: true, composed: true }))}
			>
				${text}<span class="visually-hidden"> ${this.name}</span>
			</wa-button>
		`;
	}

	private point(text: string, card: Card) {
		return html`
			<wa-button
				size="xs"
				appearance="outlined"
				?disabled=${this.disabled || card === this.card}
				@click=${() => this.change({ points: card.points })}
			>
				${text}
			</wa-button>
		`;
	}

	private tailWith(change: Partial<CardTail>): Partial<Card> {
		return { tail: { ...this.card.tail!, ...change } };
	}

	private change(change: Partial<Card>): void {
		const detail = { ...this.card, ...change };
		this.dispatchEvent(new CustomEvent("isoflop-card", { detail, bubbles: true, composed: true }));
	}
}

const FAMILY_OPTIONS = FAMILIES.map((family) => [family, FAMILY_NAMES[family]] as const);

const FORMS = [
	["linear", "Linear"],
	["1-sqrt", "1−√"],
] as const satisfies readonly (readonly [Cooldown, string])[];

const percent = (share: number) => Number((100 * share).toPrecision(4));

customElements.define("isoflop-schedule-card", ScheduleCard);
