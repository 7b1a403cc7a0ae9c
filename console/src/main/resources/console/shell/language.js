// The reader's language: texts from /locale/*.json, digits and dates in its manner, direction of the page.

const LANGUAGES = { ar: 'العربية', ko: '한국어', en: 'English' };
const CHOICE = 'diwan-language';
/** Arabic as officials of the Gulf write it: Arabic-Indic digits, the Gregorian calendar beside the log's UTC. */
const FORMATS = { ar: 'ar-SA-u-ca-gregory-nu-arab', ko: 'ko-KR', en: 'en-GB' };

const readers = new Set();
let code = 'ar';
let texts = {};

export const languages = () => Object.entries(LANGUAGES);
export const language = () => code;

/** The reader's own choice, else the browser's language where we speak it, else Arabic. */
export function preferred() {
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2));
  return [localStorage.getItem(CHOICE), ...spoken].find((tag) => tag in LANGUAGES) ?? 'ar';
}

/** Afterwards the page speaks `tag`: texts, `lang` and `dir` of the document, every localized element. */
export async function speak(tag) {
  const response = await fetch(`/locale/${tag}.json`);
  texts = await response.json();
  code = tag;
  document.documentElement.lang = tag;
  document.documentElement.dir = tag === 'ar' ? 'rtl' : 'ltr';
  document.title = t('title');
  for (const reader of readers) reader.requestUpdate();
}

export function choose(tag) {
  localStorage.setItem(CHOICE, tag);
  return speak(tag);
}

/** The text of `key`, `{name}` replaced by `values.name`. A key without text shows itself. */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return typeof text === 'string' ? text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '') : text;
}

export const number = (value) => new Intl.NumberFormat(FORMATS[code]).format(value);

export const time = (instant) =>
  new Intl.DateTimeFormat(FORMATS[code], { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

/** A lit controller: the element that owns it is drawn again when the language changes. */
export class Localized {
  constructor(host) {
    this.host = host;
    host.addController(this);
  }
  hostConnected() {
    readers.add(this.host);
  }
  hostDisconnected() {
    readers.delete(this.host);
  }
}

/** The language that a text is most likely in, by its script: fonts, line height and voices follow it. */
export function languageOf(text) {
  const count = (script) => text.match(script)?.length ?? 0;
  const arabic = count(/\p{Script=Arabic}/gu);
  const hangul = count(/\p{Script=Hangul}/gu);
  const latin = count(/\p{Script=Latin}/gu);
  if (arabic + hangul + latin === 0) return code;
  if (arabic >= hangul && arabic >= latin) return 'ar';
  return hangul >= latin ? 'ko' : 'en';
}
