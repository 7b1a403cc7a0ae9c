// One turn: a question, and the answer, the refusal or the error that came back; under an answer its
// receipt and the way to check it.

import { LitElement, css, html, nothing } from 'lit';
import './refusal.js';
import '../proof/steps.js';
import { verifyReceipt } from '../proof/receipt.js';
import { receiptFile } from '../shell/api.js';
import * as icons from '../shell/icons.js';
import { Localized, languageOf, t } from '../shell/language.js';
import { style } from '../shell/style.js';

/** Milliseconds for which a button says that it has copied. */
const THANKS = 1600;
/** The statuses that the locales have words for. */
const KNOWN = [0, 400, 401, 404, 413, 429, 503];

class DiwanTurn extends LitElement {
  static properties = {
    turn: { attribute: false },
    steps: { state: true },
    copied: { state: true },
  };

  static styles = [style, css`
    :host {
      margin-block-end: 2.75rem;
    }
    .question {
      margin-block-end: 1.25rem;
      padding-inline-start: 1.1rem;
      border-inline-start: 2px solid var(--accent);
      color: var(--muted);
    }
    .text {
      font-family: var(--serif);
      font-size: 1.15rem;
      line-height: 1.75;
      overflow-wrap: anywhere;
    }
    .text:lang(ar) {
      font-size: 1.35rem;
      line-height: 2.05;
    }
    .text:lang(ko) {
      line-height: 1.85;
      word-break: keep-all;
    }
    .question .text {
      font-size: 1.05rem;
    }
    .question .text:lang(ar) {
      font-size: 1.2rem;
      line-height: 1.9;
    }
    .text p {
      min-block-size: 1em;
      white-space: pre-wrap;
    }
    .running .text > p:last-child::after {
      content: '';
      display: inline-block;
      inline-size: 0.5em;
      block-size: 0.5em;
      margin-inline-start: 0.35em;
      background: var(--accent);
      rotate: 45deg;
      animation: breathe 1.4s ease-in-out infinite;
    }
    @keyframes breathe {
      50% {
        opacity: 0.15;
      }
    }
    @media (prefers-reduced-motion: reduce) {
      .running .text > p:last-child::after {
        animation: none;
      }
    }
    .foot {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.15rem 0.25rem;
      margin-block-start: 0.75rem;
      margin-inline: -0.6rem;
      color: var(--muted);
      font-size: 0.86rem;
    }
    .receipt {
      padding-inline: 0.6rem;
    }
    .note {
      padding-block: 0.5rem;
      color: var(--muted);
    }
    .error {
      padding: 1rem 1.25rem;
      border: 1px solid var(--differs);
      border-radius: var(--radius);
    }
    .error strong {
      color: var(--differs);
      font-weight: 600;
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.steps = null;
    this.copied = false;
  }

  render() {
    const { question, answer, state, error } = this.turn;
    return html`
      <article class=${state} aria-label=${t('turn')}>
        <div class="question">
          <h2 class="visually-hidden">${t('turn.question')}</h2>
          ${text(question)}
        </div>
        <div class="answer">
          <h2 class="visually-hidden">${t('turn.answer')}</h2>
          ${answer === '' && state !== 'running' ? nothing : text(answer)}
        </div>
        ${state === 'stopped' ? html`<p class="note">${t('turn.stopped')}</p>` : nothing}
        ${this.turn.finish === 'length' ? html`<p class="note">${t('turn.length')}</p>` : nothing}
        ${error ? this.#failure(error) : nothing}
        ${state === 'running' ? nothing : this.#foot()}
        ${this.steps ? html`
          <diwan-steps .steps=${this.steps}></diwan-steps>
          <p class="note">${t('receipt.replay')} <code>./diwan verify receipt.json --replay</code></p>` : nothing}
      </article>`;
  }

  #failure(error) {
    if (error.status === 403) return html`<diwan-refusal .error=${error}></diwan-refusal>`;
    return html`
      <div class="error" role="alert">
        <strong>${t(KNOWN.includes(error.status) ? `error.${error.status}` : 'error.other')}</strong>
        <p dir="auto">${error.message}</p>
      </div>`;
  }

  #foot() {
    const { answer, receipt: id, label } = this.turn;
    return html`
      <div class="foot">
        ${answer === '' ? nothing : html`
          <button class="quiet" @click=${this.#copy}>
            ${this.copied ? icons.done : icons.copy}${t(this.copied ? 'copied' : 'copy')}</button>`}
        ${!id ? nothing : html`
          <button class="quiet" name="verify" @click=${this.#verify}>${icons.seal}${t('verify')}</button>
          <button class="quiet" name="save" @click=${this.#download}>${icons.download}${t('receipt.download')}</button>
          <span class="receipt">${t('receipt')} <bdi class="hash">${id}</bdi></span>`}
        ${label ? html`<span class="receipt">${t('turn.label')} <bdi class="hash">${label}</bdi></span>` : nothing}
      </div>`;
  }

  async #copy() {
    await navigator.clipboard.writeText(this.turn.answer);
    this.copied = true;
    setTimeout(() => (this.copied = false), THANKS);
  }

  async #verify() {
    const { receipt: id, answer, state } = this.turn;
    this.steps = [];
    for await (const step of verifyReceipt(id, answer, state === 'done')) this.steps = [...this.steps, step];
    await this.updateComplete;
    this.renderRoot.querySelector('diwan-steps').scrollIntoView({ block: 'nearest' });
  }

  async #download() {
    const { receipt: id } = this.turn;
    const link = Object.assign(document.createElement('a'), {
      href: URL.createObjectURL(await receiptFile(id)),
      download: `receipt-${id}.json`,
    });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

/** Each paragraph finds its own direction: an English line in an Arabic answer reads left to right. */
function text(content) {
  const lang = languageOf(content);
  const paragraphs = content.split('\n').map((line) => html`<p dir="auto">${line}</p>`);
  return html`<div class="text" lang=${lang} dir="auto">${paragraphs}</div>`;
}

customElements.define('diwan-turn', DiwanTurn);
