// Random shared files, read by AWS's own reader and by ours: profiles.js COUNT
// SEED. Files are well formed: of others AWS's readers make different things.
"use strict";
const fs = require("fs"), os = require("os"), path = require("path");
const { spawnSync } = require("child_process");
const { loadSharedConfigFiles } = require("@smithy/shared-ini-file-loader");
const { source } = require("./random.js");

const count = Number(process.argv[2] ?? 300);
const { upto, one, chance, some } = source(process.argv[3] ?? 1);

const profiles = ["default", "ops", "dev-1", "a.b", "team@x", "w%1/:+"];
const names = ["aws_access_key_id", "aws_secret_access_key", "region",
	"role_arn", "source_profile", "aws_session_token"];
const values = ["AKIAEXAMPLE", "us-east-1", "a+b/c==", "a=b", "x#y", "x;y",
	"a b", "\"quoted\"", "arn:aws:iam::123456789012:role/a", "값", "[x]"];
const blanks = () => " ".repeat(upto(3)) + (chance(9) ? "\t" : "");
const comment = () => chance(6)
	? one([" # why", " ; why", "\t#", " ;x = y", " #"]) : "";
const line_end = (style) => style === 2 ? one(["\n", "\r\n"])
	: style ? "\r\n" : "\n";

function* setting() {
	const group = chance(12), name = one(names);
	if (chance(8))
		yield one(["", "# whole", "; whole", "  # inside", "\t"]);
	if (group) {
		yield `${one(["s3", "dynamodb"])}${blanks()}=${blanks()}`;
		for (const inner of some(3, () => one(names)))
			yield ` ${blanks()}${inner} = ${one(values)}`;
		return;
	}
	const value = chance(12) ? "" : one(values);
	yield `${name}${blanks()}=${blanks()}${value}${comment()}`;
}

function file(config) {
	const lines = [], style = upto(3);
	for (const profile of some(8, () => one(profiles))) {
		const plain = !config || (profile === "default" && chance(2));
		const inner = plain ? profile
			: chance(5) ? `profile "${profile}"`
			: `profile ${profile}`;
		lines.push(`[${inner}]${comment()}`);
		for (const some_lines of some(6, () => [...setting()]))
			lines.push(...some_lines);
		if (config && chance(6))
			lines.push("[sso-session corp]", "region = elsewhere",
				"[services local]", "sts =", "  endpoint_url = x");
	}
	return lines.map((l) => l + line_end(style)).join("");
}

function ours(credentials, config) {
	const asked = profiles.flatMap((p) => names.map((n) => `${p} ${n}`));
	const ran = spawnSync(process.env.OURS + "/profile_values",
		[credentials, config], { input: asked.join("\n") + "\n" });
	const [first, ...answers] = ran.stdout.toString().split("\n");
	if (ran.status !== 0 || first !== "files")
		return first || `ended with ${ran.status}`;
	return asked.map((a, i) => `${a}: ${answers[i]}`).join("\n");
}

async function theirs(filepath, configFilepath) {
	const { credentialsFile, configFile } = await loadSharedConfigFiles({
		filepath, configFilepath, ignoreCache: true });
	return profiles.flatMap((p) => names.map((n) => `${p} ${n}: ` +
		(credentialsFile[p]?.[n] ?? configFile[p]?.[n] ?? ""))).join("\n");
}

(async () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), "opslore-sdk-"));
	const credentials = path.join(folder, "credentials");
	const config = path.join(folder, "config");
	let differences = 0;
	for (let i = 0; i < count; i++) {
		fs.writeFileSync(credentials, file(false));
		fs.writeFileSync(config, file(true));
		const mine = ours(credentials, config);
		const judged = await theirs(credentials, config);
		if (mine === judged || ++differences > 3)
			continue;
		console.log(fs.readFileSync(credentials, "utf8") + "----\n" +
			fs.readFileSync(config, "utf8"));
		console.log(judged.split("\n").filter((l) =>
			!mine.split("\n").includes(l)).join("\n"));
		console.log(`ours:\n${mine}`);
	}
	fs.rmSync(folder, { recursive: true });
	console.log(`${count} pairs of files compared, ` +
		`${differences} differences`);
	process.exitCode = differences ? 1 : 0;
})();
