// Runs llama.cpp on a model and answers prompts greedily, for Diwan's `bench rescore`.
//
//   node greedy.mjs MODEL THREADS
//   N ID … -> ids of the answer to the prompt ID …, at most N, the one that ends it included
import readline from "node:readline";
import { getLlama } from "node-llama-cpp";

const [modelPath, threads] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads) });
const model = await llama.loadModel({ modelPath });
const context = await model.createContext({ contextSize: 1024, batchSize: 512, sequences: 1, threads: Number(threads) });
const sequence = context.getSequence();

console.log(`ready threads=${threads}`);
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [most, ...prompt] = line.split(" ").map(Number);
  await sequence.clearHistory();
  const answer = [];
  for await (const token of sequence.evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
    answer.push(token);
    if (answer.length >= most || model.isEogToken(token)) break;
  }
  console.log(answer.join(" "));
}
process.exit(0);
