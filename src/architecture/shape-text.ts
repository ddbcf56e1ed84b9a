import type { ModelConfig } from "./config.ts";

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

/** "width 8, 1 layer, 2 heads", or of an LSTM "width 8, 1 LSTM layer". */
export function shapeText(config: ModelConfig): string {
	const { width, layers } = config;
	if (config.architecture === "lstm") return `width ${width}, ${plural(layers, "LSTM layer")}`;
	return `width ${width}, ${plural(layers, "layer")}, ${plural(config.heads, "head")}`;
}
