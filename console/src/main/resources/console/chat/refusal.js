// A refusal, set like an extract from a gazette: which rule, of which law and article, and why. It is not
// an error: the office did its work, and says on what ground.

import { LitElement, css, html, nothing } from 'lit';
import { Localized, language, languageOf, t } from '../shell/language.js';
import { style } from '../shell/style.js';

class DiwanRefusal extends LitElement {
  static properties = { error: { attribute: false } };

  static styles = [style, css`
    section {
      padding: 1.75rem clamp(1.1rem, 4vw, 2.25rem);
      border: 1px solid var(--rule);
      border-block-start: 4px double var(--accent);
      border-radius: 0 0 var(--radius) var(--radius);
      background: var(--sheet);
      box-shadow: 0 0.5rem 2rem var(--shadow);
    }
    h3 {
      color: var(--accent);
      font-family: var(--serif);
      font-size: 1.4rem;
      font-weight: 500;
      line-height: 1.7;
    }
    .lead {
      margin-block-end: 1.5rem;
      color: var(--muted);
    }
    .rule + .rule {
      margin-block-start: 1.5rem;
      padding-block-start: 1.5rem;
      border-block-start: 1px solid var(--rule);
    }
    .article,
    .article bdi {
      font-family: var(--serif);
      font-size: 1.2rem;
    }
    .law {
      color: var(--muted);
    }
    blockquote {
      margin: 0.9rem 0 1.1rem;
      font-family: var(--serif);
      font-size: 1.1rem;
      line-height: 1.85;
    }
    blockquote:lang(ar) {
      font-size: 1.25rem;
      line-height: 2;
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 0.2rem 1rem;
      color: var(--muted);
      font-size: 0.86rem;
    }
    dd {
      overflow-wrap: anywhere;
    }
  `];

  constructor() {
    super();
    new Localized(this);
  }

  render() {
    const { rules = [] } = this.error.body.error?.diwan ?? {};
    return html`
      <section role="alert">
        <h3>${t('refusal.title')}</h3>
        <p class="lead">${t(rules.length === 0 ? 'refusal.default' : 'refusal.lead')}</p>
        ${rules.map(rule)}
        ${rules.length === 0 ? html`<p dir="auto">${this.error.message}</p>` : nothing}
      </section>`;
  }
}

/** How sure the pack is of a rule: V verified against the law's text, S read elsewhere, K believed. */
const CONFIDENCE = ['V', 'S', 'K'];

function rule({ id, law, article, explanation, explanations = {}, source, validFrom, confidence }) {
  const why = explanations[language()] ?? explanation ?? '';
  const facts = [
    ['refusal.rule', id],
    ['refusal.validFrom', validFrom],
    ['refusal.confidence', CONFIDENCE.includes(confidence) ? t(`confidence.${confidence}`) : confidence],
    ['refusal.source', source],
  ];
  return html`
    <div class="rule">
      <p class="article">${t('refusal.article')} <bdi lang="en">${article}</bdi></p>
      <p class="law"><bdi lang=${languageOf(law)}>${law}</bdi></p>
      <blockquote dir="auto" lang=${languageOf(why)}>${why}</blockquote>
      <dl>
        ${facts.filter(([, value]) => value).map(([name, value]) => html`
          <dt>${t(name)}</dt><dd><bdi>${link(value)}</bdi></dd>`)}
      </dl>
    </div>`;
}

/** Sources often begin with an address; an https one becomes a link. */
function link(text) {
  const found = /^(https:\/\/[^\s]+)(.*)$/s.exec(text);
  if (!found) return text;
  return html`<a href=${found[1]} target="_blank" rel="noreferrer">${found[1]}</a>${found[2]}`;
}

customElements.define('diwan-refusal', DiwanRefusal);
