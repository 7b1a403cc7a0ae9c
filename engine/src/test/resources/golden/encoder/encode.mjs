// Writes llama.cpp's vectors and rank scores of three fixed texts, one JSON file a model.
//   node encode.mjs OUT_DIR MODEL.gguf…
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const ids = (count) => Array.from({ length: count }, (_, i) => 5 + ((i * 37) % 100));
const [out, ...models] = process.argv.slice(2);
const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.warn });
for (const file of models) {
  const name = path.basename(file, ".gguf");
  const rank = name.startsWith("RANK");
  // What begins and ends a text stands there already, so that the peer adds nothing.
  const [begin, end] = rank ? [0, 2] : name.startsWith("decoder") ? [256, 258] : [2, 3];
  const texts = [0, 7, 45].map((count) => [begin, ...ids(count), end]);
  const model = await llama.loadModel({
    modelPath: path.resolve(file),
    // Flash attention rounds keys and values to half precision, which would hide differences below 3e-3.
    defaultContextFlashAttention: false,
  });
  const options = { contextSize: 256, batchSize: 256, threads: 2 };
  const context = rank ? await model.createRankingContext(options) : await model.createEmbeddingContext(options);
  const results = [];
  for (const tokens of texts) {
    // The ranking context offers texts only; this is the step below it, which takes tokens.
    const result = rank
      ? [await context._evaluateRankingForInput(tokens)]
      : (await context.getEmbeddingFor(tokens)).vector;
    results.push(Array.from(result, (value) => Number(value.toPrecision(7))));
  }
  const sha256 = createHash("sha256").update(fs.readFileSync(file)).digest("hex");
  fs.writeFileSync(
    path.join(out, name + ".json"),
    JSON.stringify({ sha256, texts, results }).replaceAll("],[", "],\n[") + "\n");
  await context.dispose();
  await model.dispose();
}
process.exit(0);
