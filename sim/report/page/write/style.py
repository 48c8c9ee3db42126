"""How a report looks: on a screen, light or dark, wide or narrow, and on A4 paper."""

from typing import Final

STYLE: Final = """
:root { --ink: #1f2a33; --soft: #55636e; --line: #d3dae0; --paper: #fff; --band: #f3f6f8; --link: #00609e; }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #e6ebef; --soft: #a9b5bf; --line: #3b4751; --paper: #151b20; --band: #1e262d; --link: #7fbfee; }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); color-scheme: light dark; }
body { font: 16px/1.5 "Noto Sans", "DejaVu Sans", "Segoe UI", Arial, sans-serif; margin: 0 auto; max-width: 66rem;
  padding: 1.5rem 1.25rem 4rem; overflow-wrap: break-word; }
h1, h2, h3, p, li, caption, .long { overflow-wrap: anywhere; }
h1, h2, h3 { line-height: 1.25; margin: 2rem 0 .6rem; break-after: avoid; }
h1 { font-size: 1.7rem; margin-top: 0; }
h2 { font-size: 1.3rem; }
h3 { font-size: 1.1rem; }
p, li { max-width: 48rem; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; list-style: none; padding: 0; margin: 0 0 1.2rem; }
.question { font-weight: 600; font-size: 1.1rem; }
.answers { border-left: 4px solid var(--link); list-style: none; margin: 1rem 0; padding: .2rem 0 .2rem 1rem; }
.scroll { overflow-x: auto; margin: .8rem 0 1rem; }
table { border-collapse: collapse; font-size: .9rem; line-height: 1.35; font-variant-numeric: tabular-nums; }
table.wide { font-size: .8rem; }
caption { caption-side: top; text-align: start; font-weight: 600; padding: 0 0 .4rem; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: start; vertical-align: top;
  min-width: 3.2rem; max-width: 24rem; }
thead th { background: var(--band); border-bottom: 2px solid var(--soft); vertical-align: bottom; }
tbody th { font-weight: 600; }
th.n, td.n { text-align: right; white-space: nowrap; }
td.s { white-space: nowrap; }
td.t { min-width: 13rem; }
thead th.n { white-space: normal; }
figure { background: #fff; border: 1px solid var(--line); margin: .8rem 0 1rem; padding: .25rem; }
img { display: block; height: auto; width: 100%; }
pre { background: var(--band); border: 1px solid var(--line); font-size: .82rem; line-height: 1.4; padding: .8rem;
  white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 40rem) { body { font-size: 15px; padding: 1rem .8rem 3rem; } table { font-size: .82rem; } }
@page { size: A4; margin: 15mm 14mm 16mm; @bottom-right { content: counter(page) " / " counter(pages);
  font: 8pt "Noto Sans", "DejaVu Sans", Arial, sans-serif; color: #55636e; } }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --band: #f0f2f4; --link: #000; }
  html { color-scheme: light; }
  body { font-size: 9.5pt; line-height: 1.4; max-width: none; padding: 0; }
  nav { display: none; }
  h1 { font-size: 16pt; } h2 { font-size: 12.5pt; margin-top: 14pt; } h3 { font-size: 10.5pt; margin-top: 12pt; }
  p, li { max-width: none; orphans: 3; widows: 3; }
  article + article, section.several + article { break-before: page; }
  .scroll { overflow: visible; margin: 5pt 0 8pt; }
  table { font-size: 8pt; width: 100%; max-width: 100%; } table.wide { font-size: 6.8pt; }
  th, td, td.t { padding: 2pt 4pt; min-width: 0; max-width: none; } table.wide th, table.wide td { padding: 1.5pt 3pt; }
  thead { display: table-header-group; break-after: avoid; } tr { break-inside: avoid; }
  caption, thead tr { break-after: avoid; } tbody tr:first-child { break-before: avoid; }
  figure { break-inside: avoid; border: 0; margin: 5pt 0; padding: 0; }
  pre { font-size: 7.5pt; border-color: #bbb; }
  a { text-decoration: none; }
}
"""
