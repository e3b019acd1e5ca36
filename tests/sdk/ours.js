// Our signer, by way of sign_lines: all requests in, all signatures out.
"use strict";
const { spawnSync } = require("child_process");

// Each: { method, url, headers: [[name, value]], body: Buffer, service,
// region, time, id, secret, token, single, hash_header }.
exports.sign = (requests) => {
	const lines = requests.map((r) =>
		JSON.stringify({ ...r, body: Buffer.from(r.body).toString("hex") }));
	const ran = spawnSync(process.env.OURS + "/sign_lines", [], {
		input: lines.join("\n") + "\n",
		maxBuffer: 1 << 30,
		stdio: ["pipe", "pipe", "inherit"],
	});
	if (ran.status !== 0)
		throw new Error(`sign_lines ended with ${ran.status} ${ran.signal}`);
	const answers = ran.stdout.toString().trimEnd().split("\n").map(JSON.parse);
	if (answers.length !== requests.length)
		throw new Error(`${requests.length} requests, ${answers.length} answers`);
	return answers;
};

// Prints each difference, counts them, and ends the program.
exports.compare = (requests, theirs, what) => {
	const answers = exports.sign(requests);
	let differences = 0;
	answers.forEach((ours, i) => {
		if (ours.authorization === theirs[i])
			return;
		if (++differences > 5)
			return;
		console.log(`request ${i}: ${JSON.stringify(requests[i])}`);
		console.log(`theirs: ${theirs[i]}`);
		console.log(`ours:   ${ours.authorization ?? ours.fault}`);
		console.log(ours.canonical);
	});
	console.log(`${requests.length} ${what} compared, ` +
		`${differences} differences`);
	process.exitCode = differences || !requests.length ? 1 : 0;
};
