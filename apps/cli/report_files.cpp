#include "apps/cli/report_files.hpp"

#include <span>

#include "analysis/brief.hpp"
#include "analysis/csv_folder.hpp"
#include "analysis/publish.hpp"
#include "analysis/stress.hpp"
#include "analysis/workbook.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/report_events.hpp"
#include "apps/cli/terminal.hpp"

namespace tl {
namespace {

namespace fs = std::filesystem;

/// A file NAME.csv is the comparison alone.
void write_csv(const StudyResults& study, const fs::path& path) {
  if (path.extension() == ".csv") return publish_file(path, comparison_csv(study), "Comparison");
  make_folder(path);
  for (const TextFile& file : csv_files(study)) publish_file(path / file.name, file.text, "Table");
}

}  // namespace

void publish_file(const fs::path& path, const std::string& bytes, const std::string& what) {
  publish(path, std::as_bytes(std::span{bytes.data(), bytes.size()}));
  print(what + ": " + path.string() + '\n');
}

bool asks_for_files(const ReportRequest& request) {
  return !request.csv.empty() || !request.workbook.empty() || !request.brief.empty() || !request.stress.empty() ||
         !request.events.empty();
}

std::string write_files(const ReportRequest& request, const StudyResults& study) {
  std::string next;
  if (!request.brief.empty()) {
    const Brief brief = make_brief(study);
    if (!brief.warning.empty()) tell_warning(brief.warning);
    publish_file(request.brief, brief.bytes, "Brief");
    next = "print " + shell_word(request.brief) + ", or send it";
  }
  if (!request.workbook.empty()) {
    publish_file(request.workbook, make_workbook(study).bytes, "Workbook");
    next = "open " + shell_word(request.workbook) + " in Excel or LibreOffice";
  }
  if (!request.stress.empty()) {
    publish_file(request.stress, stress_appendix(study), "STRESS-DES appendix");
    next = "fill in what " + shell_word(request.stress) + " leaves to people";
  }
  if (!request.events.empty()) {
    const fs::path folder =
        fs::is_directory(request.folder) ? fs::path{request.folder} : fs::path{request.folder}.parent_path();
    publish_file(request.events, event_log(study, folder.string(), request.clients, request.events), "Event log");
    next = "open " + shell_word(request.events) + " in a program for process mining";
  }
  if (!request.csv.empty()) {
    write_csv(study, request.csv);
    next = "open the tables in a spreadsheet";
  }
  return next;
}

}  // namespace tl
