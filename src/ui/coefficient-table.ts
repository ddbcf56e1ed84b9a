import { LitElement } from "lit";

customElements.define("isoflop-coefficient-table", class extends LitElement {});
