#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "apps/cli/exit_code.hpp"
#include "scenarios/runner.hpp"

// One function a subcommand; what it takes is what the command line said, checked.
namespace tl {

enum class Format { table, csv, json };

struct NewRequest {
  std::string folder;  ///< to be made
  std::string study;   ///< the model to be studied; empty = a model is made
};
ExitCode run_new(const NewRequest& request);

struct CheckRequest {
  std::string path;
  bool strict = false;
  bool warmup = false;  ///< find out by pilot runs how long the model takes to settle
  std::string svg;      ///< a picture of that; empty = none
  Format format = Format::table;
};
ExitCode run_check(const CheckRequest& request);

struct ListRequest {
  std::string path;
  std::string table;  ///< settings, parameters, metrics, scenarios; empty = all
  Format format = Format::table;
};
ExitCode run_list(const ListRequest& request);
/// The tables `list` has.
std::vector<std::string> list_table_names();

struct DiffRequest {
  std::string first, second, third;  ///< two models or studies; or a study and two of its scenarios
};
ExitCode run_diff(const DiffRequest& request);

struct ShowRequest {
  std::string path, svg;
};
ExitCode run_show(const ShowRequest& request);

struct RunRequest {
  std::string path, folder;
  std::optional<std::uint32_t> replications;
  std::optional<std::string> precision;
  std::optional<std::uint64_t> seed;
  unsigned threads = 0;  ///< 0 = as many as the machine has
  std::vector<std::string> scenarios, set;
  std::optional<Part> part;  ///< of a study that several processes share without knowing of each other
  bool dry_run = false;
  std::string again;  ///< the command as typed, to be given again
};
ExitCode run_run(const RunRequest& request);

struct MergeRequest {
  std::vector<std::string> folders;
  std::string output, study;  ///< study: empty where the folders say where it is
  std::string again;          ///< the command as typed
};
ExitCode run_merge(const MergeRequest& request);

struct TraceRequest {
  std::string path, scenario;  ///< empty scenario: the first
  std::optional<std::uint32_t> client;
  std::uint32_t replication = 0;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> through, set;
  bool csv = false;
};
ExitCode run_trace(const TraceRequest& request);

struct ResultsRequest {
  std::string folder, table = "outcomes", versus, by_period;
  std::vector<std::string> metrics, settings, departments, roles, payers, scenarios;
  std::vector<std::string> by;  ///< traits
  std::string reference;
  bool internal = false;
  Format format = Format::table;
};
ExitCode run_results(const ResultsRequest& request);

struct ReportRequest {
  std::string folder, html, csv;
  std::string workbook, brief, stress, events;  ///< empty = not asked for, as those above
  std::uint32_t clients = 100;                  ///< whose events are told, of each scenario
};
ExitCode run_report(const ReportRequest& request);

}  // namespace tl
