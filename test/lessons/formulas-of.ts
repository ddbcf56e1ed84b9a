import katex from "katex";

/** The formulas of some texts, each with what KaTeX says against it. A text with an odd dollar sign has an error of its own. */
export function formulasOf(texts: readonly string[]): { tex: string; error: string | null }[] {
	return texts.flatMap((text) => {
		const parts = text.replace(/^\$\$(.+)\$\$$/s, "$$$1$$").split("$");
		if (parts.length % 2 === 0) return [{ tex: text, error: "an odd number of dollar signs" }];
		return parts.filter((_, i) => i % 2 === 1).map((tex) => ({ tex, error: problemOf(tex) }));
	});
}

function problemOf(tex: string): string | null {
	try {
		katex.renderToString(tex, { throwOnError: true, strict: "error" });
		return null;
	} catch (error) {
		return (error as Error).message;
	}
}
