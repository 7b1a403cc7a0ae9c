// A verification, told step by step: what was computed here, and ✓, or what differs.

import { LitElement, css, html, nothing } from 'lit';
import * as icons from '../shell/icons.js';
import { Localized, t } from '../shell/language.js';
import { style } from '../shell/style.js';

class DiwanSteps extends LitElement {
  static properties = { steps: { attribute: false } };

  static styles = [style, css`
    ol {
      display: grid;
      gap: 0.9rem;
      margin-block: 1rem 0.5rem;
      padding: 1.1rem 1.25rem;
      border: 1px solid var(--rule);
      border-radius: var(--radius);
      background: var(--sheet);
    }
    li {
      display: grid;
      grid-template-columns: 1.4rem minmax(0, 1fr);
      column-gap: 0.5rem;
    }
    .mark {
      color: var(--accent);
    }
    .differs .mark,
    .differs .problem {
      color: var(--differs);
    }
    dl {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 0 0.75rem;
      color: var(--muted);
      font-size: 0.86rem;
    }
    .note {
      color: var(--muted);
      font-size: 0.86rem;
    }
  `];

  constructor() {
    super();
    new Localized(this);
    this.steps = [];
  }

  render() {
    return html`<ol role="status" aria-label=${t('verify')}>${this.steps.map(item)}</ol>`;
  }
}

function item({ name, ok, note, facts = [], problem, expected, found }) {
  const told = expected === undefined ? facts : difference(expected, found);
  return html`
    <li class=${ok ? 'holds' : 'differs'}>
      <span class="mark">${ok ? icons.done : icons.wrong}</span>
      <div>
        <p>${t(name)}<span class="visually-hidden"> – ${t(ok ? 'verify.holds' : 'verify.differs')}</span></p>
        ${note ? html`<p class="note">${t(note)}</p>` : nothing}
        ${problem ? html`<p class="problem" dir="auto">${t(problem)}</p>` : nothing}
        ${told.length === 0 ? nothing : html`
          <dl>${told.map(([label, value]) => html`
            <dt>${t(`fact.${label}`)}</dt><dd><bdi class="hash">${value}</bdi></dd>`)}</dl>`}
      </div>
    </li>`;
}

/** Characters shown around the first difference of two long values. */
const AROUND = 32;

/** What was expected and what was found, as facts; of long values only where they part. */
function difference(expected, found) {
  let from = 0;
  while (from < expected.length && expected[from] === found[from]) from++;
  const part = (text) => {
    if (text.length <= 2 * AROUND) return text;
    const [start, end] = [Math.max(0, from - AROUND), from + AROUND];
    return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`;
  };
  return [['expected', part(expected)], ['found', part(found)]];
}

customElements.define('diwan-steps', DiwanSteps);
