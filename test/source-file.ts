import { readdirSync, readFileSync } from "node:fs";
import { parseSync } from "vite";

/** A file of src as the layer tests see it. Paths are relative to src, with "/". */
export interface SourceFile {
	path: string;
	imports: { path: string; typeOnly: boolean }[];
	/** Packages and Node modules it imports. */
	modules: string[];
	/** Names that it uses and declares nowhere: globals. */
	globals: Set<string>;
	/** Every name in it, properties included. */
	names: Set<string>;
}

type Node = { type: string; [key: string]: unknown };

const SOURCES = new URL("../src/", import.meta.url);

export function readSources(): SourceFile[] {
	const paths = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
	const code = paths.filter((path) => /\.(ts|mjs)$/.test(path) && !/\.d\.m?ts$/.test(path)).sort();
	return code.map((path) => parseSource(path, readFileSync(new URL(path, SOURCES), "utf8")));
}

export function parseSource(path: string, text: string): SourceFile {
	const { program, errors } = parseSync(path, text, { lang: "ts" });
	if (errors.length) throw new Error(`${path}: ${errors[0].message}`);
	const file: SourceFile = { path, imports: [], modules: [], globals: new Set(), names: new Set() };
	const declared = new Set<string>();
	visit(program as unknown as Node, (node) => {
		addImport(file, node);
		for (const pattern of bindings(node)) addNames(pattern, declared);
		if (node.type === "Identifier") file.names.add(node.name as string);
	});
	visit(
		program as unknown as Node,
		(node) => {
			if (node.type === "Identifier" && !declared.has(node.name as string)) file.globals.add(node.name as string);
		},
		isReference,
	);
	return file;
}

function addImport(file: SourceFile, node: Node): void {
	const source = (node.source as Node | undefined)?.value;
	if (typeof source === "string" && !source.startsWith(".")) {
		file.modules.push(source);
	} else if (typeof source === "string") {
		file.imports.push({ path: resolve(file.path, source), typeOnly: isTypeOnly(node) });
	}
}

function isTypeOnly(node: Node): boolean {
	const specifiers = (node.specifiers ?? []) as Node[];
	const kinds = [node, ...specifiers].map(({ importKind, exportKind }) => importKind ?? exportKind);
	return (
		node.type === "TSImportType" ||
		kinds[0] === "type" ||
		(kinds.length > 1 && kinds.slice(1).every((kind) => kind === "type"))
	);
}

/** Path relative to src of what `from` imports as `specifier`; begins with "../" outside of src. */
function resolve(from: string, specifier: unknown): string {
	const url = new URL(String(specifier).replace(/\?.*$/, ""), new URL(from, "file:///project/src/"));
	return url.pathname.startsWith("/project/src/") ? url.pathname.slice(13) : `..${url.pathname.slice(8)}`;
}

function visit(
	node: Node,
	seen: (node: Node) => void,
	enters: (child: Node, key: string, of: Node) => boolean = () => true,
) {
	seen(node);
	for (const [key, value] of Object.entries(node)) {
		for (const child of Array.isArray(value) ? value : [value])
			if (typeof child?.type === "string" && enters(child, key, node)) visit(child, seen, enters);
	}
}

/** Property names, labels and the far side of a rename are no references. */
function isReference(_child: Node, key: string, of: Node): boolean {
	if (key === "property" || key === "key") return of.computed === true;
	if (key === "right" && of.type === "TSQualifiedName") return false;
	return !["label", "imported", "exported", "meta"].includes(key);
}

/** The patterns that a node declares names with. */
function bindings(node: Node): unknown[] {
	if (/^(Import\w*Specifier)$/.test(node.type)) return [node.local];
	if (node.type === "TSTypeParameter") return [node.name];
	const named = /^(VariableDeclarator|Function|Class|TS\w*Declaration)/.test(node.type) ? [node.id] : [];
	return [...named, ...((node.params as unknown[] | undefined) ?? []), node.type === "CatchClause" && node.param];
}

function addNames(pattern: unknown, names: Set<string>): void {
	if (!pattern || typeof pattern !== "object") return;
	const node = pattern as Node;
	if (node.type === "Identifier") names.add(node.name as string);
	const parts = [node.left, node.argument, node.parameter, node.type === "Property" && node.value];
	for (const part of [...parts, ...((node.properties ?? node.elements ?? []) as unknown[])]) addNames(part, names);
}
