#include <filesystem>

#include "analysis/at_hand.hpp"
#include "analysis/page.hpp"
#include "analysis/results_file.hpp"
#include "analysis/tables.hpp"
#include "apps/cli/apart.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/report_files.hpp"
#include "apps/cli/terminal.hpp"
#include "apps/cli/web_page.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

/// The folder of results, when the file in it was named.
fs::path folder_of(const std::string& path) {
  const fs::path given = path;
  std::error_code ignored;
  return fs::is_regular_file(given, ignored) ? given.parent_path() : given;
}

void write_page(const StudyResults& study, const std::string& path) {
  const PageAssets assets = web_page();
  if (assets.script.empty())
    throw QueryError{
        "this program was built without the report page (TL_WEB=OFF). Build it with npm to have the page, or write the "
        "tables: --csv FOLDER"};
  publish_file(path, results_page(study, assets), "Report");
}

ExitCode write_report(const ReportRequest& request, const StudyResults& study) {
  const bool nothing_asked = request.html.empty() && !asks_for_files(request);
  const fs::path folder = folder_of(request.folder);
  const std::string html = nothing_asked ? (folder / "report.html").string() : request.html;
  if (!html.empty()) write_page(study, html);
  ReportRequest files = request;
  if (nothing_asked) files.csv = (folder / "comparison.csv").string();
  const std::string next = write_files(files, study);
  tell_next(html.empty() ? next : "open " + shell_word(html) + " in a browser");
  return ExitCode::good;
}

}  // namespace

ExitCode run_report(const ReportRequest& request) {
  return with_results(request.folder, [&](const StudyResults& study) { return write_report(request, at_hand(study)); });
}

}  // namespace tl
