// The official clients against the scripted server, which checks their keys
// and signatures: answers, refusals and retries mean to them what they should.
"use strict";
const assert = require("assert");
const { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } =
	require("@aws-sdk/client-bedrock-runtime");
const { SageMakerRuntimeClient, InvokeEndpointCommand } =
	require("@aws-sdk/client-sagemaker-runtime");
const { NodeHttpHandler } = require("@smithy/node-http-handler");
const { OpenAI } = require("openai");

const [signed, bearer] = process.argv.slice(2)
	.map((port) => `http://127.0.0.1:${port}`);
const aws = { region: "us-east-1", endpoint: signed, maxAttempts: 2,
	credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE",
		secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" } };
// Bedrock's would speak HTTP/2, which the scripted server does not.
const plain = { ...aws, requestHandler: new NodeHttpHandler() };
const bedrock = new BedrockRuntimeClient(plain);
const wrong = new BedrockRuntimeClient({ ...plain, credentials: {
	accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wrong" } });
const sagemaker = new SageMakerRuntimeClient(aws);
const openai = new OpenAI({ baseURL: bearer + "/v1", maxRetries: 1,
	apiKey: "sk-example-not-a-real-key" });
const schema = { type: "object", properties: {} };
const truth = { id: "901", class: "service fault", codes: ["502"] };
const modelId = "arn:aws:bedrock:us-east-1:123456789012:" +
	"inference-profile/us.m-1:0";
const text = (body) => Buffer.from(body).toString();

const converse = (say, more) => bedrock.send(new ConverseCommand({ modelId,
	messages: [{ role: "user", content: [{ text: "Case 901: " + say }] }],
	inferenceConfig: { maxTokens: 50 }, ...more }));
const invoke = async (say, more) => JSON.parse(text((await bedrock.send(
	new InvokeModelCommand({ modelId, contentType: "application/json",
		body: JSON.stringify({ anthropic_version: "bedrock-2023-05-31",
			max_tokens: 50,
			messages: [{ role: "user", content: "Case 901: " + say }],
			...more }) }))).body));
const endpoint = async (body) => JSON.parse(text((await sagemaker.send(
	new InvokeEndpointCommand({ EndpointName: "e",
		ContentType: "application/json",
		Body: JSON.stringify(body) }))).Body));
const chat = (say, more) => openai.chat.completions.create({ model: "m",
	messages: [{ role: "user", content: "Case 901: " + say }], ...more });
const said = (answer) => answer.choices[0].message.content;

const tests = {
	async "Converse: text, tool, schema"() {
		let r = await converse("it is slow");
		assert.deepStrictEqual(JSON.parse(r.output.message.content[0].text),
			truth);
		assert.strictEqual(r.stopReason, "end_turn");
		assert(r.usage.inputTokens > 0);
		r = await converse("it is slow", { toolConfig: {
			tools: [{ toolSpec: { name: "digest",
				inputSchema: { json: schema } } }],
			toolChoice: { tool: { name: "digest" } } } });
		assert.deepStrictEqual(r.output.message.content[0].toolUse.input,
			truth);
		assert.strictEqual(r.stopReason, "tool_use");
		r = await converse("it is slow", { outputConfig: { textFormat: {
			type: "json_schema", structure: { jsonSchema: {
				name: "digest", schema: JSON.stringify(schema) } } } } });
		assert.strictEqual(r.stopReason, "end_turn");
	},
	async "Converse: troubles"() {
		assert((await converse("please wait")).output);
		await assert.rejects(converse("it cannot be"),
			{ name: "InternalServerException" });
		assert.strictEqual((await converse("guarded")).stopReason,
			"guardrail_intervened");
		assert.strictEqual((await converse("no end")).stopReason,
			"max_tokens");
		await assert.rejects(converse(" ", { messages: [] }),
			{ name: "ValidationException" });
		await assert.rejects(wrong.send(new ConverseCommand({ modelId,
			messages: [{ role: "user", content: [{ text: "a" }] }] })),
			{ name: "AccessDeniedException" });
	},
	async "InvokeModel"() {
		let r = await invoke("it is slow");
		assert.deepStrictEqual(JSON.parse(r.content[0].text), truth);
		r = await invoke("it is slow", {
			tools: [{ name: "digest", input_schema: schema }],
			tool_choice: { type: "tool", name: "digest" } });
		assert.deepStrictEqual(r.content[0].input, truth);
		assert.strictEqual((await invoke("not this")).stop_reason,
			"refusal");
		await assert.rejects(invoke("x", { stop: 1 }),
			{ name: "ValidationException" });
	},
	async "InvokeEndpoint"() {
		let r = await endpoint({ inputs: "Case 901", parameters: {} });
		assert.deepStrictEqual(JSON.parse(r[0].generated_text), truth);
		r = await endpoint({ messages: [{ role: "user",
			content: "Case 901" }] });
		assert.deepStrictEqual(JSON.parse(said(r)), truth);
		await assert.rejects(endpoint({ inputs: "it cannot be" }),
			{ name: "ModelError", OriginalStatusCode: 500 });
	},
	async "chat completions"() {
		let r = await chat("it is slow", { response_format: {
			type: "json_schema", json_schema: { name: "digest",
				strict: true, schema } } });
		assert.deepStrictEqual(JSON.parse(said(r)), truth);
		assert(r.usage.total_tokens > 0);
		r = await chat("it is slow", {
			tools: [{ type: "function", function: { name: "digest",
				parameters: schema } }],
			tool_choice: { type: "function",
				function: { name: "digest" } } });
		assert.deepStrictEqual(JSON.parse(r.choices[0].message
			.tool_calls[0].function.arguments), truth);
		r = await chat("not this");
		assert(r.choices[0].message.refusal);
		assert.strictEqual((await chat("guarded")).choices[0].finish_reason,
			"content_filter");
		assert.strictEqual((await chat("no end")).choices[0].finish_reason,
			"length");
		assert((await chat("please wait")).choices);
		await assert.rejects(chat("it cannot be"),
			OpenAI.InternalServerError);
		await assert.rejects(chat("x", { messages: [] }),
			OpenAI.BadRequestError);
		await assert.rejects(new OpenAI({ baseURL: bearer + "/v1",
			maxRetries: 0, apiKey: "no" }).chat.completions.create({
			model: "m", messages: [{ role: "user", content: "a" }] }),
			OpenAI.AuthenticationError);
	},
};

(async () => {
	let failed = 0;
	for (const [name, test] of Object.entries(tests))
		try {
			await test();
			console.log(`ok      ${name}`);
		} catch (e) {
			failed++;
			console.log(`FAILED  ${name}: ${e.stack}`);
		}
	process.exit(failed ? 1 : 0);
})();
