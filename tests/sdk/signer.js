// Random requests, signed by AWS's signer and by ours: signer.js COUNT SEED.
// One seed makes one list of requests, so that a difference can be repeated.
"use strict";
const { SignatureV4 } = require("@smithy/signature-v4");
const { HttpRequest } = require("@smithy/protocol-http");
const { Sha256 } = require("@aws-crypto/sha256-js");
const { compare } = require("./ours.js");
const { source } = require("./random.js");

const count = Number(process.argv[2] ?? 3000);
const { upto, one, chance, some } = source(process.argv[3] ?? 1);

const services = ["support", "bedrock", "sagemaker", "s3", "execute-api",
	"sts", "kendra", "logs"];
const regions = ["us-east-1", "cn-north-1", "cn-northwest-1", "eu-west-1",
	"us-gov-west-1", "ap-northeast-2"];
const methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"];
const words = ["a", "Ab", "model", "converse", "invoke", "2024-01-01",
	"anthropic.claude-3-5-sonnet-20241022-v2:0", "重启", "디스크", "каталог",
	"é", "🙂", "a b", "x  y", "100%", "%3A", "%2F", "%zz", "a+b", "~tilde_-.",
	"!'()*", "a=b", "a&b", "q?", "#x", "[0]", "{id}", "a;b", "a,b", "$@:",
	"\"<>\\^`|", "", "0", "...", "..a", "X-Amz-Date",
	"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.m-1:0"];
const word = () => chance(4)
	? some(12, () => String.fromCharCode(33 + upto(94))).join("") : one(words);

// A segment as clients write it: encoded, or partly as it is.
function segment() {
	const text = word();
	if (chance(8))
		return one([".", "..", "", "", "%2E", "%2e%2e"]);
	if (chance(5))
		return encodeURI(text).replace(/[?#]/g, encodeURIComponent);
	// Raw UTF-8, but nothing that would end the path or the line.
	if (chance(8))
		return text.replace(/[\s?#]/g, encodeURIComponent);
	const encoded = encodeURIComponent(text);
	return chance(4) ? encoded.toLowerCase() : encoded;
}

const path = () => chance(8) ? ""
	: "/" + some(6, segment).join("/") + (chance(4) ? "/" : "");

function query() {
	const made = {};
	for (const name of some(6, word)) {
		if (name === "__proto__")
			continue;
		made[name] = chance(5) ? [word(), word(), word()].slice(upto(3))
			: chance(6) ? "" : word();
	}
	if (chance(20))
		made["X-Amz-Signature"] = "0123";
	return made;
}

// One query has many spellings: which bytes are encoded, and how, whether an
// empty value has its '=', and the order.
function spelled(text) {
	return Array.from(text, (c) => {
		const encoded = encodeURIComponent(c)
			.replace(/[!'()*]/g, (m) => "%" + m.charCodeAt(0).toString(16));
		if (chance(6) && !/[\s&=#%]/.test(c))
			return c;
		return chance(3) ? encoded.replace(/%../g, (m) => m.toLowerCase())
			: encoded;
	}).join("");
}
function spelled_query(parameters) {
	const parts = [];
	for (const [name, value] of Object.entries(parameters))
		for (const v of [value].flat()) {
			const spelt = spelled(name);
			parts.push(v === "" && spelt !== "" && chance(2) ? spelt
				: `${spelt}=${spelled(v)}`);
		}
	for (let i = parts.length - 1; i > 0; i--) {
		const j = upto(i + 1);
		[parts[i], parts[j]] = [parts[j], parts[i]];
	}
	return parts.length ? "?" + parts.join(chance(10) ? "&&" : "&") : "";
}

const header_names = ["content-type", "Content-Type", "X-Amz-Target", "accept",
	"X-Custom", "x-amzn-trace-id", "User-Agent", "Connection", "Expect",
	"Date", "Authorization", "proxy-authorization", "Sec-Fetch-Mode",
	"transfer-encoding", "x-amz-meta-a", "x-amz-acl", "amz-sdk-request", "a",
	"x-amz-content-sha256", "cache-control", "Referer", "content-length",
	"x-amzn-bedrock-accept", "if-match", "X-Amz-Date", "section", "proxying"];
const header_words = ["application/x-amz-json-1.1", "a", "a   b", " padded ",
	"\ttabs\t\there ", "AWSSupport_20130415.DescribeCases", "a,b", "a, b",
	"attempt=1; max=3", "中文 值", "\"a  b\"", "", "UNSIGNED-PAYLOAD", "한국어"];
function headers() {
	const made = {}, seen = new Set();
	for (const name of some(8, () => one(header_names))) {
		if (seen.has(name.toLowerCase()))
			continue;
		seen.add(name.toLowerCase());
		made[name] = name === "x-amz-content-sha256"
			? one(["UNSIGNED-PAYLOAD", "0".repeat(64)]) : one(header_words);
	}
	return made;
}

// A list in one header means the same as the header repeated.
function repeated(given) {
	const lines = [];
	for (const [name, value] of Object.entries(given)) {
		if (value === "a,b" && name !== "x-amz-content-sha256")
			lines.push([name, "a"], [name.toUpperCase(), " b "]);
		else
			lines.push([name, value]);
	}
	return lines;
}

const bodies = [() => Buffer.alloc(0), () => Buffer.from("{}"),
	() => Buffer.from('{"language":"zh","subject":"磁盘已满，无法启动"}'),
	() => Buffer.from("디스크가 가득 찼습니다\n".repeat(1 + upto(50))),
	() => Buffer.from(some(300, () => upto(256))),
	() => Buffer.from("\0\r\n\0")];

function request() {
	const service = one(services), single = service === "s3";
	const port = chance(4) ? one([443, 8443, 80, 1]) : undefined;
	const protocol = chance(4) ? "http:" : "https:";
	const usual = protocol === "http:" ? 80 : 443;
	const region = one(regions);
	const name = `${service}.${region}.amazonaws.com`;
	const host = port && port !== usual ? `${name}:${port}` : name;
	const made = {
		service, region, single, host, method: one(methods), path: path(),
		query: query(), headers: headers(), body: one(bodies)(),
		time: Date.UTC(1990 + upto(60), upto(12), 1 + upto(28), upto(24),
			upto(60), upto(60), upto(1000)),
		id: one(["AKIDEXAMPLE", "AKIAIOSFODNN7EXAMPLE"]),
		secret: one(["wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "s", "密钥"]),
		token: chance(2) ? "" : one(["AQoDYXdzEPT//EXAMPLE+token==", "t".repeat(900)]),
		hash_header: single || chance(5),
		url: "",
	};
	made.url = `${protocol}//${name}${port ? ":" + port : ""}${made.path}` +
		spelled_query(made.query) + (chance(20) ? "#part" : "");
	return made;
}

async function theirs(r) {
	const signer = new SignatureV4({
		service: r.service, region: r.region, sha256: Sha256,
		uriEscapePath: !r.single, applyChecksum: r.hash_header,
		credentials: {
			accessKeyId: r.id, secretAccessKey: r.secret,
			...(r.token && { sessionToken: r.token }),
		},
	});
	const signed = await signer.sign(new HttpRequest({
		method: r.method, hostname: r.host, path: r.path, query: r.query,
		headers: { ...r.headers, host: r.host }, body: r.body,
	}), { signingDate: new Date(r.time) });
	return signed.headers.authorization;
}

(async () => {
	const requests = [], judged = [];
	while (requests.length < count) {
		const r = request();
		judged.push(await theirs(r));
		requests.push({ ...r, headers: repeated(r.headers) });
	}
	compare(requests, judged, "requests");
})();
