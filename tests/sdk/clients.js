// Requests that AWS's own clients build, caught before they leave: ours signs
// the same bytes to the same authorization.
"use strict";
const { SupportClient, DescribeCasesCommand, DescribeCommunicationsCommand,
	DescribeAttachmentCommand } = require("@aws-sdk/client-support");
const { BedrockRuntimeClient, ConverseCommand, InvokeModelCommand } =
	require("@aws-sdk/client-bedrock-runtime");
const { SageMakerRuntimeClient, InvokeEndpointCommand } =
	require("@aws-sdk/client-sagemaker-runtime");
const { buildQueryString } = require("@smithy/querystring-builder");
const { compare } = require("./ours.js");

const id = "AKIAIOSFODNN7EXAMPLE";
const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const caught = [];

// Takes the place of the network: keeps what would have been sent.
class Caught extends Error {}
const handler = {
	handle: async (request) => {
		caught.push(request);
		throw new Caught();
	},
};

const models = ["anthropic.claude-3-5-sonnet-20241022-v2:0",
	"us.amazon.nova-lite-v1:0", "meta.llama3-1-8b-instruct-v1:0",
	"arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.m-1:0",
	"arn:aws-cn:bedrock:cn-north-1:123456789012:provisioned-model/a1b2"];
const texts = ["The disk is full.", "磁盘已满，无法启动", "디스크가 가득 찼습니다",
	"line\nline\t\"quoted\" \\ 🙂"];

function* commands() {
	for (const language of ["en", "zh", "ja", "ko"])
		for (const nextToken of [undefined, "t+/=" + language.repeat(40)])
			yield [SupportClient, new DescribeCasesCommand({
				afterTime: "2024-01-01T00:00:00Z", maxResults: 100,
				includeResolvedCases: true, language, nextToken,
			})];
	for (const caseId of ["case-123456789012-muen-2024-a1", "案件", "x y"]) {
		yield [SupportClient, new DescribeCommunicationsCommand({ caseId })];
		yield [SupportClient, new DescribeAttachmentCommand({
			attachmentId: caseId,
		})];
	}
	for (const modelId of models)
		for (const text of texts) {
			yield [BedrockRuntimeClient, new ConverseCommand({
				modelId, messages: [{ role: "user", content: [{ text }] }],
				inferenceConfig: { maxTokens: 500, temperature: 0 },
			})];
			yield [BedrockRuntimeClient, new InvokeModelCommand({
				modelId, body: JSON.stringify({ messages: text }),
				contentType: "application/json", trace: "ENABLED",
			})];
		}
	for (const EndpointName of ["llm", "llm-7b-2024"])
		for (const text of texts)
			yield [SageMakerRuntimeClient, new InvokeEndpointCommand({
				EndpointName, Body: JSON.stringify({ inputs: text }),
				ContentType: "application/json", TargetModel: "m/1.tar.gz",
			})];
}

const bytes = (body) => body === undefined ? Buffer.alloc(0)
	: Buffer.from(body);

// The request as it goes over the wire, with all its headers.
function ours(request, region, service, token) {
	const port = request.port ? `:${request.port}` : "";
	const query = buildQueryString(request.query ?? {});
	return {
		method: request.method,
		url: `${request.protocol}//${request.hostname}${port}${request.path}` +
			(query ? `?${query}` : ""),
		headers: Object.entries(request.headers), body: bytes(request.body),
		service, region, id, secret, token, single: false,
		hash_header: true, time: time_of(request.headers["x-amz-date"]),
	};
}

const time_of = (date) => Date.parse(date.replace(
	/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));

(async () => {
	const requests = [], theirs = [];
	for (const region of ["us-east-1", "eu-west-1", "cn-north-1"])
		for (const token of ["", "AQoDYXdzEPT//EXAMPLE+token=="])
			for (const [Client, command] of commands()) {
				const client = new Client({
					region, requestHandler: handler, maxAttempts: 1,
					credentials: { accessKeyId: id, secretAccessKey: secret,
						...(token && { sessionToken: token }) },
				});
				await client.send(command).catch((error) => {
					if (!(error instanceof Caught))
						throw error;
				});
				const request = caught.pop();
				const authorization = request.headers.authorization;
				const [, signing, service] =
					/Credential=[^/]*\/\d+\/([^/]*)\/([^/]*)\//.exec(authorization);
				requests.push(ours(request, signing, service, token));
				theirs.push(authorization);
			}
	compare(requests, theirs, "requests of AWS's clients");
})();
