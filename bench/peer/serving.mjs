// Runs llama.cpp on many sequences and answers one line per request, for Diwan's `bench serving`.
//
//   node serving.mjs MODEL THREADS STREAMS CONTEXT
//   load          -> seconds that loading the model and making the context took
//   streams N P A -> seconds for N prompts of P tokens and then A tokens of each, N in a batch
//   fill D        -> seconds to evaluate D tokens of one sequence, which then stays
//   decode D N    -> seconds for N single-token steps after the first D tokens of that sequence
//
// As in peer.mjs, no sampling and no queue of the JavaScript layer is timed.
import readline from "node:readline";
import { getLlama } from "node-llama-cpp";

const BATCH = 512;
const [modelPath, threads, streams, contextSize] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads) });
const loading = process.hrtime.bigint();
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({
  contextSize: Number(contextSize), batchSize: BATCH, sequences: Number(streams), threads: Number(threads),
});
const loaded = Number(process.hrtime.bigint() - loading) / 1e9;
const native = context._ctx;
const now = () => process.hrtime.bigint();
const since = (start) => Number(now() - start) / 1e9;
const token = (i) => 1 + ((i * 7919) % 250);

// Each piece: [sequence, first position, number of tokens]; the logits of every piece's last token.
async function evaluate(pieces) {
  native.initBatch(pieces.reduce((sum, [, , count]) => sum + count, 0));
  for (const [sequence, position, count] of pieces) {
    const tokens = Uint32Array.from({ length: count }, (_, i) => token(1000 * sequence + position + i));
    native.addToBatch(sequence, position, tokens, Uint32Array.from([count - 1]));
  }
  await native.decodeBatch();
}

async function fill(sequence, count) {
  for (let i = 0; i < count; i += BATCH) await evaluate([[sequence, i, Math.min(BATCH, count - i)]]);
}

const verbs = {
  load: async () => loaded,
  async streams(count, prompt, answer) {
    for (let i = 0; i < count; i++) native.disposeSequence(i);
    const start = now();
    for (let i = 0; i < count; i++) await fill(i, prompt);
    for (let t = prompt; t < prompt + answer; t++) {
      await evaluate(Array.from({ length: count }, (_, i) => [i, t, 1]));
    }
    const seconds = since(start);
    for (let i = 0; i < count; i++) native.disposeSequence(i);
    return seconds;
  },
  async fill(depth) {
    native.disposeSequence(0);
    const start = now();
    await fill(0, depth);
    return since(start);
  },
  async decode(depth, steps) {
    if (depth === 0) native.disposeSequence(0);
    else native.removeTokenCellsFromSequence(0, depth, depth + 4096);
    const start = now();
    for (let i = depth; i < depth + steps; i++) await evaluate([[0, i, 1]]);
    return since(start);
  },
};

console.log(`ready threads=${native.getThreads()}`);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [verb, ...numbers] = line.split(" ");
  console.log(await verbs[verb](...numbers.map(Number)));
}
process.exit(0);
