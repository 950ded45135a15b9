import { loadBundles } from '/work/wt/loader/lib/bundle/load-bundle.ts';
const counts = new Map<string, number>();
for (const p of process.argv.slice(2)) {
  const t=Date.now(); let bs; try { bs = await loadBundles(p);} catch(e) { console.log(p, String(e)); continue; }
  console.log(p, bs.length, Date.now()-t+'ms');
  for (const b of bs) for (const d of b.diagnostics) { const k=`${d.severity} ${d.code}`; counts.set(k,(counts.get(k)??0)+1); if (d.severity==='error') console.log(`${d.file}:${d.line}:${d.column} ${d.code} ${d.message}`); }
}
for (const [k,n] of [...counts].sort()) console.log(n,k);
