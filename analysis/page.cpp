#include "analysis/page.hpp"

#include <cctype>

#include "analysis/html.hpp"
#include "analysis/page_parts.hpp"
#include "analysis/tables.hpp"

namespace tl {
namespace {

/// Calm on screen, plain on paper; no font, image or script comes from elsewhere.
constexpr const char* kStyle = R"(
:root { color-scheme: light; --ink: #1b1f24; --soft: #4d555e; --line: #d9dee3; --deep: #00558a; --wash: #f5f8fa; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, Inter,
  "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.75rem; }
header { padding-top: 2.5rem; }
.eyebrow { margin: 0; color: var(--soft); font-size: .85rem; letter-spacing: .02em; }
h1 { margin: .2rem 0 .4rem; font-size: 2rem; line-height: 1.2; font-weight: 650; }
h2 { margin: 2.6rem 0 .7rem; padding-top: 1.1rem; border-top: 1px solid var(--line); font-size: 1.3rem; font-weight: 620; }
h3 { margin: 1.4rem 0 .4rem; font-size: 1.05rem; }
.about { max-width: 46rem; color: var(--soft); }
.finding { margin: 1.6rem 0 0; padding: .9rem 1.4rem; background: var(--wash); border-left: 5px solid var(--deep); }
.finding p { max-width: 54rem; margin: .6rem 0; font-size: 1.22rem; line-height: 1.45; }
.finding p.unclear { color: var(--soft); }
.caution, .finding p.caution { color: #8a3b00; font-size: 1rem; }
dt { margin-top: .8rem; font-weight: 600; }
dd { margin: 0 0 0 1.2rem; }
dd p, dd ul { margin: .2rem 0; }
.scroll { overflow-x: auto; }
table { width: 100%; margin: .6rem 0 1rem; border-collapse: collapse; font-size: .9rem; }
caption { padding: .2rem 0 .5rem; color: var(--soft); text-align: left; }
th, td { padding: .38rem .55rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--soft); border-bottom: 1.5px solid #9aa4ad; font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 500; }
tbody th::first-letter, figcaption::first-letter { text-transform: uppercase; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
td.n { white-space: nowrap; }
td.clear { color: var(--deep); font-weight: 600; }
.whisker { display: block; }
.weak { padding: 0 .35em; border: 1px solid #b55200; border-radius: 3px; color: #8a3b00; font-size: .8em; font-weight: 600; }
.note, figcaption { color: var(--soft); font-size: .88rem; }
figure { margin: .6rem 0; }
svg.map, svg.fans { display: block; width: 100%; height: auto; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: .7rem 0 .3rem; padding: 0; list-style: none; font-size: .88rem; }
.swatch { display: inline-block; width: .85em; height: .85em; margin-right: .45em; border-radius: 2px; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2.5rem; border-top: 1px solid var(--line); color: var(--soft);
  font-size: .82rem; }
.digest { display: inline-block; margin-right: 1.2em; font-family: ui-monospace, Consolas, monospace; }
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 10.5pt; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  h2 { margin-top: 1.4rem; break-after: avoid; }
  figure, .finding, tr, dt { break-inside: avoid; }
  caption, dt { break-after: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  .finding, .swatch { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
)";

std::string head(const std::string& title) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
         escaped(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n";
}

std::string scale_caution(const StudyResults& study) {
  std::string note = scale_note(study);
  if (note.empty()) return "";
  note.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(note.front())));
  return "<p class=\"caution\">" + escaped(note) + ".</p>\n";
}

}  // namespace

namespace {

std::string page_of(const StudyResults& study, const PageOptions& options) {
  if (study.scenarios.empty()) throw QueryError{"the results hold no scenario"};
  const Catalogue& words = study.scenarios.front().words;
  const std::string title = words.model_name.empty() ? study.study_name : words.model_name;
  const std::string about = study.about.empty() ? words.about : study.about;
  return head(title) +
         "<body>\n<header><p class=\"eyebrow\">Care-continuum capacity study: " + escaped(study.study_name) +
         "</p>\n<h1>" + escaped(title) + "</h1>\n" +
         (about.empty() ? "" : "<p class=\"about\">" + escaped(about) + "</p>\n") + "</header>\n<main>\n" +
         page::finding_part(study, options.confidence) + scale_caution(study) + page::differences_part(study) +
         page::changes_part(study, options.confidence) + page::course_part(study) + page::policies_part(study) +
         page::map_part(study) + page::settings_part(study, options.confidence) + page::assumptions_part(study) +
         page::reading_part(study, options.confidence) + "</main>\n" + page::footer_part(study) + "</body>\n</html>\n";
}

}  // namespace

std::string results_page(const StudyResults& study, const PageOptions& options) {
  return made_together(replications_of(study), [&] { return page_of(study, options); });
}

}  // namespace tl
