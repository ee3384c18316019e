/** Colours, type, and the frame of the page: head, navigation, sections. */

export const BASE = `
:root { color-scheme: light dark; --page: #ffffff; --ink: #1c2126; --soft: #56606a; --line: #d5dbe1; --box: #f5f7f9;
  --ok: #006847; --look: #a83f00; --link: #0b5cad; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --page: #14181c; --ink: #e6eaee; --soft: #a3aeb9; --line: #363f48; --box: #1c2228; --ok: #3ccf9f; --look: #ff9a55;
    --link: #7cc0ff; --mark: #4a3d12; }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 40px; }
body { margin: 0 auto; max-width: 1280px; padding: 10px 24px 48px; background: var(--page); color: var(--ink);
  font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; z-index: 3; padding: 6px 12px; background: var(--page); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 18px; }
h1 { font-size: 20px; line-height: 1.3; margin: 0; }
h2 { font-size: 16px; line-height: 1.3; margin: 0 0 8px; }
h3 { font-size: 15px; line-height: 1.3; margin: 0; }
p { margin: 0 0 8px; }
header p, figcaption, .hint { color: var(--soft); font-size: 13px; }
header p, header summary { margin: 0; font-weight: 400; }
nav { position: sticky; top: 0; z-index: 2; margin: 4px 0 8px; background: var(--page); border-bottom: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 16px; margin: 0; padding: 0; list-style: none; font-size: 13px; }
nav a { display: block; padding: 4px 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section[id]:not(.box) { margin-top: 28px; }
summary { cursor: pointer; }
details > summary { font-weight: 600; }
pre { margin: 8px 0; padding: 12px; background: var(--box); border: 1px solid var(--line);
  border-radius: 8px; white-space: pre-wrap; font-size: 12.5px; }
code { font-size: 0.93em; }
button { font: inherit; color: inherit; }
.cell-steps button { padding: 2px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--box); font-size: 13px;
  cursor: pointer; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.verdict { white-space: nowrap; }
.ok, .met { color: var(--ok); }
.look, .not-met, .state-failed, .state-degraded { color: var(--look); }
.look, .not-met, .state-failed { font-weight: 600; }
.not-checked, .not-measured, .state-skipped { color: var(--soft); }
#live { margin: 4px 0; font-variant-numeric: tabular-nums; }
@media (max-width: 860px) {
  html { scroll-padding-top: 12px; }
  body { padding: 10px 12px 32px; }
  nav { position: static; }
}
@media (forced-colors: active) { .tag, .box { border: 1px solid; } tr:target, tr.chosen { outline: 2px solid Highlight; } }
`;
