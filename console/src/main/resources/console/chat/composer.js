// Where the question is written: Enter sends, Shift+Enter breaks the line; who answers and how the data is
// classed stand beside it, because policy decides by them.

import { LitElement, css, html } from 'lit';
import * as icons from '../shell/icons.js';
import { Localized, language, languageOf, t } from '../shell/language.js';
import { style } from '../shell/style.js';

const CLASSES = ['public', 'internal', 'confidential', 'secret'];
/** Longer prompts do not fit the context of any model served here; the server says so for its own. */
const LONGEST = 200_000;

class DiwanComposer extends LitElement {
  static properties = {
    models: { attribute: false },
    running: { type: Boolean },
    model: { state: true },
    dataClass: { state: true },
    text: { state: true },
  };

  static styles = [style, css`
    :host {
      padding: 0.5rem clamp(0.75rem, 4vw, 2.5rem) max(1rem, env(safe-area-inset-bottom));
    }
    form {
      max-inline-size: calc(var(--column) + 2.5rem);
      margin-inline: auto;
      padding: 0.85rem 1.25rem 0.6rem;
      border: 1px solid var(--rule);
      border-radius: 1.25rem;
      background: var(--sheet);
      box-shadow: 0 0.5rem 2rem var(--shadow);
    }
    form:focus-within {
      border-color: var(--accent);
      box-shadow: 0 0 0 1px var(--accent), 0 0.5rem 2rem var(--shadow);
    }
    textarea {
      display: block;
      inline-size: 100%;
      min-block-size: 2.4em;
      max-block-size: 40dvh;
      field-sizing: content;
      padding: 0;
      border: 0;
      outline: 0;
      resize: none;
      background: none;
      font-family: var(--serif);
      font-size: 1.15rem;
      line-height: 1.75;
    }
    /* The frame around the whole composer is the focus ring. */
    textarea:focus-visible {
      outline: 0;
    }
    textarea:lang(ar) {
      font-size: 1.25rem;
      line-height: 1.9;
    }
    textarea::placeholder {
      color: var(--muted);
      opacity: 1;
    }
    .row {
      display: flex;
      align-items: center;
      gap: 0.35rem;
      margin-block-start: 0.35rem;
      margin-inline-start: -0.5rem;
    }
    .hint {
      margin-inline-start: auto;
      padding-inline: 0.5rem;
      color: var(--muted);
      font-size: 0.8rem;
      white-space: nowrap;
    }
    .act {
      inline-size: 2.6rem;
      padding: 0;
      flex: none;
    }
    @media (max-width: 40rem) {
      form {
        padding-inline: 1rem 0.75rem;
      }
      .hint {
        display: none;
      }
      .act {
        margin-inline-start: auto;
      }
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.models = [];
    this.running = false;
    this.model = '';
    this.dataClass = 'internal';
    this.text = '';
  }

  willUpdate(changed) {
    if (changed.has('models') && !this.models.some(({ id }) => id === this.model)) {
      this.model = this.models[0]?.id ?? '';
    }
  }

  render() {
    const speech = this.text === '' ? language() : languageOf(this.text);
    return html`
      <form @submit=${this.#submit}>
        <textarea name="question" rows="1" dir=${this.text === '' ? '' : 'auto'} lang=${speech} maxlength=${LONGEST}
          aria-label=${t('composer.question')} placeholder=${t('composer.placeholder')}
          .value=${this.text} @input=${(event) => (this.text = event.target.value)} @keydown=${this.#key}></textarea>
        <div class="row">
          <label class="choice">
            <span class="visually-hidden">${t('composer.model')}</span>
            <select name="model" @change=${(event) => (this.model = event.target.value)}>
              ${this.models.length === 0 ? html`<option value="">${t('composer.noModel')}</option>` : ''}
              ${this.models.map(({ id, diwan }) => html`
                <option value=${id} ?selected=${id === this.model}>${id}${where(diwan)}</option>`)}
            </select>
          </label>
          <label class="choice">
            <span class="visually-hidden">${t('composer.class')}</span>
            <select name="class" title=${t('composer.class')}
              @change=${(event) => (this.dataClass = event.target.value)}>
              ${CLASSES.map((name) => html`
                <option value=${name} ?selected=${name === this.dataClass}>${t(`class.${name}`)}</option>`)}
            </select>
          </label>
          <span class="hint">${t('composer.hint')}</span>
          ${this.running
            ? html`<button type="button" name="stop" class="primary act" aria-label=${t('composer.stop')}
                @click=${() => this.dispatchEvent(new CustomEvent('stop'))}>${icons.stop}</button>`
            : html`<button name="send" class="primary act" aria-label=${t('composer.send')}
                ?disabled=${this.text.trim() === '' || this.model === ''}>${icons.send}</button>`}
        </div>
      </form>`;
  }

  /** Puts `text` in the field, ready to be changed or sent. */
  fill(text) {
    this.text = text;
    this.renderRoot.querySelector('textarea').focus();
  }

  #key(event) {
    // While an input method composes a syllable (Korean), Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const question = this.text.trim();
    if (question === '' || this.model === '' || this.running) return;
    this.dispatchEvent(new CustomEvent('ask', { detail: { question, model: this.model, dataClass: this.dataClass } }));
    this.text = '';
  }
}

/** Under whose law the model runs, where the server says so. */
const where = (diwan) => (diwan?.jurisdiction ? ` · ${diwan.jurisdiction.toUpperCase()}` : '');

customElements.define('diwan-composer', DiwanComposer);
