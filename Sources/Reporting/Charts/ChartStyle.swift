/// What a page's style sheet may add to charts: other paper, and compact tables.
///
/// No chart depends on it. `data-theme` on the root element, where a page sets it, wins over what
/// the reader's system prefers; print is always light.
enum ChartStyle {
    /// Rules to stand behind the page's own.
    static let css = """
        .chart{background:transparent}
        .figures{font-variant-numeric:tabular-nums}
        .figures td,.figures tbody th,.figures thead th{text-align:right;padding:2px 0 2px 14px;
        white-space:nowrap}
        .figures tr>:first-child{text-align:left;padding-left:0}
        table[data-table=heatmap] td:last-child{white-space:normal;text-align:left}
        @media screen and (prefers-color-scheme:dark){
        :root:not([data-theme=light]) .chart svg{color:#e6eaf0}
        :root:not([data-theme=light]) .chart [data-part=paper]{fill:#1b2129}
        :root:not([data-theme=light]) .chart [data-part=halo]{stroke:#1b2129}}
        @media screen{
        :root[data-theme=dark] .chart svg{color:#e6eaf0}
        :root[data-theme=dark] .chart [data-part=paper]{fill:#1b2129}
        :root[data-theme=dark] .chart [data-part=halo]{stroke:#1b2129}}
        """
}
