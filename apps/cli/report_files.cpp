#include "apps/cli/report_files.hpp"

#include <span>

#include "analysis/publish.hpp"
#include "analysis/table_text.hpp"
#include "analysis/tables.hpp"
#include "apps/cli/terminal.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

/// Every scenario against the first; of a single scenario its values.
std::string comparison_csv(const StudyResults& study) {
  TableQuery query;
  if (study.scenarios.size() > 1) query.versus = study.scenarios.front().id;
  return to_csv(make_table(study, query));
}

void write_csv(const StudyResults& study, const fs::path& path) {
  if (path.extension() == ".csv") return publish_file(path, comparison_csv(study), "Comparison");
  make_folder(path);
  publish_file(path / "comparison.csv", comparison_csv(study), "Comparison");
  for (const std::string& table : result_tables_of(study)) {
    TableQuery query;
    query.table = table;
    publish_file(path / (table + ".csv"), to_csv(make_table(study, query)), "Table of " + table);
  }
}

}  // namespace

void publish_file(const fs::path& path, const std::string& bytes, const std::string& what) {
  publish(path, std::as_bytes(std::span{bytes.data(), bytes.size()}));
  print(what + ": " + path.string() + '\n');
}

bool asks_for_files(const ReportRequest& request) {
  return !request.csv.empty();
}

std::string write_files(const ReportRequest& request, const StudyResults& study) {
  std::string next;
  if (!request.csv.empty()) {
    write_csv(study, request.csv);
    next = "open the tables in a spreadsheet";
  }
  return next;
}

}  // namespace tl
