// The requests of tests/data/llm/request, which test_llm.c holds our back ends
// to: the official clients send the same for the same prompt.
"use strict";
const fs = require("fs");
const path = require("path");
const { isDeepStrictEqual } = require("util");
const { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } =
	require("@aws-sdk/client-bedrock-runtime");
const { SageMakerRuntimeClient, InvokeEndpointCommand } =
	require("@aws-sdk/client-sagemaker-runtime");
const { OpenAI, AzureOpenAI } = require("openai");

const folder = process.argv[2];
const prompt = JSON.parse(fs.readFileSync(path.join(folder, "prompt.json")));
const text = fs.readFileSync(path.join(folder, "prompt.json"), "utf8");
// As it stands in the file: Converse takes it as a text.
const schema = text.slice(text.indexOf('"schema": ') + 10,
	text.lastIndexOf("}")).trim();
const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE",
	secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };

class Caught extends Error {}
let caught;
const handler = { handle: async (request) => {
	caught = request;
	throw new Caught();
} };
const fetch = async (url, options) => {
	caught = { url: String(url), body: options.body,
		headers: Object.fromEntries(new Headers(options.headers)) };
	throw new Caught();
};

const words = `${prompt.system}\n\nAnswer with one JSON object that follows ` +
	`this JSON schema, and with nothing else:\n${schema}`;
const turns = (content) => prompt.turns.map((t) => ({
	role: t.role === "model" ? "assistant" : "user", content: content(t.text),
}));

function converse(conf, shape) {
	const tool = { name: prompt.name, description: prompt.about,
		inputSchema: { json: prompt.schema } };
	return {
		modelId: conf.model,
		system: [{ text: shape === "prompt" ? words : prompt.system }],
		messages: turns((t) => [{ text: t }]),
		inferenceConfig: { maxTokens: prompt.output_most,
			temperature: Number(conf.temperature ?? 0) },
		...(shape === "tool" && { toolConfig: {
			tools: [{ toolSpec: tool }],
			toolChoice: { tool: { name: prompt.name } },
		} }),
		...(shape === "schema" && { outputConfig: { textFormat: {
			type: "json_schema", structure: { jsonSchema: {
				schema, name: prompt.name, description: prompt.about,
			} },
		} } }),
	};
}

function chat(conf, shape) {
	const system = shape === "prompt" ? words : prompt.system;
	const messages = turns((t) => t);
	if (conf["system-turn"] === "no")
		messages[0].content = system + "\n\n" + messages[0].content;
	else
		messages.unshift({ role: "system", content: system });
	return {
		model: conf.model, messages,
		[conf.ceiling ?? "max_tokens"]: prompt.output_most,
		...(conf.temperature !== "none" && {
			temperature: Number(conf.temperature ?? 0) }),
		...(shape === "schema" && { response_format: {
			type: "json_schema", json_schema: { name: prompt.name,
				description: prompt.about, strict: true,
				schema: prompt.schema },
		} }),
		...(shape === "tool" && {
			tools: [{ type: "function", function: { name: prompt.name,
				description: prompt.about,
				parameters: prompt.schema } }],
			tool_choice: { type: "function",
				function: { name: prompt.name } },
		}),
	};
}

// What each client is told, with the body as ours has it where it passes
// bodies through.
const clients = {
	converse: (conf, shape) => new BedrockRuntimeClient(aws(conf))
		.send(new ConverseCommand(converse(conf, shape))),
	invoke: (conf, shape, body) => new BedrockRuntimeClient(aws(conf))
		.send(new InvokeModelCommand({ modelId: conf.model, body,
			contentType: "application/json",
			accept: "application/json" })),
	sagemaker: (conf, shape, body) => new SageMakerRuntimeClient(aws(conf))
		.send(new InvokeEndpointCommand({ EndpointName: conf.endpoint,
			InferenceComponentName: conf.component, Body: body,
			ContentType: "application/json",
			Accept: "application/json" })),
	openai: (conf, shape) => {
		if (conf["key-header"])
			return new AzureOpenAI({ fetch, maxRetries: 0, apiKey: "x",
				endpoint: new URL(conf.url).origin,
				deployment: conf.model, apiVersion:
				new URL(conf.url).searchParams.get("api-version") })
				.chat.completions.create(chat(conf, shape));
		const url = new URL(conf.url);
		if (url.pathname === "/")
			url.pathname = "/v1";
		return new OpenAI({ fetch, maxRetries: 0, apiKey: "x",
			baseURL: url.href }).chat.completions
			.create(chat(conf, shape));
	},
};

const aws = (conf) => ({ region: conf.region, credentials, maxAttempts: 1,
	requestHandler: handler, ...(conf.url && { endpoint: conf.url }) });

const settings = (lines) => Object.fromEntries(lines.trim().split("\n")
	.map((line) => line.split(/ = (.*)/s).slice(0, 2)));

function differences(theirs, url, body) {
	const sent = theirs.url ?? `${theirs.protocol}//${theirs.hostname}` +
		(theirs.port ? `:${theirs.port}` : "") + theirs.path;
	const found = [];
	if (sent !== url)
		found.push(`address: theirs ${sent}, ours ${url}`);
	if (!isDeepStrictEqual(JSON.parse(Buffer.from(theirs.body).toString()),
		JSON.parse(body)))
		found.push(`body: theirs ${Buffer.from(theirs.body)}, ours ${body}`);
	if (theirs.headers["content-type"] !== "application/json")
		found.push(`content-type: ${theirs.headers["content-type"]}`);
	return found;
}

(async () => {
	let wrong = 0, compared = 0;
	for (const name of fs.readdirSync(path.join(folder, "request")).sort()) {
		const parts = fs.readFileSync(path.join(folder, "request", name),
			"utf8").trimEnd().split("\n---\n");
		const conf = settings(parts[0]);
		caught = undefined;
		try {
			await clients[conf.kind](conf, parts[1], parts[3]);
		} catch (e) {
			if (!caught)
				throw e;
		}
		const found = differences(caught, parts[2], parts[3]);
		const component = Object.entries(caught.headers).find(([n]) =>
			n.toLowerCase() === "x-amzn-sagemaker-inference-component");
		if (component?.[1] !== conf.component)
			found.push(`component: ${component}`);
		if (conf["key-header"] && !caught.headers[conf["key-header"]])
			found.push("their key stands in another header");
		for (const line of found)
			console.log(`${name}: ${line}`);
		wrong += found.length > 0;
		compared++;
	}
	console.log(`${compared} requests compared with the official clients', ` +
		`${wrong} differ`);
	process.exit(wrong || compared < 15 ? 1 : 0);
})();
