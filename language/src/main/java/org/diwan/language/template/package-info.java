/// The part of Jinja that chat templates use, read as Jinja 3.1 reads it under the settings that
/// Hugging Face's `apply_chat_template` fixes (`trim_blocks`, `lstrip_blocks`, loop controls, no
/// autoescape, sandboxed and immutable).
///
/// Start reading at [org.diwan.language.template.Template]: source → tokens (`Lexer`) → tree
/// (`Parser`, `Statement`, `Expression`) → text (`Interpreter`). Values behave as Python's do
/// (`Values`), because templates were written against Python.
///
/// It knows nothing of chats or tokens. What it adds to Jinja is provenance: every character of a
/// [org.diwan.language.template.Text] knows whether the template or its input wrote it.
///
/// Limits: a template is untrusted input; `Limits` bounds its size, nesting, work and output. It
/// has no `include`, `import`, `extends` or recursive loops, and cannot reach any Java object: an
/// unknown construct is refused with its name and line. Python's tuples are lists here, which shows
/// only where one is printed; integers have 64 bits, and overflow is refused.
@NullMarked
package org.diwan.language.template;

import org.jspecify.annotations.NullMarked;
