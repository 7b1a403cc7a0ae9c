// Runs llama.cpp on a model and answers one line per request, for Diwan's `bench engine`.
//
//   node peer.mjs MODEL THREADS
//   prefill N  -> seconds to evaluate a prompt of N tokens in one batch, logits of the last
//   decode P N -> seconds for N single-token steps with logits, after P tokens that are not timed
//
// Steps go straight to the binding's batch functions: no sampling and no queue of the JavaScript
// layer is timed. `_ctx` is internal to node-llama-cpp; its version is pinned beside this file.
import readline from "node:readline";
import { getLlama } from "node-llama-cpp";

const [modelPath, threads] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, batchSize: 512, sequences: 1, threads: Number(threads) });
const native = context._ctx;

async function evaluate(position, tokens) {
  native.initBatch(tokens.length);
  native.addToBatch(0, position, Uint32Array.from(tokens), Uint32Array.from([tokens.length - 1]));
  await native.decodeBatch();
}

const token = (i) => 1 + ((i * 7919) % 250);
const prompt = (count) => Array.from({ length: count }, (_, i) => token(i));

async function prefill(count) {
  native.disposeSequence(0);
  const start = process.hrtime.bigint();
  await evaluate(0, prompt(count));
  return start;
}

async function decode(before, count) {
  native.disposeSequence(0);
  await evaluate(0, prompt(before));
  const start = process.hrtime.bigint();
  for (let i = before; i < before + count; i++) await evaluate(i, [token(i)]);
  return start;
}

console.log(`ready threads=${native.getThreads()}`);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [verb, ...counts] = line.split(" ");
  const start = await { prefill, decode }[verb](...counts.map(Number));
  console.log(Number(process.hrtime.bigint() - start) / 1e9);
}
process.exit(0);
