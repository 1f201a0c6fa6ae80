/** HTML from templates in which every value is escaped unless it is markup already. */

/** A piece of finished markup. */
export interface Markup {
  readonly markup: string;
}

type Value = string | number | Markup | undefined | readonly (string | number | Markup | undefined)[];

/** Template tag: strings and numbers are escaped, `Markup` goes in as it is, arrays are joined, undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Markup {
  return { markup: parts.map((part, i) => part + (i < values.length ? render(values[i]) : "")).join("") };
}

/** Declares text to be markup. Only for what brine or a charting library made, never for text of a user. */
export function raw(markup: string): Markup {
  return { markup };
}

/** Text for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => entities[character]);
}

/** A script element around `source`, whose text cannot end it early. */
export function inlineScript(source: string, attributes = ""): Markup {
  const safe = source.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
  return raw(`<script${attributes}>${safe}</script>`);
}

/** Data for a page's own script, as JSON in an element with this id. */
export function inlineData(id: string, value: unknown): Markup {
  return raw(`<script type="application/json" id="${id}">${JSON.stringify(value).replace(/</g, "\\u003c")}</script>`);
}

function render(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string") return escapeHtml(value);
  if (typeof value === "number") return escapeHtml(String(value));
  if ("markup" in value) return value.markup;
  return value.map(render).join("");
}
