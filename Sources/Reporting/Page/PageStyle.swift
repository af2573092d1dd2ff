/// The page's style sheet: it adds comfort, no chart depends on it.
enum PageStyle {
    /// The text between `<style>` and `</style>`.
    static let css = [theme, text, blocks, figures, ChartStyle.css, screens].joined(separator: "\n")

    private static let dark = """
        --bg:#12161c;--card:#1b2129;--ink:#e6eaf0;--soft:#aab4c2;--line:#3a4451;
        --accent:#8cc8ee;--ok:#8fe0bd;--okbg:#15352a;--warn:#f1d08a;--warnbg:#3a2f12;
        --bad:#ffb797;--badbg:#41210f
        """

    /// Every pair of text and ground has a contrast of at least 4.5:1, in both.
    private static let theme = """
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#ffffff;--ink:#1f2937;--soft:#4b5563;
        --line:#d3d8e0;--accent:#00578a;--ok:#00603f;--okbg:#e3f3ec;--warn:#6b4e00;
        --warnbg:#fbf0d9;--bad:#8f2f00;--badbg:#fbe8df}
        :root[data-theme=light]{color-scheme:light}
        :root[data-theme=dark]{color-scheme:dark;\(dark)}
        @media screen and (prefers-color-scheme:dark){
        :root:not([data-theme=light]){\(dark)}}
        """

    private static let text = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        main,header.top,footer{max-width:1000px;margin:0 auto;padding:0 20px}
        main:focus{outline:none}
        header.top{padding-top:36px}
        h1{font-size:1.75rem;line-height:1.2;margin:0 0 4px;letter-spacing:-.01em;
        overflow-wrap:anywhere}
        h2{font-size:1.2rem;margin:44px 0 10px;letter-spacing:-.005em}
        h3{font-size:1rem;margin:28px 0 2px}
        p{margin:6px 0 12px;max-width:74ch;overflow-wrap:anywhere}
        .soft,figcaption,caption{color:var(--soft)}
        .soft,figcaption{font-size:.92rem}
        a{color:var(--accent)}
        :focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        :target{background:var(--warnbg)}section:target{background:none}
        .skip{position:absolute;left:-999px}
        .skip:focus{left:12px;top:8px;background:var(--card);padding:8px 12px;z-index:1}
        nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;padding:0;margin:14px 0 0;
        font-size:.88rem}
        nav li{margin:0}nav a{display:inline-block;padding:4px 0}
        .bar{display:flex;flex-wrap:wrap;gap:8px;margin:10px 0}
        button,select{font:inherit;font-size:.84rem;color:var(--ink);background:var(--card);
        border:1px solid var(--soft);border-radius:8px;padding:4px 12px;min-height:32px;
        cursor:pointer;max-width:100%}
        button[aria-pressed=true]{border-color:var(--accent);box-shadow:inset 0 -3px var(--accent)}
        button[aria-pressed=false]{text-decoration:line-through;color:var(--soft)}
        [hidden]{display:none}
        """

    private static let blocks = """
        .verdict{background:var(--card);border:1px solid var(--line);border-left:6px solid
        var(--edge);border-radius:10px;padding:22px 26px;margin:22px 0}
        .verdict.ok{--edge:#009E73}.verdict.warn{--edge:#E69F00}.verdict.bad{--edge:#D55E00}
        .verdict .sentence{font-size:1.2rem;line-height:1.45;margin:12px 0 18px;max-width:66ch}
        .sentence a{font-size:.84rem}
        .badge{display:inline-block;border-radius:999px;padding:2px 11px;font-size:.84rem;
        font-weight:600;margin:0 6px 2px 0}td .badge{white-space:nowrap}
        .sep{display:none}
        .badge.ok{background:var(--okbg);color:var(--ok)}
        .badge.warn{background:var(--warnbg);color:var(--warn)}
        .badge.bad{background:var(--badbg);color:var(--bad)}
        dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(205px,100%),1fr));
        gap:16px 24px;margin:0 0 12px}
        dl.facts dt{font-size:.84rem;color:var(--soft)}
        dl.facts dd{margin:0;font-size:1.05rem;font-weight:600;overflow-wrap:anywhere}
        dl.facts dd small{display:block;font-weight:400;font-size:.84rem;color:var(--soft)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:10px;
        padding:12px 16px}
        .tiles dt{font-size:.84rem;color:var(--soft)}
        .tiles dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums}
        .tiles dd small{display:block;font-size:.8rem;font-weight:400;color:var(--soft)}
        .two{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(280px,100%),1fr));
        gap:8px 40px}
        .two h3{margin-top:4px}
        ul{padding-left:1.2em;margin:6px 0}li{margin:4px 0;overflow-wrap:anywhere}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.88rem}
        code{overflow-wrap:anywhere}
        pre{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px
        16px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere}
        dl.words dt{font-weight:600;margin-top:10px}dl.words dd{margin:0;max-width:74ch}
        footer{padding:36px 20px 48px;font-size:.84rem;color:var(--soft)}
        """

    private static let figures = """
        figure{margin:22px 0 30px}
        figure h3{margin:0 0 2px;font-size:1.05rem;color:var(--ink)}
        figcaption{max-width:78ch;margin-bottom:8px}
        .scroll{overflow-x:auto}
        .chart{overflow-x:auto;border:1px solid var(--line);border-radius:10px}
        .chart svg{display:block;width:100%;min-width:640px;height:auto}
        .zoomed path{vector-effect:non-scaling-stroke}
        .readout{font-size:.84rem;color:var(--soft);font-variant-numeric:tabular-nums;
        min-height:1.6em;margin:4px 0 0;max-width:none}
        table{border-collapse:collapse;font-size:.92rem;margin:8px 0 14px;min-width:50%}
        caption{text-align:left;font-size:.84rem;padding-bottom:4px}
        th,td{padding:6px 14px 6px 0;border-bottom:1px solid var(--line);text-align:left;
        vertical-align:top;font-weight:400}
        thead th{color:var(--soft);font-size:.84rem;white-space:nowrap}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        td small{color:var(--soft)}
        td code{white-space:nowrap}
        details{margin-top:8px}summary{cursor:pointer;font-size:.88rem;color:var(--accent);
        padding:4px 0}
        details .scroll{max-height:340px;overflow:auto}
        """

    private static let screens = """
        @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
        @media(max-width:640px){main,header.top,footer{padding-left:14px;padding-right:14px}
        .verdict{padding:16px 16px}.verdict .sentence{font-size:1.08rem}h1{font-size:1.4rem}
        .tiles{grid-template-columns:1fr 1fr}.tiles div{padding:10px 12px}
        .tiles dd{font-size:1.15rem}}
        @page{margin:14mm 12mm}
        @media print{:root,:root[data-theme]{color-scheme:light;--bg:#fff;--card:#fff;
        --ink:#111827;--soft:#4b5563;--line:#d1d5db;--accent:#00578a;--ok:#00603f;--okbg:#fff;
        --warn:#6b4e00;--warnbg:#fff;--bad:#8f2f00;--badbg:#fff}
        body{font-size:10pt}main,header.top,footer{max-width:none;padding:0}
        figure,.verdict,.tiles div,tr,dl.facts div{break-inside:avoid}
        h2,h3,caption{break-after:avoid}thead{display:table-header-group}
        details,.skip,nav,.bar,.readout{display:none}
        details.keep{display:block}details.keep::details-content{content-visibility:visible;
        display:block}
        .badge{border:1px solid currentColor}a{color:inherit;text-decoration:none}
        table{font-size:8pt;min-width:0;width:100%}th,td{padding:3px 6px 3px 0}
        thead th,.n,td code,td .badge{white-space:normal}td{overflow-wrap:anywhere}
        td .badge,td.n{overflow-wrap:normal}td .badge{border-radius:4px}
        .chart svg{min-width:0}.chart,.scroll{overflow:visible}.chart{border:0}}
        """
}
