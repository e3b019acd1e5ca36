// The committed vectors of tests/data/sigv4 against AWS's signer: vectors.js
// FILE [--write]. Their cases follow AWS's published test suite; the numbers
// are the JavaScript signer's own.
"use strict";
const fs = require("fs");
const { SignatureV4 } = require("@smithy/signature-v4");
const { HttpRequest } = require("@smithy/protocol-http");
const { Sha256 } = require("@aws-crypto/sha256-js");

const file = process.argv[2], write = process.argv[3] === "--write";
const key = {
	accessKeyId: "AKIDEXAMPLE",
	secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};

function parts(url) {
	const [, scheme, authority, path, , query = ""] =
		/^(\w+):\/\/([^/?#]*)([^?#]*)(\?([^#]*))?/.exec(url);
	const made = {};
	for (const pair of query.split("&").filter((p) => p)) {
		const [name, value = ""] = pair.split("=").map(decodeURIComponent);
		made[name] = name in made ? [made[name], value].flat() : value;
	}
	const usual = scheme === "http" ? ":80" : ":443";
	const host = authority.endsWith(usual)
		? authority.slice(0, -usual.length) : authority;
	return { host, path, query: made };
}

async function authorization(r) {
	const { host, path, query } = parts(r.url);
	const signer = new SignatureV4({
		service: r.service, region: r.region, sha256: Sha256,
		uriEscapePath: !r.single, applyChecksum: r.hash_header,
		credentials: { ...key, ...(r.token && { sessionToken: r.token }) },
	});
	const signed = await signer.sign(new HttpRequest({
		method: r.method, hostname: host, path, query,
		headers: { ...Object.fromEntries(r.headers), host }, body: r.body,
	}), { signingDate: new Date(r.time) });
	return signed.headers.authorization;
}

(async () => {
	const vectors = fs.readFileSync(file, "utf8").trimEnd().split("\n")
		.map(JSON.parse);
	let differences = 0;
	for (const r of vectors) {
		const judged = await authorization(r);
		if (!write && judged !== r.authorization) {
			console.log(`${r.name}: ${judged}, not ${r.authorization}`);
			differences++;
		}
		r.authorization = judged;
	}
	if (write)
		fs.writeFileSync(file, vectors.map((r) => JSON.stringify(r) + "\n")
			.join(""));
	console.log(`${vectors.length} vectors compared, ` +
		`${differences} differences`);
	process.exitCode = differences ? 1 : 0;
})();
