// The chat: a conversation in the memory of this tab, and nowhere else. Reload, and it is gone; what the
// law wants kept is in the ledger and in the tenant's sealed store, not in the browser.

import { LitElement, css, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import './composer.js';
import './turn.js';
import { chat, key, models } from '../shell/api.js';
import * as icons from '../shell/icons.js';
import { Localized, t } from '../shell/language.js';
import { style } from '../shell/style.js';

/** How near to the end, in pixels, the reader must be for the page to follow the stream. */
const NEAR = 80;

class DiwanChat extends LitElement {
  static properties = {
    turns: { state: true },
    models: { state: true },
    running: { state: true },
  };

  static styles = [style, css`
    :host {
      display: grid;
      grid-template: minmax(0, 1fr) auto / minmax(0, 1fr);
    }
    .scroll {
      overflow-y: auto;
      scrollbar-gutter: stable both-edges;
      padding: 2.5rem clamp(1rem, 4vw, 2.5rem) 1rem;
    }
    .column {
      max-inline-size: var(--column);
      margin-inline: auto;
    }
    .welcome {
      display: grid;
      align-content: center;
      justify-items: center;
      min-block-size: 100%;
      text-align: center;
    }
    .welcome h1 {
      color: var(--accent);
      font-family: var(--serif);
      font-size: clamp(4rem, 14vw, 7rem);
      font-weight: 400;
      line-height: 1.5;
    }
    .welcome p {
      max-inline-size: 32rem;
      margin-block-end: 2.5rem;
      color: var(--muted);
      font-family: var(--serif);
      font-size: 1.15rem;
      line-height: 1.9;
    }
    .welcome ul {
      display: grid;
      gap: 0.5rem;
      inline-size: min(30rem, 100%);
    }
    .welcome button {
      inline-size: 100%;
      padding: 0.55rem 1.25rem;
      border: 1px solid var(--rule);
      border-radius: 999px;
      background: var(--sheet);
      font-family: var(--serif);
      font-size: 1.05rem;
      line-height: 1.8;
    }
    .welcome button:hover {
      border-color: var(--accent);
      color: var(--accent);
    }
    .again {
      display: flex;
      justify-content: center;
    }
  `];

  #stop = null;

  constructor() {
    super();
    new Localized(this);
    this.turns = [];
    this.models = [];
    this.running = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.refresh();
  }

  render() {
    return html`
      <div class="scroll">
        ${this.turns.length === 0 ? this.#welcome() : html`
          <div class="column" role="log" aria-label=${t('conversation')} aria-busy=${this.running}>
            ${repeat(this.turns, (turn) => turn.id, (turn) => html`<diwan-turn .turn=${turn}></diwan-turn>`)}
          </div>
          <div class="again" ?hidden=${this.running}>
            <button class="quiet" @click=${this.#clear}>${icons.plus}${t('chat.new')}</button>
          </div>`}
      </div>
      <diwan-composer .models=${this.models} .running=${this.running}
        @ask=${(event) => this.#ask(event.detail)} @stop=${() => this.#stop?.abort()}>
      </diwan-composer>`;
  }

  #welcome() {
    return html`
      <div class="welcome">
        <h1 lang="ar" dir="rtl">ديوان</h1>
        <p>${t('chat.welcome')}</p>
        <ul aria-label=${t('chat.examples')}>
          ${[1, 2, 3].map((n) => html`
            <li><button dir="auto" lang="ar" @click=${() => this.#suggest(t(`chat.example.${n}`))}>
              ${t(`chat.example.${n}`)}</button></li>`)}
        </ul>
      </div>`;
  }

  #suggest(text) {
    this.renderRoot.querySelector('diwan-composer').fill(text);
  }

  /** Reads the models again: at the start, and when the key has changed. */
  async refresh() {
    if (!key.get()) {
      this.#askForKey();
      return;
    }
    try {
      this.models = await models();
    } catch (error) {
      if (error.status === 401) this.#askForKey();
      this.models = [];
    }
  }

  #askForKey() {
    this.dispatchEvent(new CustomEvent('needs-key', { bubbles: true, composed: true }));
  }

  #clear() {
    this.turns = [];
  }

  async #ask({ question, model, dataClass }) {
    const turn = { id: crypto.randomUUID(), question, model, dataClass, answer: '', state: 'running' };
    const messages = [...this.#history(), { role: 'user', content: question }];
    this.turns = [...this.turns, turn];
    this.running = true;
    this.#stop = new AbortController();
    this.#follow(true);
    try {
      for await (const piece of chat({ model, dataClass, messages, signal: this.#stop.signal })) {
        if (piece.receipt) Object.assign(turn, { receipt: piece.receipt, label: piece.label });
        if (piece.text) turn.answer += piece.text;
        if (piece.finish) Object.assign(turn, { state: 'done', finish: piece.finish });
        this.#show(turn);
      }
    } catch (error) {
      Object.assign(turn, error.name === 'AbortError' ? { state: 'stopped' } : { state: 'failed', error });
      if (error.receipt) turn.receipt = error.receipt;
      if (error.status === 401) this.#askForKey();
    } finally {
      this.running = false;
      this.#stop = null;
      this.#show(turn);
      if (turn.state === 'failed') this.#lookAt(turn);
    }
  }

  /** What was said before, for the model: answers that came to an end, with their questions. */
  #history() {
    return this.turns
      .filter((turn) => turn.answer !== '' && turn.state !== 'failed')
      .flatMap((turn) => [{ role: 'user', content: turn.question }, { role: 'assistant', content: turn.answer }]);
  }

  #show(turn) {
    this.turns = this.turns.map((other) => (other.id === turn.id ? { ...turn } : other));
    this.#follow(false);
  }

  /** A refusal is read from its head, however long it is. */
  async #lookAt(turn) {
    await this.updateComplete;
    const last = this.renderRoot.querySelector('diwan-turn:last-of-type');
    if (last?.turn.id === turn.id) requestAnimationFrame(() => last.scrollIntoView({ block: 'start' }));
  }

  async #follow(always) {
    const scroll = this.renderRoot.querySelector('.scroll');
    const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;
    await this.updateComplete;
    if (always || near) requestAnimationFrame(() => scroll.scrollTo({ top: scroll.scrollHeight }));
  }
}

customElements.define('diwan-chat', DiwanChat);
