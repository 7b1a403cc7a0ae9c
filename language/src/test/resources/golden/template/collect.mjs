// node collect.mjs FOLDER: writes the chat templates of npm @huggingface/ollama-utils into FOLDER/templates. See HOW.md.
import fs from 'node:fs';

const folder = `${process.argv[2]}/templates`;
const source = fs.readFileSync('node_modules/@huggingface/ollama-utils/dist/index.mjs', 'utf8');
const entry = /model: "([^"]+)",\s*gguf: ("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)/gs;
fs.mkdirSync(folder, {recursive: true});
for (const [, model, literal] of source.matchAll(entry)) {
  let name = model.replace('library/', '').replace(/[:/]/g, '_');
  while (fs.existsSync(`${folder}/${name}.jinja`)) name += 'x';
  fs.writeFileSync(`${folder}/${name}.jinja`, eval(literal));
}
