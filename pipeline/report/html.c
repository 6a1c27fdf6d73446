#include "pipeline/report/html.h"

#include <stdio.h>

void hd_html_text(hd_buf *out, hd_str text)
{
    for (uint32_t i = 0; i < text.len_bytes; i++) {
        switch (text.ptr[i]) {
        case '&':
            hd_buf_add(out, HD_STR("&amp;"));
            break;
        case '<':
            hd_buf_add(out, HD_STR("&lt;"));
            break;
        case '>':
            hd_buf_add(out, HD_STR("&gt;"));
            break;
        case '"':
            hd_buf_add(out, HD_STR("&quot;"));
            break;
        case '\'':
            hd_buf_add(out, HD_STR("&#39;"));
            break;
        default:
            hd_buf_add_char(out, text.ptr[i]);
        }
    }
}

static const char STYLE[] =
    ":root{--ink:#1c2733;--soft:#5b6b7a;--line:#dde3e9;--calm:#3b7dd8;--warn:#d99a2b;--error:#"
    "c94f4f;"
    "--page:#f6f8fa}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--page);color:var(--ink);"
    "font:15px/1.6 system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif}"
    "main{max-width:1080px;margin:0 auto;padding:24px 20px 64px}"
    "h1{font-size:26px;margin:8px 0 2px}h2{font-size:18px;margin:36px 0 10px}"
    "p{margin:6px 0;color:var(--soft)}"
    ".cards{display:flex;flex-wrap:wrap;gap:12px;margin:20px 0}"
    ".card{background:#fff;border:1px solid var(--line);border-radius:8px;padding:12px 18px;"
    "min-width:140px;flex:1}"
    ".card b{display:block;font-size:24px;line-height:1.3;font-variant-numeric:tabular-nums}"
    ".card span{color:var(--soft)}"
    ".scroll{overflow-x:auto;background:#fff;border:1px solid var(--line);border-radius:8px}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{padding:7px 14px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}"
    "th{font-weight:600;color:var(--soft);word-break:keep-all}tr:last-child td{border-bottom:0}"
    "td.s,td.n{white-space:nowrap}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    "td.t{min-width:220px}td p{margin:0}small{color:var(--soft)}"
    "svg{display:block;width:100%;height:auto}svg.small{width:120px;margin-top:6px}"
    ".bars{background:#fff;border:1px solid var(--line);border-radius:8px;padding:10px 16px}"
    ".bars div{display:grid;grid-template-columns:30% 1fr;gap:12px;padding:3px 0}"
    ".bars span{display:flex;align-items:center;gap:10px;font-variant-numeric:tabular-nums}"
    ".bars i{height:16px;min-width:1px;border-radius:3px}"
    ".bars span:first-child{justify-content:flex-end;text-align:right}"
    ".note{background:#fff;border-left:4px solid var(--warn);padding:6px 12px;color:var(--ink)}"
    ".legend i{display:inline-block;width:11px;height:11px;"
    "border-radius:2px;margin:0 6px 0 14px}"
    ".charts{columns:2 340px;column-gap:16px;margin:12px 0}"
    ".charts>*{break-inside:avoid;margin:0 0 16px}"
    ".beside{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(340px,100%),1fr));"
    "gap:16px;margin:12px 0;align-items:start}.beside>*{margin:0}"
    "figure{background:#fff;border:1px solid var(--line);border-radius:8px;padding:12px}"
    "figcaption{font-weight:600;margin-bottom:8px}svg.chart{max-width:640px}"
    "@media(max-width:480px){main{padding:16px 12px 40px}figure{padding:8px}th,td{padding:6px "
    "9px}td.t{min-width:170px}"
    ".bars div{grid-template-columns:1fr;gap:0}.bars span:first-child{justify-content:flex-start;"
    "text-align:left}}"
    "@media print{body{background:#fff;font-size:12px;print-color-adjust:exact;"
    "-webkit-print-color-adjust:exact}th,td{padding:4px "
    "8px}.card,.scroll,.bars,figure{border-color:#bbb}"
    ".scroll{overflow:visible}figure,tr{break-inside:avoid}h2{break-after:avoid}}";

void hd_html_site(char *out, size_t size, hd_str place, hd_str site)
{
    snprintf(out, size, "%.*s%s%.*s%s", HD_ARG(place), place.len_bytes ? " " : "", HD_ARG(site),
             hd_str_empty(site) ? "" : " · ");
}

void hd_html_open(hd_buf *out, hd_str title, const char *language)
{
    hd_buf_addf(out,
                "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'\">\n<title>",
                language);
    hd_html_text(out, title);
    hd_buf_addf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>", STYLE);
    hd_html_text(out, title);
    hd_buf_add(out, HD_STR("</h1>\n"));
}

void hd_html_close(hd_buf *out)
{
    hd_buf_add(out, HD_STR("</main>\n</body>\n</html>\n"));
}

void hd_html_heading(hd_buf *out, hd_str text)
{
    hd_buf_add(out, HD_STR("<h2>"));
    hd_html_text(out, text);
    hd_buf_add(out, HD_STR("</h2>\n"));
}

void hd_html_table_open(hd_buf *out, const hd_str *heads, uint32_t n, uint32_t numbers)
{
    hd_buf_add(out, HD_STR("<div class=\"scroll\"><table>\n<thead><tr>"));
    for (uint32_t i = 0; i < n; i++) {
        hd_buf_addf(out, "<th scope=\"col\"%s>", numbers >> i & 1 ? " class=\"n\"" : "");
        hd_html_text(out, heads[i]);
        hd_buf_add(out, HD_STR("</th>"));
    }
    hd_buf_add(out, HD_STR("</tr></thead>\n<tbody>\n"));
}

void hd_html_row_open(hd_buf *out)
{
    hd_buf_add(out, HD_STR("<tr>"));
}

void hd_html_cell(hd_buf *out, hd_str text)
{
    enum { SHORT_BYTES = 32 }; /* a word or two stays on one line */
    hd_buf_addf(out, "<td class=\"%c\">", text.len_bytes <= SHORT_BYTES ? 's' : 't');
    hd_html_text(out, text);
    hd_buf_add(out, HD_STR("</td>"));
}

void hd_html_digits(hd_buf *out, uint64_t number)
{
    hd_buf_add_grouped(out, number, "\u202F");
}

void hd_html_number(hd_buf *out, uint64_t number)
{
    hd_buf_add(out, HD_STR("<td class=\"n\">"));
    hd_html_digits(out, number);
    hd_buf_add(out, HD_STR("</td>"));
}

void hd_html_row_close(hd_buf *out)
{
    hd_buf_add(out, HD_STR("</tr>\n"));
}

void hd_html_table_close(hd_buf *out)
{
    hd_buf_add(out, HD_STR("</tbody></table></div>\n"));
}

void hd_html_help_cell(hd_buf *out, hd_str name, hd_str code, hd_str help)
{
    hd_buf_add(out, HD_STR("<td class=\"t\">"));
    hd_html_text(out, name);
    hd_buf_add(out, HD_STR(" <small>"));
    hd_html_text(out, code);
    hd_buf_add(out, HD_STR("</small><p>"));
    hd_html_text(out, help);
    hd_buf_add(out, HD_STR("</p></td>"));
}

void hd_html_card(hd_buf *out, hd_str label, uint64_t number)
{
    hd_buf_add(out, HD_STR("<div class=\"card\"><b>"));
    hd_html_digits(out, number);
    hd_buf_add(out, HD_STR("</b><span>"));
    hd_html_text(out, label);
    hd_buf_add(out, HD_STR("</span></div>\n"));
}

void hd_html_bars(hd_buf *out, hd_str title, const hd_bar *bars, uint32_t n)
{
    static const char *const tones[] = {"#3b7dd8", "#d99a2b", "#c94f4f"};
    uint64_t most = 0;
    for (uint32_t i = 0; i < n; i++)
        most = bars[i].value > most ? bars[i].value : most;
    if (!most)
        return;
    hd_buf_add(out, HD_STR("<div class=\"bars\" role=\"group\" aria-label=\""));
    hd_html_text(out, title);
    hd_buf_add(out, HD_STR("\">\n"));
    for (uint32_t i = 0; i < n; i++) {
        if (!bars[i].value)
            continue;
        hd_buf_add(out, HD_STR("<div><span>"));
        hd_html_text(out, bars[i].label);
        hd_buf_addf(out,
                    "</span><span><i style=\"width:calc((100%% - 80px)*%.4f);background:%s\"></i>",
                    (double)bars[i].value / (double)most, tones[bars[i].tone]);
        hd_html_digits(out, bars[i].value);
        hd_buf_add(out, HD_STR("</span></div>\n"));
    }
    hd_buf_add(out, HD_STR("</div>\n"));
}

/* ---- in a cell ---- */

void hd_html_parts(hd_buf *out, const hd_part *parts, uint32_t n)
{
    enum { WIDTH = 160, HEIGHT = 14 };
    uint64_t total = 0, before = 0;
    for (uint32_t i = 0; i < n; i++)
        total += parts[i].value;
    hd_buf_addf(out, "<svg class=\"small\" viewBox=\"0 0 %d %d\" role=\"img\"><title>", WIDTH,
                HEIGHT);
    for (uint32_t i = 0, said = 0; i < n; i++) {
        if (!parts[i].value)
            continue;
        hd_buf_add(out, said++ ? HD_STR(", ") : HD_STR(""));
        hd_html_text(out, parts[i].label);
        hd_buf_add_char(out, ' ');
        hd_html_digits(out, parts[i].value);
    }
    hd_buf_add(out, HD_STR("</title>"));
    for (uint32_t i = 0; i < n; before += parts[i++].value) {
        double width = total ? (double)parts[i].value / (double)total * WIDTH : 0;
        if (parts[i].value)
            hd_buf_addf(out, "<rect x=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>",
                        (double)before / (double)total * WIDTH, width < 1 ? 1.0 : width, HEIGHT,
                        parts[i].colour);
    }
    hd_buf_add(out, HD_STR("</svg>"));
}

void hd_html_columns(hd_buf *out, hd_str title, const uint64_t *values, uint32_t n)
{
    enum { WIDTH = 120, HEIGHT = 32 };
    uint64_t most = 1;
    for (uint32_t i = 0; i < n; i++)
        most = values[i] > most ? values[i] : most;
    hd_buf_addf(out, "<svg class=\"small\" viewBox=\"0 0 %d %d\" role=\"img\"><title>", WIDTH,
                HEIGHT);
    hd_html_text(out, title);
    hd_buf_add(out, HD_STR("</title>"));
    for (uint32_t i = 0; i < n; i++) {
        double height = (double)values[i] / (double)most * HEIGHT;
        height = height < 1 ? 1 : height;
        if (values[i])
            hd_buf_addf(out,
                        "<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" "
                        "fill=\"#3b7dd8\"/>",
                        (double)i * WIDTH / n, HEIGHT - height, (double)WIDTH / n * 0.9, height);
    }
    hd_buf_add(out, HD_STR("</svg>"));
}

void hd_html_legend(hd_buf *out, const hd_part *parts, uint32_t n)
{
    hd_buf_add(out, HD_STR("<p class=\"legend\">"));
    for (uint32_t i = 0; i < n; i++) {
        hd_buf_addf(out, "<i style=\"background:%s\"></i>", parts[i].colour);
        hd_html_text(out, parts[i].label);
    }
    hd_buf_add(out, HD_STR("</p>\n"));
}
