// Server-sent events from a fetch body (WHATWG HTML §9.2.6). EventSource can neither POST nor carry a key.

const LARGEST_EVENT = 1 << 20;

/** Yields `{event, data}` for each event of the byte stream; throws where one exceeds 1 Mi characters. */
export async function* events(body) {
  let event = 'message';
  let data = [];
  for await (const line of lines(body)) {
    if (line === '') {
      if (data.length > 0) yield { event, data: data.join('\n') };
      event = 'message';
      data = [];
      continue;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line);
    if (field === 'data') data.push(value);
    if (field === 'event') event = value;
  }
}

/** Lines ended by LF, CRLF or CR; a CR at the end of a chunk waits for the LF that may follow. */
async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += value ?? '';
      if (rest.length > LARGEST_EVENT) throw new Error(`server-sent event over ${LARGEST_EVENT} characters`);
      const parts = rest.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
      rest = done ? '' : parts.pop();
      yield* parts;
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
