import { describe, expect, test } from "vitest";
import { backportsLine, backportsStanza } from "../../../src/node/setup/debian.mjs";

describe("the backports source, made from the one that apt has", () => {
	const security = "Types: deb\nURIs: http://security.example/debian\nSuites: bookworm-security\nComponents: main";

	test("deb822: the stanza of the release, with its archive and its key", () => {
		const main = [
			"# a comment",
			"Types: deb deb-src",
			"URIs: http://mirror.example/debian",
			"Suites: bookworm bookworm-updates",
			"Components: main contrib",
			"Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
		].join("\n");
		expect(backportsStanza(`${security}\n\n${main}\n`, "bookworm")).toBe(
			[
				"Types: deb deb-src",
				"URIs: http://mirror.example/debian",
				"Suites: bookworm-backports",
				"Components: main",
				"Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
			].join("\n"),
		);
	});

	test("deb822: none without the release itself", () => {
		expect(backportsStanza(security, "bookworm")).toBeUndefined();
		expect(backportsStanza(security.replace("bookworm-security", "trixie"), "bookworm")).toBeUndefined();
	});

	test("one line: with its options", () => {
		const text =
			"deb http://security.example/debian bookworm-security main\ndeb [signed-by=/k.gpg] file:/mirror bookworm main\n";
		expect(backportsLine(text, "bookworm")).toBe("deb [signed-by=/k.gpg] file:/mirror bookworm-backports main");
		expect(backportsLine("deb http://mirror.example/debian/ bookworm main contrib", "bookworm")).toBe(
			"deb http://mirror.example/debian/ bookworm-backports main",
		);
	});

	test("one line: none without the release itself", () => {
		const text = "# deb http://mirror.example/debian bookworm main\ndeb-src http://mirror.example/debian bookworm main";
		expect(backportsLine(text, "bookworm")).toBeUndefined();
	});
});
