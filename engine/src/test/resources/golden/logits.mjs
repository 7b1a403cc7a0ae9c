// Writes llama.cpp's log probabilities after the last nine tokens of a fixed text, one JSON file a model.
//   node logits.mjs OUT_DIR short|long MODEL.gguf…
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const nine = [72, 101, 108, 108, 111, 32, 216, 300, 167];
const [out, length, ...models] = process.argv.slice(2);
// Long enough for windows of 12 positions to slide over pages of 16.
const before = length === "long" ? Array.from({ length: 31 }, (_, i) => (i * 89 + 17) % 320) : [];
const tokens = [...before, ...nine];
const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.warn });
for (const file of models) {
  const model = await llama.loadModel({ modelPath: path.resolve(file) });
  const context = await model.createContext({
    contextSize: 256,
    sequences: 1,
    threads: 2,
    flashAttention: false,
    // Its default of F16 would hide differences below 1e-3.
    experimentalKvCacheKeyType: "F32",
    experimentalKvCacheValueType: "F32",
  });
  const wanted = { generateNext: { probabilities: true, options: { temperature: 1, topK: 0, topP: 1, minP: 0 } } };
  const results = await context.getSequence().controlledEvaluate(
    tokens.map((token, i) => (i < before.length ? token : [token, wanted])));
  const digits = file.includes("F32") ? 6 : 4;
  const rows = results.slice(before.length).map(({ next }) =>
    Array.from({ length: next.probabilities.size }, (_, id) => Number(Math.log(next.probabilities.get(id)).toFixed(digits))));
  const sha256 = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  fs.writeFileSync(
    path.join(out, path.basename(file, ".gguf") + ".json"),
    JSON.stringify({ sha256, tokens, logProbabilities: rows }).replaceAll("],[", "],\n[") + "\n");
  await context.dispose();
  await model.dispose();
}
process.exit(0);
