// Reads lines ID, URL, PATH and writes a JSON line with the text of each page:
// @mozilla/readability on jsdom, or on linkedom if the argument says so.
import fs from "fs";
import readline from "readline";
import { Readability } from "@mozilla/readability";

async function opener(name) {
	if (name === "linkedom") {
		const { parseHTML } = await import("linkedom");
		return (html) => [parseHTML(html).document, () => {}];
	}
	const { JSDOM, VirtualConsole } = await import("jsdom");
	const quiet = new VirtualConsole();
	return (html, url) => {
		const dom = new JSDOM(html, { url, virtualConsole: quiet });
		return [dom.window.document, () => dom.window.close()];
	};
}

const open = await opener(process.argv[2]);
for await (const line of readline.createInterface({ input: process.stdin })) {
	const [id, url, path] = line.split("\t");
	let text = "";
	try {
		const html = fs.readFileSync(path, "utf8");
		const [page, close] = open(html, url || "http://localhost/");
		const article = new Readability(page).parse();
		if (article)
			text = (article.title || "") + "\n" + article.textContent;
		close();
	} catch (e) {
		text = "";
	}
	fs.writeSync(1, JSON.stringify({ id, text }) + "\n");
}
