// node peer.mjs FOLDER: writes golden.json, what llama.cpp makes of FOLDER/texts.json. See HOW.md.
import fs from 'node:fs';
import {getLlama} from 'node-llama-cpp';

const folder = process.argv[2];
const texts = JSON.parse(fs.readFileSync(`${folder}/texts.json`));
const llama = await getLlama({gpu: false, build: 'never', logLevel: 'disabled'});
const tokens = {};
for (const name of ['gpt-2', 'starcoder', 'llama-bpe', 'dbrx', 'qwen2', 'qwen35',
  'jais-2', 'gpt-4o', 'tekken', 'deepseek-llm', 'deepseek-coder', 'bloom', 'viking']) {
  const model = await llama.loadModel({modelPath: `${folder}/${name}.gguf`, vocabOnly: true});
  tokens[name] = texts.map(text => [...model.tokenize(text, false)]);
  await model.dispose();
}
const lines = texts.map((text, i) => JSON.stringify(
    {text, ...Object.fromEntries(Object.entries(tokens).map(([name, ids]) => [name, ids[i]]))}));
fs.writeFileSync('golden.json', `[\n${lines.join(',\n')}\n]\n`);
process.exit(0);
