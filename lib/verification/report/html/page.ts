import { html, Markup, type Content } from './markup.ts';
import { style } from './style.ts';

export interface Page {
  readonly title: string;
  /** What the reader has to know first: what was done, with what, and when. */
  readonly lead: Content;
  readonly body: Content;
}

/** A page in one file, that loads nothing and runs nothing. */
export function page({ title, lead, body }: Page): string {
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Markup(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${lead}
        </header>
        <main>${body}</main>
      </body>
    </html> `;
  return document.text;
}

export type Mood = 'good' | 'bad' | 'quiet' | 'warning';

/** A count that stands out, such as `3 failed`. */
export function badge(mood: Mood, text: string): Markup {
  return html`<span class="badge ${mood}">${text}</span>`;
}

/** A part that opens and closes; what failed is open from the start. */
export function fold(state: 'open' | 'closed', heading: Content, body: Content): Markup {
  const open = new Markup(state === 'open' ? ' open' : '');
  return html`<details${open}><summary>${heading}</summary><div class="fold">${body}</div></details>`;
}
