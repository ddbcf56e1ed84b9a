import { html, nothing, type TemplateResult } from "lit";
import { formatEstimate, formatScientific } from "../../../figures/format.ts";
import { formatAmount } from "../../../figures/format-amount.ts";
import type { CountedCompute, ExactFlops } from "../../../theory/exact-flops.ts";
import type { DescribedModel } from "../../../theory/known-models.ts";
import { N_NON_EMBEDDING, N_TOTAL } from "../../parts/symbols.ts";
import { D } from "./symbols.ts";

const share = (ratio: number) => `${(100 * ratio).toFixed(1)} %`;

/** A model's parameters and its compute by every way of counting, with shares of the exact count. */
export function flopsTable(
	{ counts, sixND, exact, appendixF }: ExactFlops,
	{ tokens }: DescribedModel,
): TemplateResult {
	const perToken = ({ flops }: CountedCompute) => formatScientific(flops / tokens);
	const row = (name: unknown, counted: CountedCompute, also: unknown = nothing, kind = "") => html`
		<tr class=${kind}>
			<th scope="row">${name}</th>
			<td>${counted.parameters === null ? "" : formatAmount(counted.parameters)}</td>
			<td>${perToken(counted)}</td>
			<td>${formatScientific(counted.flops)}</td>
			<td>${share(counted.ratio)}${also}</td>
		</tr>
	`;
	return html`
		<p class="counts">
			${N_TOTAL} = ${formatAmount(counts.total)}: ${N_NON_EMBEDDING} = ${formatAmount(counts.nonEmbedding)} in the layers,
			${formatAmount(counts.embedding)} in the embedding
			(${share(counts.embedding / counts.total)})${counts.head > 0 ? html`, ${formatAmount(counts.head)} in the head` : nothing}.
		</p>
		<div class="scroll" tabindex="0" role="region" aria-label="Compute by each way of counting">
			<table>
				<thead>
					<tr>
						<th scope="col">Counted</th>
						<th scope="col">Parameters</th>
						<th scope="col">FLOP per token</th>
						<th scope="col">FLOP for ${formatAmount(tokens)} tokens</th>
						<th scope="col">of the exact count</th>
					</tr>
				</thead>
				<tbody>
					${row(html`6 ${N_TOTAL} ${D}`, sixND.total)}
					${row(html`6 ${N_NON_EMBEDDING} ${D}`, sixND.nonEmbedding)}
					${row(html`6 (${N_NON_EMBEDDING} + head) ${D}`, sixND.nonEmbeddingAndHead)}
					${row("Exact: matrices of the layers", exact.layers)} ${row("Exact: attention", exact.attention)}
					${row("Exact: head", exact.head)} ${row("Exact: all three", exact.all, nothing, "own")}
					${
						appendixF
							? row(
									"Hoffmann et al., appendix F",
									appendixF,
									html`<span class="detail">${formatEstimate(appendixF.toSixND)} × 6${html`<i>ND</i>`}, as in table A4</span>`,
								)
							: html`<tr>
								<th scope="row">Hoffmann et al., appendix F</th>
								<td class="reason" colspan="4">their formula has neither gated feed-forward layers nor shared keys</td>
							</tr>`
					}
				</tbody>
			</table>
		</div>
	`;
}
