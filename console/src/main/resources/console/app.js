// Start reading here. The console is three elements: this frame, the chat and the ledger. Which page is
// shown stands in the fragment: #/chat, #/ledger, #/ledger/12.

import { LitElement, css, html, nothing } from 'lit';
import './chat/page.js';
import './ledger/page.js';
import './shell/key-dialog.js';
import { takeKeyFromAddress } from './shell/api.js';
import * as icons from './shell/icons.js';
import { Localized, choose, language, languages, preferred, speak, t } from './shell/language.js';
import { style } from './shell/style.js';

const PAGES = ['chat', 'ledger'];

class DiwanApp extends LitElement {
  static properties = { page: { state: true }, entry: { state: true } };

  static styles = [style, css`
    :host {
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      block-size: 100dvh;
    }
    header {
      display: flex;
      align-items: center;
      gap: 0.5rem 1.75rem;
      padding: 0.6rem clamp(1rem, 4vw, 2.5rem);
      border-block-end: 1px solid var(--rule);
    }
    .name {
      display: inline-flex;
      align-items: center;
      gap: 0.6rem;
      color: var(--accent);
      font-family: var(--serif);
      font-size: 1.45rem;
      line-height: 1.6;
      text-decoration: none;
    }
    nav {
      display: flex;
      gap: 0.25rem;
      margin-inline-end: auto;
    }
    nav a {
      padding: 0.35rem 0.8rem;
      border-radius: 0.5rem;
      color: var(--muted);
      text-decoration: none;
    }
    nav a:hover {
      color: var(--accent);
    }
    nav a[aria-current] {
      color: var(--ink);
      background: var(--wash);
    }
    main {
      min-block-size: 0;
    }
    main > * {
      block-size: 100%;
    }
    @media (max-width: 40rem) {
      header {
        gap: 0.25rem 0.5rem;
        padding: 0.4rem 0.75rem;
      }
      .name {
        font-size: 1.25rem;
        gap: 0.4rem;
      }
      nav a {
        padding: 0.35rem 0.55rem;
        font-size: 0.95rem;
      }
      .key span {
        display: none;
      }
    }
    @media (max-width: 22rem) {
      .name span {
        display: none;
      }
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.#follow();
    addEventListener('hashchange', () => this.#follow());
  }

  render() {
    return html`
      <header>
        <a class="name" href="#/chat" aria-label=${t('title')}>${icons.seal}<span lang="ar">ديوان</span></a>
        <nav aria-label=${t('navigation')}>
          ${PAGES.map((page) => html`
            <a href="#/${page}" aria-current=${page === this.page ? 'page' : nothing}>${t(`page.${page}`)}</a>`)}
        </nav>
        <label class="choice">
          <span class="visually-hidden">${t('language')}</span>
          <select @change=${(event) => choose(event.target.value)}>
            ${languages().map(([tag, name]) => html`
              <option value=${tag} lang=${tag} ?selected=${tag === language()}>${name}</option>`)}
          </select>
        </label>
        <button class="quiet key" @click=${() => this.#askForKey(false)} aria-label=${t('key')}>
          ${icons.key}<span>${t('key')}</span>
        </button>
      </header>
      <main @needs-key=${() => this.#askForKey(true)}>
        <diwan-chat ?hidden=${this.page !== 'chat'}></diwan-chat>
        <diwan-ledger ?hidden=${this.page !== 'ledger'} .shown=${this.page === 'ledger'} .selected=${this.entry}>
        </diwan-ledger>
      </main>
      <diwan-key-dialog @key-changed=${() => this.#refresh()}></diwan-key-dialog>`;
  }

  #follow() {
    takeKeyFromAddress();
    const [, page, entry] = /^#\/(\w+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
    this.page = PAGES.includes(page) ? page : 'chat';
    this.entry = entry === undefined ? null : Number(entry);
  }

  #askForKey(missing) {
    this.renderRoot.querySelector('diwan-key-dialog').open(missing);
  }

  #refresh() {
    for (const page of this.renderRoot.querySelectorAll('main > *')) page.refresh();
  }
}

await speak(preferred());
customElements.define('diwan-app', DiwanApp);
