/** The style sheet of a report: one column of text, figures beside each other where there is room, light and dark, print. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfbf9; --ink: #1c2430; --soft: #5b6675; --rule: #e6e8ea; --rule-strong: #b9c0c8;
  --accent: #0f6b78; --atoms: #8a929c; --one-shot: #b8650a; --corrected: #0b7285; --floor: #7453b8;
  --plus: #c0392b; --minus: #2f6fb5; --surface: #1b8598; --stage: #eef1f2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14181d; --ink: #e5e8eb; --soft: #9aa5b1; --rule: #2a313a; --rule-strong: #4b5662;
    --accent: #58b9c7; --atoms: #8d97a3; --one-shot: #e0994a; --corrected: #4fb6c8; --floor: #ad94e6;
    --plus: #e57368; --minus: #6aa6e6; --surface: #9fe0ec; --stage: #1f252d;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink); line-height: 1.55;
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word;
}
main, footer { max-width: 1120px; margin: 0 auto; padding: 0 clamp(16px, 4vw, 40px); }
header { padding: clamp(28px, 6vw, 64px) 0 8px; }
h1, h2 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, Charter, Georgia, "DejaVu Serif", serif; font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(28px, 4.6vw, 42px); margin: 0 0 16px; letter-spacing: -0.01em; }
h2 { font-size: 24px; margin: 56px 0 16px; }
p { max-width: 68ch; margin: 0 0 12px; }
a { color: var(--accent); }
.lead { font-size: 18px; }
.figures-key { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 280px), 1fr)); gap: 0 40px; margin: 32px 0 0; }
.figures-key > div { border-top: 1px solid var(--rule-strong); padding: 12px 0 24px; }
dt { color: var(--soft); font-size: 14px; }
dd { margin: 0; }
.figures-key dd { font-size: 28px; line-height: 1.3; font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
.figures-key dd.note { font-size: 14px; line-height: 1.45; letter-spacing: 0; color: var(--soft); margin-top: 2px; }
.unit { font-size: 15px; letter-spacing: 0; color: var(--soft); }
.settings { display: grid; grid-template-columns: minmax(120px, max-content) 1fr; gap: 6px 24px; margin: 0; font-size: 15px; }
.settings dd { min-width: 0; }
.grid + .table { margin-top: 28px; }
.column { display: grid; gap: 36px; min-width: 0; }
.note { color: var(--soft); font-size: 14px; font-weight: 400; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 32px 40px; align-items: start; }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; max-width: 560px; height: auto; overflow: visible; }
figcaption { font-size: 14px; color: var(--soft); max-width: 60ch; margin-top: 8px; }
figure h3 { font-size: 16px; font-weight: 600; margin: 0 0 8px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); font-size: 14px; padding-bottom: 10px; caption-side: top; }
th, td { text-align: right; padding: 6px 0 6px 18px; border-bottom: 1px solid var(--rule); vertical-align: baseline; white-space: nowrap; }
thead th { font-weight: 600; color: var(--soft); vertical-align: bottom; white-space: normal; line-height: 1.3; }
thead .unit { display: block; font-size: 13px; font-weight: 400; }
thead button { all: unset; cursor: pointer; }
thead button:hover { color: var(--ink); }
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
th[aria-sort] button { color: var(--ink); box-shadow: 0 2px 0 var(--accent); }
tbody th .note { margin-left: 6px; }
.table + .note, .table > .note { margin-top: 10px; }
tbody th { color: var(--ink); font-weight: 400; }
table.narrow { max-width: 560px; }
table.narrow tbody th .note { margin-left: 0; }
table.narrow tbody th { white-space: normal; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tfoot th, tfoot td { border-bottom: 0; border-top: 1px solid var(--rule-strong); font-weight: 600; color: var(--ink); }
.stage { position: relative; height: min(64vh, 460px); background: var(--stage); border-radius: 6px; overflow: hidden; touch-action: pan-y; }
.stage canvas { border-radius: 6px; }
.stage p { position: absolute; inset: 0; margin: auto; height: fit-content; max-width: 44ch; padding: 24px; text-align: center; color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 12px 0 0; font-size: 15px; }
.legend span { display: inline-flex; gap: 6px; align-items: center; }
.legend i { width: 12px; height: 12px; border-radius: 50%; border: 1px solid var(--rule-strong); }
.controls { display: flex; flex-wrap: wrap; gap: 12px 28px; align-items: center; margin: 14px 0 0; padding: 0; border: 0; font-size: 15px; }
.controls label { display: inline-flex; gap: 8px; align-items: center; cursor: pointer; }
.controls input { accent-color: var(--accent); margin: 0; }
.controls input[type="range"] { width: 160px; }
.controls select { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--rule-strong); border-radius: 4px; padding: 4px 6px; max-width: 100%; }
.controls output { font-variant-numeric: tabular-nums; color: var(--soft); min-width: 9em; }
.key-plus { color: var(--plus); font-weight: 600; }
.key-minus { color: var(--minus); font-weight: 600; }
footer { color: var(--soft); font-size: 14px; margin-top: 64px; padding-top: 16px; padding-bottom: 48px; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; color: var(--ink); }
code span { display: inline-block; max-width: 100%; overflow-wrap: anywhere; }
footer p { border-top: 1px solid var(--rule); padding-top: 16px; max-width: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media screen and (max-width: 939px) {
  table.wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.wide, table.wide tbody, table.wide tfoot, table.wide caption { display: block; }
  table.wide tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)); column-gap: 40px; padding: 10px 0; border-bottom: 1px solid var(--rule); }
  table.wide tr > :first-child { grid-column: 1 / -1; font-weight: 600; }
  table.wide :is(tbody, tfoot) th { display: block; border: 0; padding: 0 0 2px; }
  table.wide td[data-label] { display: flex; justify-content: space-between; gap: 16px; border: 0; padding: 2px 0; }
  table.wide td[data-label]::before { content: attr(data-label); color: var(--soft); font-weight: 400; }
}
@media screen and (max-width: 559px) {
  table { font-size: 13px; }
  th, td { padding-left: 8px; }
  .settings { grid-template-columns: 1fr; gap: 0; }
  .settings dd { margin-bottom: 10px; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --rule: #ddd; --rule-strong: #999; --accent: #0f6b78; --atoms: #8a929c; --one-shot: #b8650a; --corrected: #0b7285; --floor: #7453b8; --stage: #fff; }
  body { font-size: 10.5pt; }
  h2 { margin-top: 28pt; break-after: avoid; }
  table { font-size: 8.5pt; }
  th, td { padding-left: 8px; }
  figure, tr, .figures-key > div { break-inside: avoid; }
  .grid { grid-template-columns: 1fr 1fr; gap: 16pt; }
  .controls input[type="range"], .screen-only { display: none; }
}`;
