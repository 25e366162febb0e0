// The official Node SDK on a running DocuBot that has the samples in its collection `default`.
// Usage: node sdk.mjs BASE_URL FOLDER_OF_SAMPLES, from a folder whose node_modules has `openai`.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const from = createRequire(join(process.cwd(), "package.json"));
const { default: OpenAI } = await import(pathToFileURL(from.resolve("openai")).href);
const [baseURL, samples] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "any", maxRetries: 0 });
const question = "How often must the battery of the tide gauge be replaced?";
const messages = [{ role: "user", content: question }];

const models = [];
for await (const model of client.models.list()) models.push(model.id);
assert(models.includes("docubot"), "models");

const chat = await client.chat.completions.create({ model: "docubot", messages });
assert.equal(chat.choices[0].finish_reason, "stop");
assert(chat.choices[0].message.annotations[0].url_citation.url.includes("/documents/"), "citation");

const stream = client.chat.completions.stream({ model: "docubot", messages, stream_options: { include_usage: true } });
const final = await stream.finalChatCompletion();
assert.equal(final.choices[0].message.content, chat.choices[0].message.content);
assert.equal(typeof (await stream.totalUsage()).total_tokens, "number");

const store = await client.vectorStores.create({ name: "node – узел" });
const files = [createReadStream(join(samples, "tide-gauge-manual.pdf"))];
const batch = await client.vectorStores.fileBatches.uploadAndPoll(store.id, { files }, { pollIntervalMs: 200 });
assert.deepEqual([batch.status, batch.file_counts.completed], ["completed", 1]);
const found = await client.vectorStores.search(store.id, { query: question, max_num_results: 3 });
assert.equal(found.data[0].filename, "tide-gauge-manual.pdf");

const tools = [{ type: "file_search", vector_store_ids: [store.id] }];
const include = ["file_search_call.results"];
const response = await client.responses.create({ model: "docubot", input: question, tools, include });
assert.equal(response.output[0].results[0].filename, "tide-gauge-manual.pdf");
assert.equal(response.output[1].content[0].annotations[0].type, "file_citation");
assert(response.output_text.length > 0, "output_text");
const previous = { model: "docubot", previous_response_id: response.id, tools };
const events = client.responses.stream({ ...previous, input: "And of the manual's radio?" });
const types = [];
for await (const event of events) types.push(event.type);
assert.deepEqual([types[0], types.at(-1)], ["response.created", "response.completed"]);
assert.equal((await events.finalResponse()).status, "completed");

await assert.rejects(client.vectorStores.retrieve("vs_none"), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ model: "gpt-none", messages }), OpenAI.NotFoundError);
await assert.rejects(client.chat.completions.create({ model: "docubot", messages, n: 2 }), OpenAI.BadRequestError);
assert((await client.vectorStores.delete(store.id)).deleted, "deleted");
console.log("ok");
