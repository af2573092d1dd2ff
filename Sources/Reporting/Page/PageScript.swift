/// The page's one script: it adds comfort, nothing on the page needs it.
///
/// What it looks for in the markup, and what a chart has to write to get what:
///
/// - `figure` with `svg[data-chart]` and `table[data-table]` whose first column is `wall`, as
///   `mm:ss`: a chart over time. It gets a crosshair with the table's values and can be zoomed.
/// - `g[data-plot]` with `data-x0`, `data-x1` (seconds at the edges) and `data-left`, `data-right`
///   (the edges in the coordinates of the `viewBox`, which begins at 0 0): the axis of that.
/// - `[data-series]` and `[data-area]` hold a series' id; `g[data-label]` its name beside the plot,
///   with the name in full in its `title`. Each gets a button in a chart with more than one.
/// - `[data-part=paper]`: the ground; the script's own pieces are marked so as well.
/// - `rect[data-series=phase]` in the chart `timeline`: a phase, its name in its `title`.
/// - Texts left of the plot, right of it or at its left edge stay while the rest is zoomed.
enum PageScript {
    /// The most bytes it may have.
    static let limit = 8_000

    /// The text between `<script>` and `</script>`; in CDATA, so that the page is XML as well.
    static let text = "//<![CDATA[\n" + lines.joined(separator: "\n") + "\n//]]>"

    /// Without what only people need: indentation, comments, and blanks around operators.
    private static var lines: [String] {
        let lines = source.split(separator: "\n").map { $0.drop { $0 == " " } }
        return lines.filter { !$0.hasPrefix("//") }.map { line in
            ["=", "+", "===", "!==", "&&", "?", "||", "<="].reduce(String(line)) {
                $0.replacing(" \($1) ", with: $1)
            }.replacing(", ", with: ",").replacing(") {", with: "){")
        }
    }

    private static let source = #"""
        (function () {
        'use strict';
        var D = document, R = D.documentElement, charts = [], range = null, keyed = false;
        function all(s, r) { return Array.prototype.slice.call((r || D).querySelectorAll(s)); }
        function make(n, a, t) {
          var e = D.createElement(n);
          for (var k in a) e.setAttribute(k, a[k]);
          if (t) e.textContent = t;
          return e;
        }
        function button(t, f) {
          var b = make('button', {type: 'button'}, t);
          b.addEventListener('click', f);
          return b;
        }
        function seconds(t) {
          return t.trim().split(':').reduce(function (s, p) { return s * 60 + (+p || 0); }, 0);
        }
        function get(e, k) { return e.getAttribute(k); }
        function set(e, k, v) {
          if (v === null) e.removeAttribute(k); else e.setAttribute(k, v);
        }
        function num(e, k) { return +get(e, k); }

        // Dark and light.
        var media = window.matchMedia('(prefers-color-scheme: dark)');
        function dark() {
          var t = get(R, 'data-theme');
          return t ? t === 'dark' : media.matches;
        }
        var theme = button('', function () {
          set(R, 'data-theme', dark() ? 'light' : 'dark');
          paint();
        });
        function paint() { theme.textContent = dark() ? 'Light colours' : 'Dark colours'; }
        media.addEventListener('change', paint);
        paint();

        // Charts over time: rows of values, crosshair, readout.
        all('figure svg[data-chart]').forEach(function (svg) {
          var fig = svg.closest('figure'), table = fig.querySelector('table[data-table]');
          var plot = svg.querySelector('[data-plot]');
          series(svg, fig);
          if (!table || !plot || !/^wall/.test(table.tHead.textContent)) return;
          var heads = all('thead th', table).map(function (h) { return h.textContent; });
          var rows = all('tbody tr', table).map(function (r) {
            return all('th,td', r).map(function (c) { return c.textContent; });
          });
          var box = svg.viewBox.baseVal, c = {
            svg: svg, fig: fig, heads: heads, rows: rows, at: -1,
            times: rows.map(function (r) { return seconds(r[0]); }),
            span: num(plot, 'data-x1'), x0: num(plot, 'data-left'), x1: num(plot, 'data-right'),
            w: box.width, h: box.height
          };
          c.shape = function (n, a) {
            var e = D.createElementNS(svg.namespaceURI, n);
            for (var k in a) e.setAttribute(k, a[k]);
            return e;
          };
          c.line = c.shape('path', {stroke: 'currentColor', 'stroke-width': 1, display: 'none',
            'pointer-events': 'none', fill: 'none'});
          svg.appendChild(c.line);
          c.out = make('p', {'class': 'readout'});
          svg.parentNode.parentNode.insertBefore(c.out, svg.parentNode.nextSibling);
          charts.push(c);
          mouse(c);
          keys(c);
        });
        function place(c, t) { return c.x0 + t / c.span * (c.x1 - c.x0); }
        function moment(c, e) {
          var r = c.svg.getBoundingClientRect(), b = c.svg.viewBox.baseVal;
          var x = b.x + (e.clientX - r.left) / r.width * b.width;
          return Math.max(0, Math.min(c.span, (x - c.x0) / (c.x1 - c.x0) * c.span));
        }
        function show(t) {
          charts.forEach(function (c) {
            var i = -1;
            c.times.forEach(function (s, n) { if (s <= t + 0.001) i = n; });
            c.at = i;
            if (i < 0) { set(c.line, 'display', 'none'); return; }
            set(c.line, 'd', 'M' + place(c, t) + ',0V' + (c.h - 40));
            set(c.line, 'display', null);
            c.out.textContent = c.heads.map(function (h, n) {
              return h + ' ' + c.rows[i][n];
            }).join(' · ');
          });
        }
        function hide() {
          charts.forEach(function (c) {
            set(c.line, 'display', 'none');
            c.out.textContent = '';
          });
        }

        function turn(e, s, v) {
          set(e, 'transform', range ? 'matrix(' + s + ' 0 0 1 ' + v + ' 0)' : null);
        }

        // Zoom: the same stretch of time in every chart.
        function zoom(a, b) {
          range = b - a > 0.5 ? [a, b] : null;
          charts.forEach(function (c) {
            var s = 1, v = 0;
            if (range) {
              s = (b - a) / c.span;
              v = place(c, a) - c.x0 * s;
            }
            c.svg.style.aspectRatio = c.w + ' / ' + c.h;
            set(c.svg, 'preserveAspectRatio', range ? 'none' : 'xMidYMid');
            set(c.svg, 'viewBox', v + ' 0 ' + c.w * s + ' ' + c.h);
            c.svg.classList.toggle('zoomed', !!range);
            // What stands beside the plot keeps its place, before a ground that hides the rest.
            if (!c.fixed) {
              c.fixed = all('g[data-label]', c.svg);
              c.texts = [];
              all('text', c.svg).forEach(function (t) {
                var x = num(t, 'x'), mid = get(t, 'text-anchor') === 'middle';
                if (t.closest('g[data-label]')) return;
                var out = x < c.x0 || x > c.x1 || (x === c.x0 && !mid);
                (out ? c.fixed : c.texts).push(t);
              });
              c.mask = c.shape('g', {});
              [[0, c.x0], [c.x1, c.w - c.x1]].forEach(function (r) {
                c.mask.appendChild(c.shape('rect', {'data-part': 'paper', fill: '#ffffff',
                  x: r[0], width: r[1], height: c.h}));
              });
              c.fixed.unshift(c.mask);
            }
            c.texts.forEach(function (t) {
              turn(t, s, num(t, 'x') * (1 - s));
            });
            c.fixed.forEach(function (g) {
              c.svg.appendChild(g);
              turn(g, s, v);
            });
            if (!range) c.mask.remove();
            c.svg.appendChild(c.line);
          });
          whole.hidden = !range;
          if (!range) phase.value = '';
        }
        function mouse(c) {
          var from = null, band = c.shape('rect', {y: 0, height: c.h, fill: '#0072B2',
            'fill-opacity': 0.15, 'pointer-events': 'none'});
          c.svg.addEventListener('pointerdown', function (e) {
            if (e.pointerType === 'touch' || e.button) return;
            from = moment(c, e);
            c.svg.setPointerCapture(e.pointerId);
            e.preventDefault();
          });
          c.svg.addEventListener('pointermove', function (e) {
            var t = moment(c, e);
            show(t);
            if (from === null) return;
            set(band, 'x', place(c, Math.min(from, t)));
            set(band, 'width', Math.abs(place(c, t) - place(c, from)));
            c.svg.appendChild(band);
          });
          c.svg.addEventListener('pointerup', function (e) {
            var t = moment(c, e), a = from;
            from = null;
            band.remove();
            if (a !== null && Math.abs(t - a) > c.span / 100) zoom(Math.min(a, t), Math.max(a, t));
          });
          c.svg.addEventListener('pointerleave', function () {
            if (from === null && !keyed) hide();
          });
        }
        function keys(c) {
          var box = c.svg.parentNode;
          box.addEventListener('keydown', function (e) {
            var last = c.times.length - 1, i = c.at;
            if (e.key === 'ArrowRight') i = Math.min(last, i + 1);
            else if (e.key === 'ArrowLeft') i = Math.max(0, i - 1);
            else if (e.key === 'Home') i = 0;
            else if (e.key === 'End') i = last;
            else if (e.key === 'Escape') { zoom(0, 0); hide(); return; }
            else return;
            keyed = true;
            set(c.out, 'aria-live', 'polite');
            e.preventDefault();
            if (i < 0) return;
            show(c.times[i]);
            var half = box.clientWidth / 2;
            box.scrollLeft = place(c, c.times[i]) / c.w * box.scrollWidth - half;
          });
          box.addEventListener('blur', function () {
            keyed = false;
            set(c.out, 'aria-live', null);
          });
        }

        // A button for each series.
        function series(svg, fig) {
          var list = all('g[data-label]', svg);
          if (list.length < 2) return;
          var bar = make('div', {'class': 'bar', role: 'group', 'aria-label': 'Series shown'});
          list.forEach(function (s) {
            var id = get(s, 'data-label'), head = all('th[data-column]', fig).filter(function (h) {
              return get(h, 'data-column') === id;
            })[0];
            var b = button(head ? head.textContent.split(', ')[0] : id, function () {
              var on = get(b, 'aria-pressed') !== 'true';
              set(b, 'aria-pressed', on);
              all('[data-series],[data-area],[data-label]', svg).forEach(function (e) {
                var d = e.dataset;
                if ((d.series || d.area || d.label) !== id) return;
                set(e, 'display', on ? null : 'none');
              });
            });
            set(b, 'aria-pressed', 'true');
            bar.appendChild(b);
          });
          fig.insertBefore(bar, svg.parentNode);
        }

        // Phases, and back to the whole run.
        var phase = make('select', {'aria-label': 'Show phase'});
        phase.appendChild(make('option', {value: ''}, 'Whole run'));
        all('[data-chart=timeline] rect[data-series=phase]').forEach(function (p) {
          var plot = p.ownerSVGElement.querySelector('[data-plot]'), x = num(p, 'x');
          function at(x) {
            var l = num(plot, 'data-left');
            return (x - l) / (num(plot, 'data-right') - l) * num(plot, 'data-x1');
          }
          phase.appendChild(make('option', {value: at(x) + ' ' + at(x + num(p, 'width'))},
            p.textContent.trim()));
        });
        phase.addEventListener('change', function () {
          var p = phase.value.split(' ');
          zoom(+p[0], +p[1] || 0);
        });
        var whole = button('Whole run', function () { zoom(0, 0); });
        whole.hidden = true;
        var bar = make('div', {'class': 'bar', role: 'group', 'aria-label': 'View'});
        bar.appendChild(theme);
        if (charts.length) { bar.appendChild(phase); bar.appendChild(whole); }
        D.querySelector('header').appendChild(bar);
        window.addEventListener('beforeprint', function () { if (range) zoom(0, 0); hide(); });

        // Tables as CSV.
        function csv(t) {
          return all('tr', t).map(function (r) {
            return all('th,td', r).map(function (c) {
              var s = c.textContent.replace(/(\d),(?=\d{3})/g, '$1');
              return /[",\n]/.test(s) ? '"' + s.replace(/"/g, '""') + '"' : s;
            }).join(',');
          }).join('\n');
        }
        all('figure > details').forEach(function (d) {
          var b = button('Copy as CSV', function () {
            var text = all('table', d).map(csv).join('\n\n') + '\n';
            function done() { b.textContent = 'Copied'; }
            function old() {
              var a = make('textarea', {'aria-label': 'CSV'});
              a.value = text;
              d.appendChild(a);
              a.select();
              if (D.execCommand('copy')) { a.remove(); done(); }
            }
            var board = navigator.clipboard;
            if (board) board.writeText(text).then(done, old); else old();
          });
          d.insertBefore(b, d.querySelector('summary').nextSibling);
        });
        })();
        """#
}
