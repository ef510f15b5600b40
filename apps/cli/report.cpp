#include <filesystem>
#include <span>

#include "analysis/page.hpp"
#include "analysis/publish.hpp"
#include "analysis/results_file.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "apps/cli/apart.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/terminal.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, const std::string& text, const std::string& what) {
  publish(path, std::as_bytes(std::span{text.data(), text.size()}));
  print(what + ": " + path.string() + '\n');
}

/// Every scenario against the first; of a single scenario its values.
std::string comparison_csv(const StudyResults& study) {
  TableQuery query;
  if (study.scenarios.size() > 1) query.versus = study.scenarios.front().id;
  return to_csv(make_table(study, query));
}

void write_csv(const StudyResults& study, const std::string& where) {
  const fs::path path = where;
  if (path.extension() == ".csv") return write(path, comparison_csv(study), "Comparison");
  make_folder(path);
  write(path / "comparison.csv", comparison_csv(study), "Comparison");
  for (const std::string& table : result_tables_of(study)) {
    TableQuery query;
    query.table = table;
    write(path / (table + ".csv"), to_csv(make_table(study, query)), "Table of " + table);
  }
}

/// The folder of results, when the file in it was named.
fs::path folder_of(const std::string& path) {
  const fs::path given = path;
  std::error_code ignored;
  return fs::is_regular_file(given, ignored) ? given.parent_path() : given;
}

ExitCode write_report(const ReportRequest& request, const StudyResults& study) {
  const bool nothing_asked = request.html.empty() && request.csv.empty();
  const fs::path folder = folder_of(request.folder);
  const std::string html = nothing_asked ? (folder / "report.html").string() : request.html;
  const std::string csv = nothing_asked ? (folder / "comparison.csv").string() : request.csv;
  if (!html.empty()) write(html, results_page(study), "Report");
  if (!csv.empty()) write_csv(study, csv);
  tell_next(html.empty() ? "open the tables in a spreadsheet" : "open " + shell_word(html) + " in a browser");
  return ExitCode::good;
}

}  // namespace

ExitCode run_report(const ReportRequest& request) {
  return with_results(request.folder, [&](const StudyResults& study) { return write_report(request, study); });
}

}  // namespace tl
