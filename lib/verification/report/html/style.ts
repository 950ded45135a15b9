/** How report pages look, in light and dark. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2330; --dim: #66708a; --paper: #fff; --card: #f5f6f9;
  --line: #d9dde6; --good: #13723c; --good-back: #dff5e6; --bad: #a8201a; --bad-back: #fde6e4;
  --warning: #8a5a00; --warning-back: #fff1d0; --mark: #ffc9c4; --mark-good: #b5ebc6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8f1; --dim: #98a2b8; --paper: #14181f;
  --card: #1d232d; --line: #343c4a; --good: #6fd592; --good-back: #173523; --bad: #ff9a92;
  --bad-back: #42201e; --warning: #f4c868; --warning-back: #3b2f12; --mark: #85342e;
  --mark-good: #23663c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem; color: var(--ink); background: var(--paper);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; } h4 { font-size: .85rem; margin: .75rem 0 .25rem; color: var(--dim); }
p { margin: .25rem 0; } .dim { color: var(--dim); }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; font-weight: 600; margin-right: .4rem; }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.badge.warning { color: var(--warning); background: var(--warning-back); }
.badge.quiet { color: var(--dim); background: var(--card); }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .4rem 0; background: var(--card); }
summary { cursor: pointer; padding: .45rem .75rem; } .fold { padding: 0 .9rem .8rem; }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: 600; font-size: .85rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding: .5rem .7rem; background: var(--paper); border: 1px solid var(--line);
  border-radius: .3rem; max-height: 30rem; overflow: auto; }
.expected { color: var(--good); } .found { color: var(--bad); }
mark { color: inherit; background: var(--mark); border-radius: .15rem; }
.expected mark { background: var(--mark-good); }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
.source { padding: .5rem 0; } .source div { display: grid; grid-template-columns: 3.5rem 4rem 1fr; }
.source span { color: var(--dim); text-align: right; padding-right: .75rem; user-select: none; }
.source .ran { background: var(--good-back); } .source .never { background: var(--bad-back); }
.source .half { background: var(--warning-back); }
`;
