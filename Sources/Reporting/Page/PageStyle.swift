/// The page's style sheet: it adds comfort, no chart depends on it.
enum PageStyle {
    /// The text between `<style>` and `</style>`.
    static let css = """
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#ffffff;--ink:#1f2937;--soft:#4b5563;
        --line:#dde1e7;--accent:#00578a;--ok:#00603f;--okbg:#e3f3ec;--warn:#6b4e00;
        --warnbg:#fbf0d9;--bad:#8f2f00;--badbg:#fbe8df}
        @media(prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1b2129;--ink:#e6eaf0;
        --soft:#aab4c2;--line:#323b47;--accent:#8cc8ee;--ok:#8fe0bd;--okbg:#15352a;
        --warn:#f1d08a;--warnbg:#3a2f12;--bad:#ffb797;--badbg:#41210f}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        main,header.top,footer{max-width:1000px;margin:0 auto;padding:0 20px}
        header.top{padding-top:36px}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em}
        h2{font-size:1.2rem;margin:44px 0 10px;letter-spacing:-.005em}
        h3{font-size:1rem;margin:28px 0 2px}
        p{margin:6px 0 12px;max-width:74ch}
        .soft,figcaption,caption{color:var(--soft)}
        .soft,figcaption{font-size:.92rem}
        a{color:var(--accent)}
        .skip{position:absolute;left:-999px}.skip:focus{left:12px;top:8px}
        .verdict{background:var(--card);border:1px solid var(--line);border-left:6px solid
        var(--edge);border-radius:10px;padding:22px 26px;margin:22px 0}
        .verdict.ok{--edge:#009E73}.verdict.warn{--edge:#E69F00}.verdict.bad{--edge:#D55E00}
        .verdict .sentence{font-size:1.2rem;line-height:1.45;margin:12px 0 18px;max-width:66ch}
        .badge{display:inline-block;border-radius:999px;padding:2px 11px;font-size:.84rem;
        font-weight:600;margin:0 6px 2px 0}td .badge{white-space:nowrap}
        .badge.ok{background:var(--okbg);color:var(--ok)}
        .badge.warn{background:var(--warnbg);color:var(--warn)}
        .badge.bad{background:var(--badbg);color:var(--bad)}
        dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(205px,1fr));
        gap:16px 24px;margin:0}
        dl.facts dt{font-size:.84rem;color:var(--soft)}
        dl.facts dd{margin:0;font-size:1.05rem;font-weight:600}
        dl.facts dd small{display:block;font-weight:400;font-size:.84rem;color:var(--soft)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:10px;
        padding:12px 16px}
        .tiles dt{font-size:.84rem;color:var(--soft)}
        .tiles dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
        .tiles dd small{display:block;font-size:.8rem;font-weight:400;color:var(--soft)}
        .two{display:grid;grid-template-columns:repeat(auto-fit,minmax(280px,1fr));gap:8px 40px}
        .two h3{margin-top:4px}
        ul{padding-left:1.2em;margin:6px 0}li{margin:4px 0}
        figure{margin:22px 0 30px}
        figure h3{margin:0 0 2px;font-size:1.05rem}
        figcaption{max-width:78ch;margin-bottom:8px}
        .scroll{overflow-x:auto}
        .chart{overflow-x:auto;border:1px solid var(--line);border-radius:10px;background:#fff}
        .chart svg{display:block;width:100%;min-width:640px;height:auto}
        table{border-collapse:collapse;font-size:.92rem;margin:8px 0 14px;min-width:50%}
        caption{text-align:left;font-size:.84rem;padding-bottom:4px}
        th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);text-align:left;
        vertical-align:top;font-weight:400}
        thead th{color:var(--soft);font-size:.84rem;white-space:nowrap}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        td small{color:var(--soft)}
        details{margin-top:8px}summary{cursor:pointer;font-size:.88rem;color:var(--accent)}
        details .scroll{max-height:340px;overflow:auto}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.88rem}
        pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px
        16px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
        dl.words dt{font-weight:600;margin-top:10px}dl.words dd{margin:0;max-width:74ch}
        footer{padding:36px 20px 48px;font-size:.84rem;color:var(--soft)}
        @media(max-width:640px){main,header.top,footer{padding-left:14px;padding-right:14px}
        .verdict{padding:16px 16px}.verdict .sentence{font-size:1.08rem}h1{font-size:1.4rem}
        .tiles{grid-template-columns:1fr 1fr}}
        @media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--ink:#111827;--soft:#4b5563;
        --line:#d1d5db;--accent:#00578a;--ok:#00603f;--okbg:#fff;--warn:#6b4e00;--warnbg:#fff;
        --bad:#8f2f00;--badbg:#fff}body{font-size:10.5pt}
        main,header.top,footer{max-width:none;padding:0}
        figure,.verdict,table,.tiles div{break-inside:avoid}h2,h3{break-after:avoid}
        details,.skip{display:none}.badge{border:1px solid currentColor}
        .chart svg{min-width:0}.chart,.scroll{overflow:visible}}
        """
}
